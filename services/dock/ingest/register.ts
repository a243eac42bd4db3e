import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { Fault } from '../../foundation/errors.ts'
import { clearingPolicies } from '../screen/schemas.ts'
import type { SpoolDatabase } from '../spool/database.ts'
import type { Ingest } from './client.ts'

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Ms = Type.Integer({ minimum: 0 })

/** What a station is told of the bureau: GET /docks/me/register. Members that it does not know are let be. */
export const Register = Type.Object({
  at: Type.String(),
  station: Type.Object({ id: Type.String(), name: Type.String(), releasedAt: orNull(Type.String()) }),
  settings: Type.Object({
    clearing: Type.Record(Type.String(), Type.Enum([...clearingPolicies])),
    lateMs: Ms,
    lateMsWhenFull: Ms,
    fullPercent: Type.Number({ minimum: 0, maximum: 100 }),
    handInTerm: Type.Object({
      hours: orNull(Type.Number({ minimum: 0 })),
      days: Type.Array(Type.Object({ day: Type.String(), endsAt: Type.String() })),
    }),
    clockErrorMaxMs: Ms,
    checkBatteryPercent: Type.Number(),
    checkFreePercent: Type.Number(),
    names: Type.Enum(['name', 'number', 'both']),
    contact: orNull(Type.Object({ name: Type.String(), phone: Type.String() })),
  }),
  devices: Type.Array(
    Type.Object({
      serial: Type.String(),
      kind: Type.String(),
      model: orNull(Type.String()),
      state: Type.String(),
      keeper: orNull(Type.String()),
      lastHandIn: orNull(Type.Object({ at: Type.String(), runningNumber: orNull(Type.Integer()) })),
    }),
  ),
  people: Type.Array(
    Type.Object({ id: Type.String(), name: Type.String(), number: orNull(Type.String()), role: Type.String() }),
  ),
  roster: Type.Array(
    Type.Object({ personId: Type.String(), serial: orNull(Type.String()), from: Type.String(), to: Type.String() }),
  ),
})
export type Register = Static<typeof Register>
export type RegisterDevice = Register['devices'][number]
export type RegisterPerson = Register['people'][number]

/** The register as the bureau last gave it, kept on the spool so that it is there without the server. */
export interface RegisterCache {
  /** Null until the bureau gave one for the first time. */
  current(): Register | null
  /** Asks for a newer one. @throws Away, Refused; malformed for one that cannot be used: the last one stays */
  refresh(): Promise<void>
  onChange(listener: () => void): void
}

interface Kept {
  readonly etag: string | null
  readonly register: Register
}

export async function openRegister(database: SpoolDatabase, ingest: Ingest): Promise<RegisterCache> {
  const [row] = await database.read<{ text: string }>("select text from fact where name = 'register'")
  let kept = row ? (JSON.parse(row.text) as Kept) : null
  const listeners: (() => void)[] = []
  return {
    current: () => kept?.register ?? null,
    async refresh() {
      const headers: Record<string, string> = kept?.etag ? { 'if-none-match': kept.etag } : {}
      const answer = await ingest.ask({ method: 'GET', path: '/docks/me/register', headers })
      if (answer.status === 304) return
      const next: Kept = { etag: answer.headers.etag ?? null, register: readRegister(answer.text) }
      await database.write([
        {
          sql: "insert into fact (name, text) values ('register', ?) on conflict (name) do update set text = excluded.text",
          values: [JSON.stringify(next)],
        },
      ])
      kept = next
      for (const listener of listeners) listener()
    },
    onChange: (listener) => {
      listeners.push(listener)
    },
  }
}

function readRegister(text: string): Register {
  const value: unknown = JSON.parse(text)
  if (Value.Check(Register, value)) return value
  const [problem] = Value.Errors(Register, value)
  throw new Fault('malformed', `the register: ${problem?.instancePath ?? ''} ${problem?.message ?? 'is not as agreed'}`)
}

/** Who uses a device now, as the roster says; null when it names nobody, or more than one. */
export function rosterUser(register: Register, serial: string, atMs: number): RegisterPerson | null {
  const ids = new Set(
    register.roster
      .filter((line) => line.serial === serial && Date.parse(line.from) <= atMs && atMs <= Date.parse(line.to))
      .map(({ personId }) => personId),
  )
  const [id] = ids
  return ids.size === 1 ? (register.people.find((person) => person.id === id) ?? null) : null
}

export function deviceOf(register: Register | null, serial: string): RegisterDevice | null {
  return register?.devices.find((device) => device.serial === serial) ?? null
}

export function personOf(register: Register | null, id: string | null): RegisterPerson | null {
  return id === null ? null : (register?.people.find((person) => person.id === id) ?? null)
}
