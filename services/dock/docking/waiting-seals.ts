import { deviceOf, rosterUser } from '../ingest/register.ts'
import { unreadableVolume } from '../sources/unreadable-volume.ts'
import { stayOf } from '../spool/dockings.ts'
import type { HandInRecord } from '../spool/records.ts'
import type { StationDeps } from './deps.ts'
import { waitsForSeal } from './policy-of.ts'
import { openSession, type Session } from './session.ts'
import { isTakenIn } from './take-in.ts'

/**
 * Cards that an earlier run asked a seal for and got none: each as a docking that has left its slot, so that its keeper can
 * still be said there.
 */
export async function waitingSeals(deps: StationDeps): Promise<Session[]> {
  const newest = new Map(
    deps.book.open().flatMap((handIn) => (handIn.state === 'refused' ? [] : [[handIn.serial, handIn] as const])),
  )
  const waiting: Session[] = []
  for (const handIn of newest.values()) {
    const session = await leftSession(deps, handIn)
    if (waitsForSeal(deps.register.current(), session)) waiting.push(session)
  }
  return waiting
}

async function leftSession(deps: StationDeps, handIn: HandInRecord): Promise<Session> {
  const { serial } = handIn
  const register = deps.register.current()
  const stay = await stayOf(deps.database, serial)
  const slot = stay?.slot ?? 1
  const files = handIn.files.map((line) => {
    return { seen: line, number: line.number, ...deps.book.homeOf(handIn, line) }
  })
  const leftMs = stay?.leftMs ?? deps.now()
  const volume = unreadableVolume({ slot, damage: 'it was taken out' })
  return {
    ...openSession({ ...volume, facts: { ...volume.facts, serial } }, slot, handIn.openedMs),
    ...{ stage: 'left', stageMs: leftMs, serial, device: deviceOf(register, serial) },
    person: register && rosterUser(register, serial, deps.now()),
    ...{ handIn, files, hasBegun: true, isPickedUp: handIn.pickedUpMs !== null },
    gaps: await deps.answers.gapsOf(handIn.id),
    statements: await deps.answers.statementsOf(handIn.id),
    keptCard: await deps.answers.keptCardOf(handIn.id),
    settledMs: files.every(({ file }) => isTakenIn(file)) ? leftMs : null,
    leftMs,
  }
}
