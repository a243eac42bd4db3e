import { findGaps } from '../gaps/find.ts'
import { openingPath } from '../ingest/outbox.ts'
import { type Register, rosterUser } from '../ingest/register.ts'
import type { SeenFile } from '../sources/source.ts'
import type { FileRecord, FoundGap, HandInRecord } from '../spool/records.ts'
import type { StationDeps } from './deps.ts'
import { originCharsMax } from './desk-words.ts'
import { dockedFiles, type Matched, matchKnown, recordOf, signList, vanishedFiles } from './docked-files.ts'
import { isOnWall, mediumOf, type Session } from './session.ts'
import { shortened } from './shortened.ts'

/**
 * Signs the list of everything that was seen, unless nothing is new since the last one: then that one holds, however often the
 * device was plugged in. An empty device that never handed anything in makes none. When it returns, the list is on the disk.
 */
export async function openHandIn(deps: StationDeps, session: Session, seen: readonly SeenFile[]): Promise<void> {
  const earlier = deps.book.ofMedium(session.serial!, mediumOf(session.volume))
  await listAnewWhatDiffers(deps, earlier)
  const matched = matchKnown(seen, earlier, session.isSameStay)
  await noteVanished(deps, matched, earlier)
  for (const { known } of matched) if (known) await tryAgain(deps, known)
  const standing = earlier.filter(({ state }) => state !== 'refused').at(-1) ?? null
  const isNew = matched.some(({ known }) => known === null)
  session.handIn = isNew ? await signAndKeep(deps, session, matched) : seen.length > 0 ? standing : null
  session.changed = changedCount(seen, earlier)
  session.files = dockedFiles(matched, session.handIn)
  if (!session.handIn) return
  if (isNew) await keepGaps(deps, session, matched)
  session.gaps = await deps.answers.gapsOf(session.handIn.id)
  session.statements = await deps.answers.statementsOf(session.handIn.id)
  session.keptCard = await deps.answers.keptCardOf(session.handIn.id)
}

/** What went wrong with a file in an earlier docking is tried once more in this one. */
async function tryAgain({ book }: StationDeps, { handIn, file }: NonNullable<Matched['known']>): Promise<void> {
  const { receipt, receiptReason, cleared, sending } = file
  // What did not verify may have been changed on its way: it is asked for anew, before the device is let go.
  if (receipt === 'wrong') await book.saveFile(handIn, file, { receipt: 'none', receiptReason: null })
  // The limit that it was over, or what else the bureau refused it for, may be another one by now.
  if (sending === 'refused') await book.saveFile(handIn, file, { sending: 'waiting', refusal: null })
  // Whether a copy there is damaged still is asked anew.
  const again = { cleared: 'no' as const, receiptReason: receipt === 'witnessed' ? null : receiptReason }
  if (cleared === 'failed') await book.saveFile(handIn, file, again)
}

/** Bytes that the bureau has otherwise than they were read stay with their line: the file gets a line of its own, and is read. */
async function listAnewWhatDiffers({ book }: StationDeps, earlier: readonly HandInRecord[]): Promise<void> {
  for (const handIn of earlier) {
    const differing = handIn.files.filter(({ refusal, cleared }) => refusal === 'digest_differs' && cleared === 'no')
    if (differing.length === 0) continue
    await book.saveFiles(
      handIn,
      differing.map((file) => ({ file, change: { cleared: 'changed' as const } })),
    )
  }
}

/** What the device holds there is another file than its line is about. */
const isOtherByNow = ({ cleared, refusal }: FileRecord) => cleared === 'changed' && refusal !== 'digest_differs'

function changedCount(seen: readonly SeenFile[], earlier: readonly HandInRecord[]): number {
  const changed = earlier.flatMap(({ files }) => files.filter(isOtherByNow))
  const paths = new Set(changed.map(({ path }) => path.toString('latin1')))
  return seen.filter(({ path }) => paths.has(path.toString('latin1'))).length
}

