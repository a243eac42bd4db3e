import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { DownloadEnd } from '../../foundation/db/words.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import type { Stores } from '../../foundation/store/store.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { parseLogKeys } from '../../ledger/format/log-keys.ts'
import { dockDigestFaults } from '../../ledger/verify/dock-digests.ts'
import { handInFaults } from '../../ledger/verify/hand-ins.ts'
import type { PlacedBody } from '../../ledger/verify/placed-body.ts'
import { findCase } from '../cases/case.ts'
import type { Actor } from '../events/actor.ts'
import { eventOf } from '../events/read.ts'
import { recordEvent } from '../events/record.ts'
import { listedKinds } from '../events/signed-list.ts'
import { checkTimesOf } from '../fsck/event-times.ts'
import { checkEvent, openEventChecker } from '../fsck/events.ts'
import { openReport, type Report } from '../fsck/finding.ts'
import { type EventRow, leafCount, tiledLeaves } from '../fsck/leaf-rows.ts'
import { checkStoredNumbers, checkStoredSecretsOf, checkStrayLinks } from '../fsck/links.ts'
import { reportRepeated } from '../fsck/once.ts'
import { caseGroup, checkGroup, recordingGroup } from '../fsck/rows.ts'
import { checkSignature } from '../fsck/signatures.ts'
import { checkSignedLists } from '../fsck/signed-lists.ts'
import { inSnapshot } from '../fsck/snapshot.ts'
import { shownHandIns } from '../intake/shown-hand-ins.ts'
import { isPutUpOf, matterOf, signedKinds } from '../signing/put-up.ts'
import { readCheckpoint } from './checkpoint.ts'
import { chainEvents, disclosedSecrets } from './events.ts'
import { checkInTree } from './inclusion.ts'
import { chainRecordings } from './recordings.ts'
import type { CaseChain } from './schema.ts'
import type { StoredEvent } from './stored-events.ts'

export interface ChainDeps {
  readonly db: Db
  readonly stores: Stores
  /** The log's verifier keys as `parseLogKeys` reads them; without them the checkpoint's signature is left to the reader. */
  readonly verifierKey: string | null
  /** 32 bytes in hex. */
  readonly vrfPublicKey: string | null
}

/**
 * A case's evidence chain: every event of the case, of each recording that was ever attached to it (by rows or by events),
 * of their uploads and viewings, and of the registers of the people, devices and docks in them, in the order of the ledger, with what is needed to verify them from the tiles alone. What
 * this service finds amiss by itself is listed; it is built from event bodies and compared with the rows, so that a row
 * that was deleted or changed shows.
 *
 * The quick answer looks up version, size and lock of each copy; `objects` reads and hashes them, until `signal` ends it.
 *
 * @throws not_found when neither rows nor events know the case; the signal's reason
 */
export async function chainOfCase(
  deps: ChainDeps,
  caseNumber: string,
  options: { objects?: boolean; signal?: AbortSignal } = {},
): Promise<CaseChain> {
  const report = openReport()
  const told = await inSnapshot(deps.db, (snapshot) => readLedger(snapshot, deps, caseNumber, report))
  const recordings = await chainRecordings(deps, told.recordingIds, { objects: false, ...options }, report)
  await checkGroup(deps.db, caseGroup, [caseNumber], report)
  await checkGroup(deps.db, recordingGroup, told.recordingIds, report)
  const row = await findCase(deps.db, caseNumber)
  return {
    case: {
      number: caseNumber,
      id: row?.id ?? null,
      title: row?.title ?? null,
      kind: row?.kind ?? null,
      openedAt: row?.opened_at.toISOString() ?? null,
    },
    checkpoint: told.checkpoint,
    vrfPublicKey: deps.vrfPublicKey,
    subjects: told.subjects,
    recordings,
    events: told.events,
    loose: told.loose,
    handIns: told.handIns,
    findings: report.findings().map(({ check, subject, problem }) => ({ code: check, where: subject, what: problem })),
  }
}

/**
 * Records that somebody read a case's evidence chain: by its number, since when, and what it showed, with null for both
 * counts when it failed, or was `ended`, after copies were read.
 */
export async function recordChainRead(
  trx: Trx,
  clock: Clock,
  reader: Actor,
  read: {
    number: string
    objects: boolean
    startedAt: Date
    events: number | null
    findings: number | null
    ended?: DownloadEnd
  },
): Promise<void> {
  const { number, startedAt, ...details } = read
  await recordEvent(trx, 'chain.read', {
    clock,
    by: reader,
    subjects: [
      { type: 'case', id: number },
      { type: 'person', id: reader.id },
    ],
    details: { ...details, startedAt: startedAt.toISOString() },
  })
}

async function readLedger(db: Db, deps: ChainDeps, caseNumber: string, report: Report) {
  const found = await chainEvents(db, caseNumber)
  if (found.events.length === 0 && !(await findCase(db, caseNumber))) {
    throw new Fault('not_found', `there is no case ${caseNumber}`)
  }
  const log = deps.verifierKey === null ? null : parseLogKeys(deps.verifierKey)
  const checkpoint = await readCheckpoint(db, log, report)
  const subjects = await disclosedSecrets(db, found.subjects)
  const all = [...found.stored, ...found.loose]
  const leaves = all.flatMap(({ leaf }) => (leaf ? [leaf] : []))
  const damaged = checkpoint.trusted ? await checkInTree(db, checkpoint.trusted, leaves, report) : new Set<number>()
  await checkStoredEvents(db, deps, { stored: all, subjects: found.subjects, damaged }, report)
  checkActs(all, report)
  await checkSignedLists(db, listsNamedIn(all), report)
  const handIns = await checkedHandIns(db, found, report)
  const sound = leaves.map(({ index }) => index).filter((index) => !damaged.has(index))
  await checkTimesOf(db, sound, report)
  return {
    checkpoint: checkpoint.note,
    subjects,
    events: found.events,
    loose: found.looseEvents,
    recordingIds: found.recordingIds,
    handIns,
  }
}

