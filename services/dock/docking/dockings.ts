import { isLasting } from '../receipts/check.ts'
import type { RecentHandIn } from '../screen/schemas-recent.ts'
import { type SourceListener, type Volume, VolumeGone } from '../sources/source.ts'
import { saveStay } from '../spool/dockings.ts'
import { keepHandedOver, newestHandedOver } from '../spool/handed-over.ts'
import { startAsking } from './asking.ts'
import type { StationDeps } from './deps.ts'
import { runDocking, StationStops } from './docking.ts'
import { askTakerMs, keepLifted, leftEarlier, tellLifted } from './lifted.ts'
import { waitsForSeal } from './policy-of.ts'
import { enter, isOnWall, isPluggedIn, openSession, type Session } from './session.ts'
import { needsDevice } from './take-in.ts'
import { openUnlockBook } from './unlocks.ts'
import { waitingSeals } from './waiting-seals.ts'

/** For so long a card shows what left; a device that is back by then was not taken. */
export const afterglowMs = 30_000

/** So many of those that left stand in the line of recent ones. */
const recentMax = 20

/** Every volume that is there, in its slot, and for a while those that left. */
export interface Dockings extends SourceListener {
  inSlot(slot: number): Session | null
  all(): readonly Session[]
  isDocked(serial: string): boolean
  /** The last that left, the newest first; the spool has them all. */
  recent(): readonly RecentHandIn[]
  /** At the start: goes on with what an earlier run still had to say or to ask of devices that had left. */
  restore(): Promise<void>
  /** Ends every docking where it stands. */
  stop(): Promise<void>
}