async function signAndKeep(deps: StationDeps, session: Session, matched: readonly Matched[]): Promise<HandInRecord> {
  const { serial, volume, slot, person } = session
  const isSaidOnce = session.serialBy === 'stated' || session.serialBy === 'label'
  const wasSaidBefore = session.serialBy === 'remembered' || (isSaidOnce && session.handIn !== null)
  if (wasSaidBefore && !session.isForeign) await restateVolume(deps, session)
  const openedMs = deps.now()
  const { origin, facts } = volume
  const head = {
    serial: serial!,
    openedAt: new Date(openedMs).toISOString(),
    clockOffsetMs: facts.clockOffsetMs,
    origin: { kind: origin.kind, from: shortened(origin.from ?? `槽位 ${slot}`, originCharsMax) },
    user: person === null ? null : { person: person.id, grade: 'roster' },
  }
  const { filesRoot, list } = signList(head, matched, deps.signingKey)
  const handIn = recordOf(matched, { id: deps.newId(), serial: serial!, medium: mediumOf(volume), openedMs, filesRoot })
  await deps.book.add(handIn, list, [{ path: openingPath, body: null }])
  deps.onStep('list_signed')
  deps.wake()
  return handIn
}

/**
 * The bureau marks one hand-in for each time that somebody said whose a volume is. This one rests on what was said before, so
 * that is told again ahead of it.
 */
async function restateVolume(deps: StationDeps, { serial, volume }: Session): Promise<void> {
  const saidAt = new Date(deps.now()).toISOString()
  const said = { answer: 'ours', serial, words: rememberedWords, by: { personId: null, grade: 'slot' } }
  await deps.answers.report({ id: deps.newId(), saidAt, kind: 'volume_stated', uuid: volume.uuid, ...said }, null)
}

const rememberedWords = '本站沿用此前对同一存储卷的指认，此次无人另作说明'

async function keepGaps(deps: StationDeps, session: Session, matched: readonly Matched[]): Promise<void> {
  const { handIn, volume, device } = session
  const { facts, sizeBytes, freeBytes } = volume
  const hasKnown = matched.some(({ known }) => known !== null && known.file.runningNumber !== null)
  const files = handIn!.files.map((file) => ({ ...file, counter: volume.counterOf?.(file.path) ?? null }))
  const found = findGaps(files, {
    runningMax: volume.runningMax ?? null,
    // What is still there of earlier lists is in the list itself. Days of a store and cards of a desk come in any order: the
    // bureau compares those by the order in which they were signed.
    lastRunningNumber: hasKnown || !isOnWall(session) ? null : (device?.lastHandIn?.runningNumber ?? null),
    batteryPercent: facts.batteryPercent,
    freePercent: sizeBytes > 0 ? (freeBytes / sizeBytes) * 100 : null,
    clockOffsetMs: facts.clockOffsetMs,
    clockErrorMaxMs: deps.register.current()!.settings.clockErrorMaxMs,
  })
  // Between two files of earlier lists it was found before.
  const fresh = found.filter(({ afterNumber }) => afterNumber === null || handIn!.files[afterNumber]!.home === null)
  await deps.answers.keepGaps(
    handIn!,
    fresh.map((gap) => ({ id: deps.newId(), ...gap })),
  )
  if (fresh.length > 0) deps.wake()
}

/** A file of an earlier list that went otherwise than by us; one that was never read is a gap of that list. */
async function noteVanished(
  deps: StationDeps,
  matched: readonly Matched[],
  earlier: readonly HandInRecord[],
): Promise<void> {
  const open = new Set((await deps.clearings.open()).map(({ handIn }) => handIn))
  for (const { handIn, file } of vanishedFiles(matched, earlier)) {
    // Whether it was us is decided when that clearing is ended.
    if (open.has(handIn.id)) continue
    if (file.reading === 'waiting') await noteNotRead(deps, handIn, file.number)
    await deps.book.saveFile(handIn, file, { cleared: 'gone' })
  }
}

/** Tells the bureau of a listed file that could not be read, once. */
export async function noteNotRead(deps: StationDeps, handIn: HandInRecord, number: number): Promise<void> {
  const known = await deps.answers.gapsOf(handIn.id)
  if (known.some(({ kind, afterNumber }) => kind === 'not_read' && afterNumber === number)) return
  const gap: FoundGap = {
    id: deps.newId(),
    kind: 'not_read',
    beforeNumber: null,
    afterNumber: number,
    fromTime: handIn.files[number]!.deviceTime,
    toTime: null,
    lengthMs: null,
    missingNumbers: null,
    proposed: null,
  }
  await deps.answers.keepGaps(handIn, [gap])
  deps.wake()
}

/** Who is known to use a device this shift. */
export function userOf(register: Register | null, serial: string, nowMs: number) {
  return register ? rosterUser(register, serial, nowMs) : null
}
