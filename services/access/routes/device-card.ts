import { Type } from 'typebox'
import { deviceCard, deviceChecks, deviceClock, deviceHistory } from '../../custody/devices/device-card.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { deviceKinds, deviceStates, guardedDeviceActs } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import type { AccessDeps } from '../deps.ts'
import { Id, Null, Serial, Time } from '../schemas.ts'

const params = Type.Object({ serial: Serial })
const Card = Type.Object({
  serial: Type.String(),
  kind: Type.Enum([...deviceKinds]),
  model: Null(Type.String()),
  holderId: Null(Id),
  state: Type.Enum([...deviceStates]),
  registeredAt: Time,
  lastHandInAt: Null(Time),
  missing: Type.Object(
    { files: Type.Integer(), gaps: Type.Integer() },
    { description: 'listed files without a receipt that holds now, and gaps that nobody has closed' },
  ),
  waits: Null(Type.Object({ id: Id, act: Type.Enum([...guardedDeviceActs]), askedAt: Time })),
})
const History = Type.Array(
  Type.Object({
    at: Time,
    kind: Type.String(),
    words: Type.Object({ zh: Type.String(), en: Type.String() }),
    actor: Type.String(),
    actorRole: Type.String(),
    note: Null(Type.String()),
  }),
)
const Points = Type.Array(
  Type.Object({ at: Time, offsetMs: Type.Integer({ description: 'positive is fast' }), setTo: Null(Time) }),
)
const Checks = Type.Array(
  Type.Object({
    saidAt: Time,
    batteryPercent: Null(Type.Integer()),
    freePercent: Null(Type.Integer()),
    clockOffsetMs: Null(Type.Integer()),
    lastReceiptAt: Null(Time),
  }),
)

/** One device: how it stands, its register, its clock, and its checks before a shift. */
export function deviceCardRoutes(server: Server, { db }: AccessDeps): void {
  const config = { access: rolesThatMay('device.list'), event: null } as const
  server.get(
    '/devices/:serial',
    { config, schema: { summary: 'One device and how it stands', params, response: { 200: Card } } },
    async (request) => {
      const { registeredAt, lastHandInAt, waits, ...card } = await deviceCard(db, request.params.serial)
      return {
        ...card,
        registeredAt: registeredAt.toISOString(),
        lastHandInAt: lastHandInAt?.toISOString() ?? null,
        waits: waits && { ...waits, askedAt: waits.askedAt.toISOString() },
      }
    },
  )
  server.get(
    '/devices/:serial/history',
    {
      config,
      schema: {
        summary: 'The acts of its register, the newest first',
        params,
        response: { 200: Type.Object({ history: History }) },
      },
    },
    async (request) => ({ history: await deviceHistory(db, request.params.serial) }),
  )
  server.get(
    '/devices/:serial/clock',
    {
      config,
      schema: {
        summary: 'How far its clock was off at each hand-in, and when a dock set it',
        params,
        response: { 200: Type.Object({ clock: Points }) },
      },
    },
    async (request) => ({ clock: await deviceClock(db, request.params.serial) }),
  )
  server.get(
    '/devices/:serial/checks',
    {
      config,
      schema: {
        summary: 'What docks found before each shift',
        params,
        response: { 200: Type.Object({ checks: Checks }) },
      },
    },
    async (request) => ({ checks: await deviceChecks(db, request.params.serial) }),
  )
}
