import { type SourceListener, type Volume, VolumeGone } from '../sources/source.ts'
import { saveStay } from '../spool/dockings.ts'
import type { StationDeps } from './deps.ts'
import { runDocking, StationStops } from './docking.ts'
import { enter, openSession, type Session } from './session.ts'
import { needsDevice } from './take-in.ts'

/** For so long a card shows what left; a device that is back by then was not taken. */
export const afterglowMs = 30_000

/** What came to its end at a slot, for the line of recent ones. */
export interface Recent {
  readonly atMs: number
  readonly session: Session
  readonly result: 'receipts' | 'provisional' | 'attention' | 'pulled_out' | 'picked_up'
}

/** Every volume that is there, in its slot, and for a while those that left. */
export interface Dockings extends SourceListener {
  inSlot(slot: number): Session | null
  all(): readonly Session[]
  isDocked(serial: string): boolean
  recent(): readonly Recent[]
  /** Ends every docking where it stands. */
  stop(): Promise<void>
}

export function openDockings(deps: StationDeps, slots: number): Dockings {
  const sessions = new Map<string, Session>()
  const running = new Set<Promise<void>>()
  const timers = new Set<NodeJS.Timeout>()
  const recent: Recent[] = []
  let isStopping = false
  const isThere = ({ stage }: Session) => stage !== 'left' && stage !== 'ignored'
  const isTwin = (one: Session, other: Session) =>
    other !== one && isThere(other) && other.stage !== 'released' && other.serial === one.serial
  const twinsOf = (one: Session) => [...sessions.values()].filter((other) => isTwin(one, other))
  const isDocked = (serial: string) => [...sessions.values()].some((one) => isThere(one) && one.serial === serial)

  const begin = (session: Session) => {
    const run = runDocking(deps, session, twinsOf).then(async () => {
      if (session.stage === 'left') await leave(session)
    })
    const guarded = run
      .catch((error: unknown) => deps.log.error({ err: error, serial: session.serial }, 'a docking could not be ended'))
      .finally(() => running.delete(guarded))
    running.add(guarded)
  }

  const leave = async (session: Session) => {
    session.leftMs ??= deps.now()
    deps.places.forget(session.serial ?? '')
    recent.unshift({ atMs: deps.now(), session, result: resultOf(session) })
    recent.splice(20)
    if (session.serial) {
      await saveStay(deps.database, session.serial, { isKept: session.isKept, leftMs: session.leftMs })
    }
    if (isStopping) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      sessions.delete(session.volume.id)
      if (session.serial === null || isDocked(session.serial) || session.handIn === null) return
      reportTaken(deps, session).catch((error: unknown) => deps.log.error({ err: error }, 'a report was not kept'))
    }, afterglowMs)
    timers.add(timer)
  }

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
          void leave(old).catch((error: unknown) => deps.log.error({ err: error }, 'a docking could not be ended'))
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
      const isIdle = ['released', 'ignored', 'stopped'].includes(session.stage)
      session.abort.abort(new VolumeGone('it was pulled out'))
      if (!isIdle || session.attention?.word === 'two_devices_one_serial') return
      enter(session, 'left', deps.now())
      void leave(session).catch((error: unknown) => deps.log.error({ err: error }, 'a docking could not be ended'))
    },
    unlocked({ serial, profile, ok }) {
      const saidAt = new Date(deps.now()).toISOString()
      const report = { id: deps.newId(), saidAt, kind: 'unlocked', serial, profile, ok }
      deps.answers.report(report, null).then(
        () => deps.wake(),
        (error: unknown) => deps.log.error({ err: error }, 'a report was not kept'),
      )
    },
    inSlot(slot) {
      const here = [...sessions.values()].filter((session) => session.slot === slot)
      return here.findLast(isThere) ?? here.at(-1) ?? null
    },
    all: () => [...sessions.values()],
    isDocked,
    recent: () => recent,
    async stop() {
      isStopping = true
      for (const timer of timers) clearTimeout(timer)
      for (const { abort } of sessions.values()) abort.abort(new StationStops('the agent ends'))
      await Promise.all(running)
    },
  }
}

function resultOf({ isPickedUp, files, handIn }: Session): Recent['result'] {
  if (isPickedUp) return 'picked_up'
  if (handIn === null || files.some(({ file }) => needsDevice(file) && file.reading !== 'failed')) return 'pulled_out'
  if (files.some(({ file }) => file.reading === 'failed' || file.sending === 'refused')) return 'attention'
  return files.every(({ file }) => file.receipt === 'witnessed') ? 'receipts' : 'provisional'
}

/** 班前检查: what the device said when it was last asked, and who takes it along as far as the roster knows. */
async function reportTaken(deps: StationDeps, session: Session): Promise<void> {
  const { serial, volume, files, person } = session
  const saidAt = new Date(session.leftMs ?? deps.now()).toISOString()
  const receiptsMs = files.flatMap(({ file }) => (file.receiptMs === null ? [] : [file.receiptMs]))
  await deps.answers.report(
    {
      id: deps.newId(),
      saidAt,
      kind: 'device_checked',
      serial,
      batteryPercent: volume.facts.batteryPercent,
      freePercent: volume.sizeBytes > 0 ? Math.round((volume.freeBytes / volume.sizeBytes) * 100) : null,
      clockOffsetMs: volume.facts.clockOffsetMs,
      lastReceiptAt: receiptsMs.length > 0 ? new Date(Math.max(...receiptsMs)).toISOString() : null,
    },
    null,
  )
  const by = { personId: person?.id ?? null, grade: person ? 'roster' : 'slot' }
  await deps.answers.report({ id: deps.newId(), saidAt, kind: 'device_taken', serial, by }, null)
  deps.wake()
}
