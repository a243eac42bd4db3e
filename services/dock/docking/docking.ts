import type { ClearableDevice } from '../clearing/clear-file.ts'
import type { ClearingCase } from '../clearing/policy.ts'
import { deviceOf } from '../ingest/register.ts'
import { isLasting } from '../receipts/check.ts'
import { ReadFailed, type Volume, VolumeDamaged, VolumeGone } from '../sources/source.ts'
import { saveStay, stayOf } from '../spool/dockings.ts'
import { SpoolFull } from '../spool/kept-copies.ts'
import { clearingTries } from './clearing-tries.ts'
import { askCondition, setClock } from './condition.ts'
import type { StationDeps } from './deps.ts'
import type { DockedFile } from './docked-files.ts'
import { muchLeftOut } from './left-out.ts'
import { takerOf } from './lifted.ts'
import { noteNotRead, openHandIn, userOf } from './open-hand-in.ts'
import { clearsByPolicy, policyOf } from './policy-of.ts'
import { changed, enter, isOnWall, mediumOf, type Session } from './session.ts'
import { isTakenIn, isWantedAgain, needsDevice, type Reading, takeIn } from './take-in.ts'
import { type Whose, whoseVolume } from './whose.ts'

/** Another volume in a slot says the same serial: neither is read until one is gone. */
export class TwinFound extends Error {}
/** The agent ends; the next one goes on. */
export class StationStops extends Error {}

export type TwinsOf = (session: Session) => readonly Session[]

/** Away for less than this, a device has not been taken: the bus was reset, or it went to another slot. */
export const sameStayMs = 15 * 60_000
const failedMs = 10_000
const spoolFullRetryMs = 2000
const settleMs = 1000

/**
 * One docking, from the moment that a volume is there until it is gone:
 *
 *     recognising ─► asking? ─► listing ─► taking_in ─► settling ⇄ clearing ─► released
 *
 * Everything that counts is on the spool before the next step is taken, so a docking that ends anywhere is gone on with by the
 * next one of the same device: at once, after a power cut, in another slot.
 *
 * @param twinsOf other dockings of plugged-in devices that say the same serial
 */
export async function runDocking(deps: StationDeps, session: Session, twinsOf: TwinsOf): Promise<void> {
  while (session.stage === 'recognising') {
    try {
      return await dock(deps, session, twinsOf)
    } catch (error) {
      await goOnAfter(deps, session, twinsOf, reasonOf(session, error))
    }
  }
}

/** What waited may have ended with an error of its own: why it was stopped is what counts. */
function reasonOf({ abort: { signal } }: Session, error: unknown): unknown {
  return signal.aborted ? signal.reason : error
}

/** Ends the docking, or makes it begin anew as soon as it can. */
async function goOnAfter(deps: StationDeps, session: Session, twinsOf: TwinsOf, reason: unknown): Promise<void> {
  session.reading = null
  const isStopping = reason instanceof StationStops
  if (isStopping || reason instanceof VolumeGone || session.leftMs !== null) {
    enter(session, isStopping ? 'stopped' : 'left', deps.now())
    return
  }
  enter(session, 'stopped', deps.now())
  if (reason instanceof ReadFailed) {
    const word = session.volume.isLocked ? 'unlock_failed' : 'volume_damaged'
    session.attention = { word, detail: reason.message }
    return
  }
  const isTwin = reason instanceof TwinFound
  if (isTwin) session.attention = { word: 'two_devices_one_serial', detail: session.serial }
  else deps.log.error({ err: reason, serial: session.serial }, 'a docking failed and begins anew')
  session.abort = new AbortController()
  try {
    do await changed(session, isTwin ? 500 : failedMs)
    while (isTwin && twinsOf(session).length > 0)
    session.attention = null
    enter(session, 'recognising', deps.now())
  } catch (error) {
    await goOnAfter(deps, session, twinsOf, reasonOf(session, error))
  }
}

async function dock(deps: StationDeps, session: Session, twinsOf: TwinsOf): Promise<void> {
  const { volume } = session
  if (volume.damage !== undefined) throw new VolumeDamaged(volume.damage)
  const whose = await whoseVolume(deps, session)
  if (volume.open) {
    await openNamed(volume.open, (await saidToBeOurs(deps, session, whose)).serial)
    return enter(session, 'ignored', deps.now())
  }
  session.serial = whose.serial
  session.isForeign = whose.isForeign
  const twins = twinsOf(session)
  for (const { stage, abort } of twins) if (stage !== 'stopped') abort.abort(new TwinFound())
  if (twins.length > 0) throw new TwinFound()
  await beginStay(deps, session)

  // A file that turns out to be another one than its line says is listed anew, and read.
  do {
    enter(session, 'listing', deps.now())
    const seen = await volume.list()
    session.leftOut = muchLeftOut(volume, seen)
    if (session.leftOut) deps.log.warn({ serial: session.serial, ...session.leftOut }, 'much of a device is not listed')
    await openHandIn(deps, session, seen)

    enter(session, 'taking_in', deps.now())
    await readFirstBytes(session)
    await setClock(deps, session)
    await takeInAll(deps, session)

    await settle(deps, session)
  } while (hasChanged(session))
  await askCondition(deps, session)
  await volume.release()
  enter(session, 'released', deps.now())
}

/** @throws ReadFailed when it does not open; what it opened is a docking of its own */
async function openNamed(open: NonNullable<Volume['open']>, serial: string): Promise<void> {
  const why = await open(serial)
  if (why !== null) throw new ReadFailed(why)
}

