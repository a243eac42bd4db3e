import { setTimeout as delay } from 'node:timers/promises'
import { Away, Refused } from '../ingest/client.ts'
import { readOnce } from '../reading/read-once.ts'
import { ReadFailed, type Volume, VolumeDamaged } from '../sources/source.ts'
import { copyName } from '../spool/kept-copies.ts'
import type { FileRecord } from '../spool/records.ts'
import { isAway, type StationDeps } from './deps.ts'
import type { DockedFile } from './docked-files.ts'
import { bureauNow, keyOfFile, sayDigest, sendBytes } from './send.ts'

export interface Reading {
  readonly volume: Volume
  readonly signal: AbortSignal
  /** Bytes of this file that were read, from the beginning on. */
  readonly onRead: (file: FileRecord, bytes: number) => void
}

/** The file on the device is not the one that was read before. */
export class FileChanged extends Error {}

/** Readings that a file gets in one docking. */
const readingsMax = 2

/** Whether the device must still give the bytes of this file. */
export function needsDevice(file: FileRecord): boolean {
  return file.reading !== 'done' || (file.sending === 'waiting' && file.keptCopy === null)
}

/** The upload was ended or has expired, or the copy cannot be read: the device, if it is there, gives the bytes again. */
export function isWantedAgain({ reading, sending, keptCopy }: FileRecord): boolean {
  return reading === 'done' && sending === 'waiting' && keptCopy === null
}

/** Everything that can be done for it is, as far as the device is needed. */
export function isTakenIn({ reading, sending, keptCopy }: FileRecord): boolean {
  return reading === 'failed' || sending === 'refused' || sending === 'said' || keptCopy !== null
}

/**
 * Takes in one file: it is read once, and its bytes go to the bureau, or encrypted to the spool while that is away. A reading
 * that fails is tried a second time from its beginning, with digests begun anew; after that the file is marked unreadable,
 * and the others go on.
 *
 * @throws VolumeGone, VolumeDamaged; SpoolFull: the file waits on its device
 */
export async function takeIn(deps: StationDeps, docked: DockedFile, reading: Reading): Promise<void> {
  const { handIn, file } = docked
  for (let tried = 1; ; tried++) {
    try {
      return await readAndKeep(deps, docked, reading)
    } catch (error) {
      if (error instanceof Refused) {
        await deps.book.saveFile(handIn, file, { sending: 'refused', refusal: error.message })
        return
      }
      if (error instanceof FileChanged) {
        // What this line is about is nowhere any more; what lies there is listed anew.
        await deps.book.saveFile(handIn, file, {
          cleared: 'changed',
          sending: 'refused',
          refusal: 'changed_after_list',
        })
        return
      }
      if (!(error instanceof ReadFailed) || error instanceof VolumeDamaged) throw error
      deps.log.warn({ handIn: handIn.id, number: file.number, tried, reason: error.message }, 'a file cannot be read')
      if (tried === readingsMax) {
        await deps.book.saveFile(handIn, file, { reading: 'failed' })
        return
      }
      await renew(deps, reading.volume)
    }
  }
}

/** What came well the first time would come from this computer's memory the second time. @throws VolumeGone */
async function renew({ log }: StationDeps, volume: Volume): Promise<void> {
  try {
    await volume.renew?.()
  } catch (error) {
    if (!(error instanceof ReadFailed)) throw error
    log.warn({ reason: error.message }, 'a second reading may come from memory')
  }
}

async function readAndKeep(deps: StationDeps, docked: DockedFile, reading: Reading): Promise<void> {
  if (await isOpenSoon(deps, docked, reading.signal)) {
    try {
      return await sendDirect(deps, docked, reading)
    } catch (error) {
      if (!(error instanceof Away)) throw error
    }
  }
  await keepCopy(deps, docked, reading)
  deps.wake()
}

/** Waits for the bureau's id of the list as long as it may still come. @throws Refused when it refuses the list */
async function isOpenSoon(deps: StationDeps, { handIn }: DockedFile, signal: AbortSignal): Promise<boolean> {
  const untilMs = performance.now() + deps.patienceMs
  for (;;) {
    if (handIn.state === 'refused') throw new Refused(400, 'list_refused', handIn.refusal!)
    if (isAway(deps)) return false
    if (handIn.serverId !== null) return true
    if (performance.now() > untilMs) return false
    await delay(20, undefined, { signal })
  }
}

async function sendDirect(deps: StationDeps, docked: DockedFile, reading: Reading): Promise<void> {
  const { handIn, file } = docked
  const key = keyOfFile(handIn, file)
  if (deps.sending.has(key)) throw new Away('it is being sent from the spool')
  deps.sending.add(key)
  const digests = deps.digests.begin()
  const bytesFrom = (from: number) =>
    counted(docked, reading, readOnce(reading.volume, docked.seen, { from, digests, signal: reading.signal }), from)
  try {
    await sendBytes(deps, docked, bytesFrom, reading.signal)
    // Complete already before a restart: the digests still need every byte once.
    await drain(bytesFrom(file.bytes))
    const { sha256, sm3 } = await digests.end()
    if (file.sha256 !== null && file.sha256 !== sha256) throw new FileChanged('it is another file by now')
    await deps.book.saveFile(handIn, file, { reading: 'done', sha256, sm3, sending: 'complete', sentBytes: file.bytes })
    deps.onStep('bytes_sent')
  } catch (error) {
    digests.discard()
    throw error
  } finally {
    deps.sending.delete(key)
  }
  await sayDigest(deps, handIn, file).catch((error: unknown) => {
    // Said later, from the spool's records.
    if (!(error instanceof Away)) throw error
    deps.wake()
  })
}

/** Puts the whole file on the spool, encrypted. @throws SpoolFull, VolumeGone, ReadFailed, FileChanged */
export async function keepCopy(deps: StationDeps, docked: DockedFile, reading: Reading): Promise<void> {
  const { handIn, file } = docked
  const digests = deps.digests.begin()
  const name = copyName(handIn, file)
  const readMs = file.readMs ?? bureauNow(deps)
  const bytes = readOnce(reading.volume, docked.seen, { from: 0, digests, signal: reading.signal })
  try {
    // A few at a time, as they are sent: each holds megabytes on its way, and one disk takes them all.
    const who = { device: handIn.serial, isMarked: file.mark }
    const keep = () => deps.copies.keep(name, file.bytes, moving(counted(docked, reading, bytes, 0), deps))
    await deps.places.run(who, reading.signal, keep)
    const { sha256, sm3 } = await digests.end()
    if (file.sha256 !== null && file.sha256 !== sha256) {
      await deps.copies.remove(name)
      throw new FileChanged('the file on the device is not what was read before')
    }
    await deps.book.saveFile(handIn, file, { reading: 'done', readMs, sha256, sm3, keptCopy: name })
    deps.onStep('copy_kept')
  } catch (error) {
    digests.discard()
    throw error
  }
}

async function* moving(bytes: AsyncIterable<Buffer>, { onStep }: Pick<StationDeps, 'onStep'>): AsyncIterable<Buffer> {
  for await (const chunk of bytes) {
    yield chunk
    onStep('bytes_moving')
  }
}

async function* counted(
  { file }: DockedFile,
  { onRead }: Reading,
  bytes: AsyncIterable<Buffer>,
  from: number,
): AsyncIterable<Buffer> {
  let at = from
  for await (const chunk of bytes) {
    at += chunk.length
    onRead(file, at)
    yield chunk
  }
}

async function drain(bytes: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of bytes) {
    // Hashed on its way.
  }
}
