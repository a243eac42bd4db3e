import type { StationDeps } from '../docking/deps.ts'
import type { DockedFile } from '../docking/docked-files.ts'
import { FileChanged, keepCopy, type Reading } from '../docking/take-in.ts'
import { Away } from '../ingest/client.ts'
import { ReadFailed, VolumeDamaged } from '../sources/source.ts'
import type { ClearingFile, ClearingRecord } from '../spool/records.ts'
import { announce, announceOnce } from './announce.ts'
import { type ClearableDevice, clearFile, settleAbsent } from './clear-file.ts'
import { clearingBasis } from './policy.ts'

/** What the bureau takes in one announcement. */
const filesMax = 10_000

/**
 * Clears what may be cleared: announced to the bureau, then file by file hashed once more, held against its receipt and
 * removed, then closed. What an earlier run left open is ended first, by what is found on the device.
 *
 * @returns whether every file that should go went
 * @throws Away before anything of it was announced; VolumeGone, VolumeDamaged: it is ended later
 */
export async function clearDevice(deps: StationDeps, device: ClearableDevice): Promise<boolean> {
  let isWhole = true
  for (const clearing of await openOf(deps, device)) isWhole = (await carryOut(deps, device, clearing)) && isWhole
  for (const { handIn, files } of await candidates(deps, device)) {
    const by = device.askedBy()
    const clearing: ClearingRecord = {
      id: deps.newId(),
      handIn,
      begunMs: deps.now(),
      state: 'intended',
      serverId: null,
      ...(by && { by }),
      files,
    }
    await deps.clearings.intend(clearing)
    deps.onStep('clearing_intended')
    isWhole = (await carryOut(deps, device, clearing)) && isWhole
  }
  return isWhole
}

/** Whether anything may go from it now. */
export function hasClearable({ files, situation }: ClearableDevice): boolean {
  const now = situation()
  return files.some(({ seen, file }) => !seen.isElsewhere && clearingBasis(file, now) !== null)
}

/** Of this device, whether anything of it is still there or not. */
async function openOf(deps: StationDeps, { serial, medium }: ClearableDevice): Promise<ClearingRecord[]> {
  const handIns = new Set(deps.book.ofMedium(serial, medium).map(({ id }) => id))
  return (await deps.clearings.open()).filter(({ handIn }) => handIns.has(handIn))
}

/** What may go now, for each list and ground one clearing. @throws Away while the end of the last one is still to be told */
async function candidates(
  deps: StationDeps,
  { files, reading, situation }: ClearableDevice,
): Promise<{ handIn: string; files: ClearingFile[] }[]> {
  const clearings = new Map<string, { handIn: string; files: ClearingFile[] }>()
  for (const docked of files) {
    const { handIn, file } = docked
    const basis = docked.seen.isElsewhere ? null : clearingBasis(file, situation())
    if (basis === null || handIn.serverId === null) continue
    if (await deps.clearings.isEndWaiting(handIn.id)) throw new Away('the end of an earlier clearing is not told yet')
    if (basis === 'before_witness' && !(await isKeptHere(deps, docked, reading))) continue
    const key = `${handIn.id} ${basis}`
    const chosen = clearings.get(key) ?? { handIn: handIn.id, files: [] }
    if (chosen.files.length === filesMax) continue
    const { number, sha256, receiptIndex } = file
    chosen.files.push({ number, sha256: sha256!, basis, receiptIndex: receiptIndex!, outcome: 'waiting' })
    clearings.set(key, chosen)
  }
  return [...clearings.values()]
}

/** Cleared before it is witnessed only what lies whole and encrypted on the spool. */
async function isKeptHere(deps: StationDeps, docked: DockedFile, reading: Reading): Promise<boolean> {
  if (docked.file.keptCopy !== null) return true
  try {
    await keepCopy(deps, docked, reading)
    return true
  } catch (error) {
    const isChanged = error instanceof FileChanged
    if (!isChanged && (!(error instanceof ReadFailed) || error instanceof VolumeDamaged)) throw error
    await deps.book.saveFile(docked.handIn, docked.file, { cleared: isChanged ? 'changed' : 'failed' })
    return false
  }
}

/** Whether nothing became of it yet, as far as the spool knows. */
const isOpen = ({ outcome }: ClearingFile) => outcome === 'waiting' || outcome === 'removing'

/** Nothing is removed before the bureau has answered in this very run, whatever an earlier one was told. */
async function carryOut(deps: StationDeps, device: ClearableDevice, intended: ClearingRecord): Promise<boolean> {
  const byNumber = new Map(
    device.files.filter(({ handIn }) => handIn.id === intended.handIn).map((docked) => [docked.file.number, docked]),
  )
  const isAnnounced = intended.state === 'announced'
  const hasWork = intended.files.some((file) => isOpen(file) && byNumber.has(file.number))
  let mayRemove = false
  let clearing = intended
  if (hasWork || !isAnnounced) {
    const answered = await announce(deps, intended, device.situation().usedPercent)
    if (answered === null && intended.state !== 'announced') return false
    mayRemove = answered !== null
    clearing = answered ?? intended
  }
  const renewed = once(async () => device.reading.volume.renew?.())
  for (const file of clearing.files) {
    if (!isOpen(file)) continue
    const docked = byNumber.get(file.number)
    if (!docked) await settleAbsent(deps, clearing, file)
    else if (mayRemove) await clearFile(deps, device, clearing, { file, docked, renewed })
    else await deps.clearings.outcome(clearing, file, 'not_removed')
  }
  await deps.clearings.end(clearing)
  deps.onStep('clearing_ended')
  deps.wake()
  if (!isAnnounced && !mayRemove) throw new Away('a clearing whose answer was lost is closed first')
  return clearing.files.length === intended.files.length && clearing.files.every(({ outcome }) => outcome === 'cleared')
}

function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null
  return () => {
    done ??= act()
    return done
  }
}

/**
 * Ends clearings whose device is not there: what was not removed stays on it. One that was cut off within a removal waits for
 * the device: only it can say.
 *
 * @throws Away
 */
export async function endLeftClearings(deps: StationDeps, isDocked: (serial: string) => boolean): Promise<void> {
  for (const clearing of await deps.clearings.open()) {
    const handIn = deps.book.byId(clearing.handIn)
    if (handIn && isDocked(handIn.serial)) continue
    if (clearing.files.some(({ outcome }) => outcome === 'removing')) continue
    if (clearing.state === 'intended' && (await announceOnce(deps, clearing, null)) !== null) continue
    await deps.clearings.end(clearing)
    deps.wake()
  }
}