/** A device that names itself only once it is open is left alone as long as it is said to be somebody else's. */
async function saidToBeOurs(deps: StationDeps, session: Session, said: Whose): Promise<Whose> {
  let whose = said
  while (whose.isForeign) {
    enter(session, 'ignored', deps.now())
    await changed(session, settleMs)
    whose = await whoseVolume(deps, session)
  }
  return whose
}

async function beginStay(deps: StationDeps, session: Session): Promise<void> {
  const serial = session.serial!
  const register = deps.register.current()
  session.device = session.isForeign ? null : deviceOf(register, serial)
  session.person = userOf(register, serial, deps.now())
  const isOutOfService = session.device !== null && session.device.state !== 'in_service'
  session.attention = isOutOfService ? { word: 'not_in_service', detail: session.device!.state } : null
  const stay = await stayOf(deps.database, serial)
  const isSameStay = stay !== null && (stay.leftMs === null || deps.now() - stay.leftMs < sameStayMs)
  session.isSameStay = isSameStay
  session.isKept = isSameStay && stay.isKept
  if (isOnWall(session)) session.taker = await takerOf(deps, serial, isSameStay)
  await saveStay(deps.database, serial, { isKept: session.isKept, leftMs: null, slot: session.slot })
}

/** From here on an officer may leave: the device works, and the rest goes on by itself. */
async function readFirstBytes(session: Session): Promise<void> {
  const { volume, files, abort } = session
  for (const { seen } of files) {
    try {
      for await (const _ of volume.read(seen, 0, abort.signal)) break
      session.hasBegun = true
      return
    } catch (error) {
      // Which file it is comes out when each is read.
      if (!(error instanceof ReadFailed) || error instanceof VolumeDamaged) throw error
    }
  }
}

/** Marked files first, else in the order of the list. */
async function takeInAll(deps: StationDeps, session: Session): Promise<void> {
  const waiting = session.files.filter(({ file }) => needsDevice(file) && file.sending !== 'refused')
  waiting.sort((a, b) => Number(b.file.mark) - Number(a.file.mark) || a.number - b.number)
  for (const docked of waiting) {
    await takeInWithRoom(deps, session, docked)
    const { reading, cleared } = docked.file
    if (reading !== 'failed' && cleared !== 'changed') continue
    await noteNotRead(deps, docked.handIn, docked.file.number)
    session.gaps = await deps.answers.gapsOf(session.handIn!.id)
  }
  session.reading = null
}

async function takeInWithRoom(deps: StationDeps, session: Session, docked: DockedFile): Promise<void> {
  for (;;) {
    try {
      await takeIn(deps, docked, readingOf(session))
      if (session.attention?.word === 'spool_full') session.attention = null
      return
    } catch (error) {
      if (!(error instanceof SpoolFull)) throw error
      deps.log.error({ serial: session.serial, reason: error.message }, 'the spool is full: files wait on their device')
      session.attention = { word: 'spool_full', detail: null }
      await changed(session, spoolFullRetryMs)
    }
  }
}

function readingOf(session: Session): Reading {
  return {
    volume: session.volume,
    signal: session.abort.signal,
    onRead: (file, bytes) => {
      session.reading = { file, bytes }
    },
  }
}

/** Waits for receipts, clears what may be cleared, until nothing more is wanted of the device. */
async function settle(deps: StationDeps, session: Session): Promise<void> {
  enter(session, 'settling', deps.now())
  const device: ClearableDevice = {
    serial: session.serial!,
    medium: mediumOf(session.volume),
    files: session.files,
    reading: readingOf(session),
    situation: () => clearingCase(deps, session),
    askedBy: () => session.clearAskedBy,
  }
  const tryToClear = clearingTries(deps, session, device)
  // The first time ends what an earlier run left open, also when nothing may be cleared now.
  for (let isFirst = true; ; isFirst = false) {
    if (session.files.some(({ file }) => isWantedAgain(file))) await takeInAll(deps, session)
    await tryToClear(isFirst)
    if (hasChanged(session)) return
    if (session.files.every((docked) => isSettled(deps, session, docked))) break
    await changed(session, settleMs)
  }
  session.settledMs = deps.now()
}

const hasChanged = ({ files }: Session) => files.some(({ file }) => file.cleared === 'changed')

function clearingCase(deps: StationDeps, session: Session): ClearingCase {
  const { volume, isKept, clearAskedBy } = session
  const { lateMs, lateMsWhenFull, fullPercent } = deps.register.current()!.settings
  return {
    policy: policyOf(deps.register.current(), session),
    isAsked: clearAskedBy !== null,
    isKept,
    canRemove: volume.remove !== null,
    usedPercent: volume.sizeBytes > 0 ? Math.floor((1 - volume.freeBytes / volume.sizeBytes) * 100) : 0,
    nowMs: deps.now(),
    late: { lateMs, lateMsWhenFull, fullPercent },
  }
}

/** Whether the device is not needed any more for this file. */
function isSettled(deps: StationDeps, session: Session, { seen, file }: DockedFile): boolean {
  if (!isTakenIn(file)) return false
  if (file.reading === 'failed' || file.sending === 'refused') return true
  const mayGoLater =
    session.volume.remove !== null && !session.isKept && clearsByPolicy(policyOf(deps.register.current(), session))
  return (
    !mayGoLater ||
    seen.isElsewhere === true ||
    file.cleared !== 'no' ||
    file.receipt === 'wrong' ||
    isLasting(file.receiptReason)
  )
}