/** The docks' lists, as far as they are of the case, and what else docks signed of their files, compared with the events by the rules of the package verifiers. */
async function checkedHandIns(
  db: Db,
  found: { subjects: readonly string[]; stored: readonly StoredEvent[]; loose: readonly StoredEvent[] },
  report: Report,
): Promise<CaseChain['handIns']> {
  const events = placed(found.stored)
  const bodies = events.map(({ body }) => body)
  const handIns = await shownHandIns(db, found.subjects, bodies).catch((error: unknown) => {
    // A line that is gone makes no package; the chain is there to say so.
    if (!isFault(error, 'log_forked')) throw error
    report.error('signatures.hand_in_differs', 'hand-ins', error.message)
    return []
  })
  const loose = placed(found.loose)
  for (const { where, what } of handInFaults(handIns, found.subjects, events, loose)) {
    report.error('signatures.hand_in_differs', where, what)
  }
  for (const { where, what } of dockDigestFaults(handIns, found.subjects, events, loose)) {
    report.error('signatures.dock_digest_unsigned', where, what)
  }
  return handIns.map(({ handInId, lines }) => ({
    handInId,
    lines: lines.map((one) => ({ ...one, path: [...one.path] })),
  }))
}

/** The bodies with their leaves. Those that wait for one come behind all others, in the order in which they are stored. */
function placed(stored: readonly StoredEvent[]): PlacedBody[] {
  let next = Math.max(0, ...stored.map(({ leaf }) => (leaf ? leaf.index + 1 : 0)))
  return stored.flatMap(({ event, leaf }) => {
    const body = event && bodyOrNull(event.body)
    return body ? [{ index: leaf ? leaf.index : next++, body }] : []
  })
}

async function checkStoredEvents(
  db: Db,
  deps: ChainDeps,
  found: { stored: readonly StoredEvent[]; subjects: readonly string[]; damaged: ReadonlySet<number> },
  report: Report,
): Promise<void> {
  const vrfPublicKey = deps.vrfPublicKey === null ? null : Buffer.from(deps.vrfPublicKey, 'hex')
  const badSecrets = await checkStoredSecretsOf(db, found.subjects, vrfPublicKey, report)
  const checker = openEventChecker(db, badSecrets, report)
  for (const { event, leaf } of found.stored) {
    if (leaf && !found.damaged.has(leaf.index)) await checker.take(leaf)
    else if (event && !leaf) await checkUnplaced(db, event, report)
  }
  await checker.flush()
  const missing = await checkStrayLinks(db, found.subjects, report)
  for (const index of missing.missingLeaves) report.error('tree.leaf_missing', `leaf ${index}`, 'its row is missing')
  await checkStoredNumbers(db, found.subjects, new Set([...checker.namedSubjects, ...missing.subjects]), report)
}

/** What happens once, and the signatures in the chain; what puts those up for signature is in the same chain. */
function checkActs(stored: readonly StoredEvent[], report: Report): void {
  const readable = stored.flatMap(({ event }) => {
    const body = event && bodyOrNull(event.body)
    return body && !event.subjects.some((subject) => report.isDistrusted(subject))
      ? [{ id: event.id, text: event.body, body }]
      : []
  })
  reportRepeated(readable, report)
  for (const { id, body } of readable) {
    const kind = signedKinds.find((one) => one === body.kind)
    const matter = kind && matterOf(kind, body)
    if (!kind || !matter) continue
    const putUps = readable.filter((one) => isPutUpOf(kind, matter, one.body))
    checkSignature({ id, body }, putUps, report)
  }
}

/** Ids of the lists that acts of the chain were signed in. Each is checked whole: its digest binds the acts of other cases too. */
function listsNamedIn(stored: readonly StoredEvent[]): string[] {
  const ids = stored.flatMap(({ event }) => {
    const body = event && bodyOrNull(event.body)
    return (body && eventOf(body, ...listedKinds)?.details.list?.id) ?? []
  })
  return [...new Set(ids)]
}

/** An event that waits for its leaf, or claims one that is gone or another's. */
async function checkUnplaced(db: Db, event: EventRow, report: Report): Promise<void> {
  if (event.leaf_index === null) {
    checkEvent(event, event.commitment.toString('hex'), report)
    return
  }
  const claimed = await db.selectFrom('leaf').select('index').where('index', '=', event.leaf_index).executeTakeFirst()
  if (!claimed && event.leaf_index < Math.max(await leafCount(db), await tiledLeaves(db))) {
    report.error('tree.leaf_missing', `leaf ${event.leaf_index}`, 'there is no row of it')
    return
  }
  report.error('tree.event_extra', `event ${event.id}`, `leaf ${event.leaf_index}, which it claims, is not its own`)
  for (const subject of event.subjects) report.distrust(subject)
}
