import type { EventBody } from '../../../ledger/format/entry.ts'
import { eventOf, type KnownEvent } from '../../events/read.ts'
import { type Opening, openingsOf } from './openings.ts'
import type { PlacedBody } from './placed.ts'

/** What the events of its register say of an account. */
export interface RegisteredPerson {
  readonly created: KnownEvent<'person.created'>
  /** Its creation and every later reset of its password, ascending. */
  readonly openings: readonly Opening[]
}

export interface RegisteredDock {
  readonly name: string
  readonly registered: readonly (KnownEvent<'dock.registered'> & { readonly index: number })[]
  readonly released: readonly (KnownEvent<'dock.released'> & { readonly index: number })[]
  readonly revokedIndexes: readonly number[]
}

export interface RegisteredDevice {
  readonly registered: KnownEvent<'device.registered'>
  /** 保管人: who kept the device at the leaf `index`; null is the unit. */
  keeperAt(index: number): string | null
}

/** Who and what the events name, by the events of the registers alone: rows are changed by whoever holds the database. */
export interface Register {
  readonly people: ReadonlyMap<string, RegisteredPerson>
  readonly docks: ReadonlyMap<string, RegisteredDock>
  readonly devices: ReadonlyMap<string, RegisteredDevice>
}

/** @param events ascending by index; of several that register the same person or device the last one counts */
export function registerOf(events: readonly PlacedBody[]): Register {
  const idOf = (body: EventBody, type: string) => body.subjects.find((one) => one.type === type)?.id ?? ''
  const openings = openingsOf(events)
  const people = new Map<string, RegisteredPerson>()
  const docks = new Map<string, RegisteredDock>()
  const devices = new Map<string, RegisteredDevice>()
  for (const { index, body } of events) {
    const created = eventOf(body, 'person.created')
    if (created) {
      const id = idOf(body, 'person')
      people.set(id, { created, openings: openings.get(id) ?? [] })
    }
    const dock = eventOf(body, 'dock.registered', 'dock.released', 'dock.revoked')
    if (dock) enterDock(docks, idOf(body, 'dock'), { ...dock, index })
    const device = eventOf(body, 'device.registered')
    if (device) {
      const serial = idOf(body, 'device')
      devices.set(serial, { registered: device, keeperAt: (before) => keeperOf(events, serial, before) })
    }
  }
  return { people, docks, devices }
}

type DockEvent = KnownEvent<'dock.registered' | 'dock.released' | 'dock.revoked'> & { readonly index: number }

function enterDock(docks: Map<string, RegisteredDock>, id: string, event: DockEvent): void {
  const known = docks.get(id) ?? { name: '', registered: [], released: [], revokedIndexes: [] }
  if (event.kind === 'dock.registered') {
    docks.set(id, { ...known, name: event.details.name, registered: [...known.registered, event] })
  } else if (event.kind === 'dock.released') {
    docks.set(id, { ...known, released: [...known.released, event] })
  } else {
    docks.set(id, { ...known, revokedIndexes: [...known.revokedIndexes, event.index] })
  }
}

function keeperOf(events: readonly PlacedBody[], serial: string, before: number): string | null {
  let keeper: string | null = null
  for (const { index, body } of events) {
    if (index >= before) break
    const event = eventOf(body, 'device.registered', 'device.changed', 'device.keeper_changed')
    if (!event?.subjects.some(({ type, id }) => type === 'device' && id === serial)) continue
    if (event.kind === 'device.registered') keeper = event.details.holderId
    else if (event.kind === 'device.changed') keeper = event.details.to.holderId
    else keeper = event.details.toPersonId
  }
  return keeper
}