export function openDockings(deps: StationDeps, slots: number): Dockings {
  const sessions = new Map<string, Session>()
  const running = new Set<Promise<void>>()
  const timers = new Set<NodeJS.Timeout>()
  const recent: RecentHandIn[] = []
  let isStopping = false
  const isThere = ({ stage }: Session) => stage !== 'left' && stage !== 'ignored'
  // Two cards of a camera, or two days in the store of a station, may well be of one device.
  const areDevices = (...pair: readonly Session[]) => pair.every(({ volume }) => isPluggedIn(volume))
  const isTwin = (one: Session, other: Session) =>
    other !== one &&
    isThere(other) &&
    other.stage !== 'released' &&
    other.serial === one.serial &&
    areDevices(one, other)
  const twinsOf = (one: Session) => [...sessions.values()].filter((other) => isTwin(one, other))
  const isDocked = (serial: string) => [...sessions.values()].some((one) => isThere(one) && one.serial === serial)

  const begin = (session: Session) => {
    const run = runDocking(deps, session, twinsOf).then(async () => {
      if (session.stage === 'left') await leave(session)
    })
    finish(session, run)
  }

  /** The agent does not end before this has. */
  const finish = (session: Session, run: Promise<void>) => {
    const guarded = run
      .catch((error: unknown) => deps.log.error({ err: error, serial: session.serial }, 'a docking could not be ended'))
      .finally(() => running.delete(guarded))
    running.add(guarded)
  }

  const leave = async (session: Session) => {
    session.leftMs ??= deps.now()
    deps.places.forget(session.serial ?? '')
    const { serial, isKept, leftMs, slot, person, files } = session
    const left = {
      at: deps.now(),
      person: person?.name ?? null,
      serial,
      files: files.length,
      result: resultOf(session),
    }
    recent.unshift(left)
    recent.splice(recentMax)
    if (serial) {
      await saveStay(deps.database, serial, { isKept, leftMs, slot })
      await keepLifted(deps, session)
    }
    await keepHandedOver(deps.database, left)
    glow(session, isTakerKnown(session) ? afterglowMs : askTakerMs)
  }

  /** Somebody knows who takes it, or nobody will be asked: it is not ours. */
  const isTakerKnown = (session: Session) =>
    !isOnWall(session) || session.settledMs === null || session.person !== null || session.taker !== null

  const later = (act: () => void, ms: number) => {
    if (isStopping) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timers.add(timer)
  }

  const glow = (session: Session, ms: number) =>
    later(() => {
      const { serial } = session
      // The card was taken out to be sealed: its slot asks until that is said, whenever nothing else is in it. Its device may
      // be back with another card by then.
      const isAskedThere = [...sessions.values()].some((one) => isThere(one) && one.handIn === session.handIn)
      if (waitsForSeal(deps.register.current(), session) && !isAskedThere) glow(session, afterglowMs)
      else sessions.delete(session.volume.id)
      if (serial !== null && isOnWall(session)) tellTaken(serial)
    }, ms)

  const tellTaken = (serial: string) => {
    if ([...sessions.values()].some((one) => isThere(one) && isOnWall(one) && one.serial === serial)) return
    tellLifted(deps, serial).catch((error: unknown) => deps.log.error({ err: error }, 'a report was not kept'))
  }

  const inSlot = (slot: number) => {
    const here = [...sessions.values()].filter((session) => session.slot === slot)
    return here.findLast(isThere) ?? here.at(-1) ?? null
  }

  const stopAsking = startAsking(deps, () => sessions.values())

  const freeSlot = () => {
    const used = new Set([...sessions.values()].filter(isThere).map(({ slot }) => slot))
    for (let slot = 1; slot <= slots; slot++) if (!used.has(slot)) return slot
    return slots
  }

  return {
    appeared(volume: Volume) {
      const slot = volume.slot !== null && volume.slot <= slots ? volume.slot : freeSlot()
      for (const old of sessions.values()) {
        // Released, it left without a word: the source does not watch it any more.
        if (old.slot === slot && old.stage === 'released') {
          enter(old, 'left', deps.now())
          finish(old, leave(old))
        }
      }
      const session = openSession(volume, slot, deps.now())
      sessions.set(volume.id, session)
      begin(session)
    },
    vanished(volumeId) {
      const session = sessions.get(volumeId)
      if (!session || session.stage === 'left') return
      session.leftMs = deps.now()
      const isIdle = ['released', 'stopped'].includes(session.stage)
      session.abort.abort(new VolumeGone('it was pulled out'))
      if (!isIdle || session.attention?.word === 'two_devices_one_serial') return
      enter(session, 'left', deps.now())
      finish(session, leave(session))
    },
    unlocks: openUnlockBook(deps),
    async restore() {
      recent.push(...(await newestHandedOver(deps.database, recentMax)))
      for (const session of await waitingSeals(deps)) {
        sessions.set(session.volume.id, session)
        glow(session, afterglowMs)
      }
      // What is still there, or is back, shows until then.
      for (const serial of await leftEarlier(deps)) later(() => tellTaken(serial), afterglowMs)
    },
    inSlot,
    all: () => [...sessions.values()],
    isDocked,
    recent: () => recent,
    async stop() {
      isStopping = true
      stopAsking()
      for (const timer of timers) clearTimeout(timer)
      for (const { abort } of sessions.values()) abort.abort(new StationStops('the agent ends'))
      await Promise.all(running)
    },
  }
}

/** A provisional receipt is three copies and a line of the ledger: without it nobody reads that there is one. */
export function resultOf({ isPickedUp, files, handIn }: Session): RecentHandIn['result'] {
  if (isPickedUp) return 'picked_up'
  if (handIn === null || files.some(({ file }) => needsDevice(file) && file.reading !== 'failed')) return 'pulled_out'
  if (files.some(({ file }) => file.reading === 'failed' || file.sending === 'refused')) return 'attention'
  if (files.some(({ file }) => file.receipt === 'wrong' || isLasting(file.receiptReason))) return 'attention'
  if (files.some(({ file }) => file.receipt === 'none')) return 'no_receipt'
  return files.every(({ file }) => file.receipt === 'witnessed') ? 'receipts' : 'provisional'
}
