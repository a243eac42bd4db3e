import type { StationDeps } from '../docking/deps.ts'
import type { DockedFile } from '../docking/docked-files.ts'
import { keepCopy, type Reading } from '../docking/take-in.ts'
import { Refused } from '../ingest/client.ts'
import { freshDigest } from '../reading/read-once.ts'
import { checkAnswer, type ReceiptAnswer } from '../receipts/check.ts'
import { ReadFailed, VolumeDamaged } from '../sources/source.ts'
import type { ClearingBasis, ClearingFile, ClearingRecord, HandInRecord } from '../spool/records.ts'
import { changeOf } from '../spool/rows.ts'
import { type ClearingCase, clearingBasis, mayClearDevice } from './policy.ts'

/** A device that is there, with the files on it. */
export interface ClearableDevice {
  readonly files: readonly DockedFile[]
  readonly reading: Reading
  /** Asked anew before each file: somebody may say [本次保留] in between. */
  readonly situation: () => ClearingCase
}

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
  for (const [handIn, files] of await candidates(deps, device)) {
    const clearing: ClearingRecord = {
      id: deps.newId(),
      handIn: handIn.id,
      begunMs: deps.now(),
      state: 'intended',
      serverId: null,
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
  return files.some(({ file }) => clearingBasis(file, now) !== null)
}

async function openOf(deps: StationDeps, { files }: ClearableDevice): Promise<ClearingRecord[]> {
  const handIns = new Set(files.map(({ handIn }) => handIn.id))
  return (await deps.clearings.open()).filter(({ handIn }) => handIns.has(handIn))
}

async function candidates(
  deps: StationDeps,
  { files, reading, situation }: ClearableDevice,
): Promise<Map<HandInRecord, ClearingFile[]>> {
  const byHandIn = new Map<HandInRecord, ClearingFile[]>()
  for (const docked of files) {
    const { handIn, file } = docked
    const basis = clearingBasis(file, situation())
    if (basis === null || handIn.serverId === null) continue
    if (basis === 'before_witness' && !(await isKeptHere(deps, docked, reading))) continue
    const chosen = byHandIn.get(handIn) ?? []
    if (chosen.length === filesMax) continue
    const { number, sha256, receiptIndex } = file
    chosen.push({ number, sha256: sha256!, basis, receiptIndex: receiptIndex!, outcome: 'waiting' })
    byHandIn.set(handIn, chosen)
  }
  return byHandIn
}

/** Cleared before it is witnessed only what lies whole and encrypted on the spool. */
async function isKeptHere(deps: StationDeps, docked: DockedFile, reading: Reading): Promise<boolean> {
  if (docked.file.keptCopy !== null) return true
  try {
    await keepCopy(deps, docked, reading)
    return true
  } catch (error) {
    if (!(error instanceof ReadFailed) || error instanceof VolumeDamaged) throw error
    await deps.book.saveFile(docked.handIn, docked.file, { cleared: 'failed' })
    return false
  }
}

async function carryOut(deps: StationDeps, device: ClearableDevice, clearing: ClearingRecord): Promise<boolean> {
  const { usedPercent } = device.situation()
  if (clearing.state === 'intended' && !(await announce(deps, clearing, usedPercent))) return false
  const byNumber = new Map(
    device.files.filter(({ handIn }) => handIn.id === clearing.handIn).map((docked) => [docked.file.number, docked]),
  )
  for (const file of clearing.files) {
    if (file.outcome !== 'waiting' && file.outcome !== 'removing') continue
    const docked = byNumber.get(file.number)
    if (docked) await clearOne(deps, device, clearing, { file, docked })
    else await settleAbsent(deps, clearing, file)
  }
  await deps.clearings.end(clearing)
  deps.onStep('clearing_ended')
  deps.wake()
  return clearing.files.every(({ outcome }) => outcome === 'cleared')
}

/**
 * @param fullPercent how full the device is; null when it is not there
 * @returns false when the bureau refuses: nothing is cleared then @throws Away
 */
async function announce(deps: StationDeps, clearing: ClearingRecord, fullPercent: number | null): Promise<boolean> {
  const handIn = deps.book.byId(clearing.handIn)
  const files = clearing.files.map(({ number, sha256, basis, receiptIndex }) => ({
    number,
    sha256,
    basis,
    receiptIndex,
  }))
  try {
    const path = `/hand-ins/${handIn?.serverId}/clearings`
    const { text } = await deps.ingest.ask({ method: 'POST', path, json: { id: clearing.id, fullPercent, files } })
    await deps.clearings.announced(clearing, (JSON.parse(text) as { id: string }).id)
    deps.onStep('clearing_announced')
    return true
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    deps.log.error({ clearing: clearing.id, code: error.code, reason: error.message }, 'a clearing was refused')
    await deps.clearings.refused(clearing)
    return false
  }
}

async function clearOne(
  deps: StationDeps,
  { reading, situation }: ClearableDevice,
  clearing: ClearingRecord,
  { file, docked }: { file: ClearingFile; docked: DockedFile },
): Promise<void> {
  const { volume, signal } = reading
  const { handIn, file: record } = docked
  const leave = async (outcome: 'digest_differs' | 'not_removed' | 'kept') => {
    await deps.clearings.outcome(clearing, file, outcome)
    if (outcome !== 'kept') await deps.book.saveFile(handIn, record, { cleared: 'failed' })
  }
  const isWanted = () => mayClearDevice(situation()) && volume.remove !== null
  if (!isWanted()) return leave('kept')
  try {
    const sha256 = await freshDigest(volume, docked.seen, { digests: deps.digests.begin(), signal })
    if (sha256 !== file.sha256 || !(await holds(deps, docked, file.basis, sha256))) return await leave('digest_differs')
    // Reading took its time: what was said meanwhile counts.
    if (!isWanted()) return await leave('kept')
    await deps.clearings.outcome(clearing, file, 'removing')
    deps.onStep('file_removing')
    await volume.remove!(docked.seen)
    deps.onStep('file_removed')
  } catch (error) {
    if (!(error instanceof ReadFailed) || error instanceof VolumeDamaged) throw error
    deps.log.error({ handIn: handIn.id, number: file.number, reason: error.message }, 'a file could not be cleared')
    return await leave('not_removed')
  }
  await settleCleared(deps, clearing, file)
}

/** A file that is not on the device any more: removed by us when we had begun to, else by somebody else. */
async function settleAbsent(deps: StationDeps, clearing: ClearingRecord, file: ClearingFile): Promise<void> {
  if (file.outcome === 'removing') return await settleCleared(deps, clearing, file)
  await deps.clearings.outcome(clearing, file, 'gone')
}

async function settleCleared(deps: StationDeps, clearing: ClearingRecord, file: ClearingFile): Promise<void> {
  const handIn = deps.book.byId(clearing.handIn)!
  const cleared = file.basis === 'witnessed' ? ('yes' as const) : ('before_witness' as const)
  const { set, values } = changeOf({ cleared })
  await deps.clearings.outcome(clearing, file, 'cleared', [
    { sql: `update file set ${set} where hand_in = ? and number = ?`, values: [...values, handIn.id, file.number] },
  ])
  await deps.book.saveFile(handIn, handIn.files[file.number]!, { cleared })
}

/** Verifies the stored receipt once more, against what the device holds now. */
async function holds(
  { database, trust }: StationDeps,
  { handIn, file }: DockedFile,
  basis: ClearingBasis,
  sha256: string,
): Promise<boolean> {
  const [row] = await database.read<{ text: string }>('select text from receipt where hand_in = ? and number = ?', [
    handIn.id,
    file.number,
  ])
  if (!row) return false
  const answer = JSON.parse(row.text) as ReceiptAnswer
  const { receipt } = checkAnswer(answer, { sha256, bytes: file.bytes }, handIn.serial, trust)
  return receipt === 'witnessed' || (basis === 'before_witness' && receipt === 'provisional' && file.keptCopy !== null)
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
    if (!handIn || isDocked(handIn.serial)) continue
    if (clearing.files.some(({ outcome }) => outcome === 'removing')) continue
    if (clearing.state === 'intended' && !(await announce(deps, clearing, null))) continue
    await deps.clearings.end(clearing)
    deps.wake()
  }
}
