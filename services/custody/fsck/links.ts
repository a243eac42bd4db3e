import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { linkTag, subjectSecretBytes } from '../../ledger/format/links.ts'
import { isSecretOf } from '../../ledger/verify/subjects.ts'
import type { FsckCheck } from '../events/fsck-checks.ts'
import type { Report } from './finding.ts'

/** A leaf whose event holds: the subjects of its committed body, and the tags (hex) that its data carry. */
export interface LinkedLeaf {
  readonly index: number
  readonly eventId: string
  readonly subjects: readonly string[]
  readonly tags: readonly string[]
}

interface Told {
  readonly badSecrets: ReadonlySet<string>
  readonly namedSubjects: Set<string>
  readonly report: Report
}

interface LinkRow {
  readonly subject: string
  readonly n: number
  readonly event_id: string
  readonly leaf_index: number
}

const pageRows = 200

/**
 * Checks every stored secret against the log's VRF key. Returns the subjects whose secret is not the one it gives. The rows'
 * MACs are not checked: only the sequencer has their key, and it never believes a row whose MAC is wrong.
 */
export async function checkStoredSecrets(
  db: Db,
  vrfPublicKey: Uint8Array | null,
  report: Report,
  signal?: AbortSignal,
): Promise<Set<string>> {
  const bad = new Set<string>()
  let last = ''
  for (;;) {
    const rows = await db
      .selectFrom('subject_secret')
      .selectAll()
      .where('subject', '>', last)
      .orderBy('subject')
      .limit(pageRows)
      .execute()
    signal?.throwIfAborted()
    for (const row of rows) checkSecret(row, vrfPublicKey, bad, report)
    if (rows.length < pageRows) return bad
    last = rows.at(-1)!.subject
    // 2 ms a proof: let others have the thread.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** The same for these subjects alone. */
export async function checkStoredSecretsOf(
  db: Db,
  subjects: readonly string[],
  vrfPublicKey: Uint8Array | null,
  report: Report,
): Promise<Set<string>> {
  const bad = new Set<string>()
  const rows = await db
    .selectFrom('subject_secret')
    .selectAll()
    .where('subject', 'in', [...subjects])
    .execute()
  for (const row of rows) checkSecret(row, vrfPublicKey, bad, report)
  return bad
}

function checkSecret(
  row: { subject: string; secret: Buffer; proof: Buffer },
  vrfPublicKey: Uint8Array | null,
  bad: Set<string>,
  report: Report,
): void {
  if (vrfPublicKey ? isSecretOf(vrfPublicKey, row) : row.secret.length === subjectSecretBytes) return
  bad.add(row.subject)
  report.error('tree.secret_differs', row.subject, "its secret is not the one that the log's VRF key gives")
}

/** For each event: one link a subject, at its leaf, whose tag the leaf carries. */
export async function checkLinks(db: Db, leaves: readonly LinkedLeaf[], told: Told): Promise<void> {
  if (leaves.length === 0) return
  const rows = await db
    .selectFrom('link')
    .selectAll()
    .where(
      'event_id',
      'in',
      leaves.map(({ eventId }) => eventId),
    )
    .execute()
  const links = Map.groupBy(rows, (row) => row.event_id)
  const secrets = await storedSecrets(db, new Set(leaves.flatMap(({ subjects }) => subjects)))
  for (const leaf of leaves) checkLinksOfLeaf(leaf, links.get(leaf.eventId) ?? [], secrets, told)
}

function checkLinksOfLeaf(
  leaf: LinkedLeaf,
  links: readonly LinkRow[],
  secrets: ReadonlyMap<string, Buffer>,
  told: Told,
): void {
  const name = (check: FsckCheck, subject: string, problem: string) => {
    told.namedSubjects.add(subject)
    told.report.error(check, `event ${leaf.eventId}`, problem)
  }
  for (const subject of leaf.subjects) {
    const link = links.find((row) => row.subject === subject)
    const secret = secrets.get(subject)
    if (!link) name('tree.link_missing', subject, `it has no link of ${subject}`)
    else if (link.leaf_index !== leaf.index) {
      name(
        'tree.link_differs',
        subject,
        `its link of ${subject} names leaf ${link.leaf_index} instead of ${leaf.index}`,
      )
    } else if (!secret) {
      if (told.namedSubjects.has(subject)) continue
      told.namedSubjects.add(subject)
      told.report.error('tree.secret_missing', subject, 'the row of its secret is missing')
    } else if (!told.badSecrets.has(subject) && !leaf.tags.includes(linkTag(secret, link.n).toString('hex'))) {
      name('tree.link_differs', subject, `leaf ${leaf.index} does not carry number ${link.n} of ${subject}`)
    }
  }
  for (const link of links) {
    if (leaf.subjects.includes(link.subject)) continue
    name('tree.link_extra', link.subject, `it has a link of ${link.subject}, which it is not about`)
  }
}

/**
 * Links of no event (of these subjects alone, or of all). With the leaf gone too, the missing leaf is what happened: such
 * leaves are returned, and what they said of the subjects cannot be known.
 */
export async function checkStrayLinks(
  db: Db,
  subjects: readonly string[] | null,
  report: Report,
): Promise<{ subjects: Set<string>; missingLeaves: Set<number> }> {
  const links = await db
    .selectFrom('link')
    .leftJoin('event', 'event.id', 'link.event_id')
    .leftJoin('leaf', 'leaf.event_id', 'link.event_id')
    .where('event.id', 'is', null)
    .where('leaf.index', 'is', null)
    .$if(subjects !== null, (query) => query.where('link.subject', 'in', [...subjects!]))
    .select(['link.subject', 'link.n', 'link.event_id', 'link.leaf_index'])
    .limit(1001)
    .execute()
  const missingLeaves = await leavesWithoutRow(db, links)
  for (const row of links) {
    if (missingLeaves.has(row.leaf_index)) report.distrust(row.subject)
    else
      report.error(
        'tree.link_extra',
        row.subject,
        `its number ${row.n} names event ${row.event_id}, which is not there`,
      )
  }
  return { subjects: new Set(links.map((row) => row.subject)), missingLeaves }
}

/** Subjects (these, or all) whose numbers are not 1 to n; `named` are those that something was said about. */
export async function checkStoredNumbers(
  db: Db,
  subjects: readonly string[] | null,
  named: ReadonlySet<string>,
  report: Report,
): Promise<void> {
  const rows = await db
    .selectFrom('link')
    .$if(subjects !== null, (query) => query.where('subject', 'in', [...subjects!]))
    .groupBy('subject')
    .having(sql<boolean>`count(*) <> max(n)`)
    .select((select) => ['subject', select.fn.countAll<number>().as('count'), select.fn.max('n').as('last')])
    .limit(1001)
    .execute()
  for (const { subject, count, last } of rows) {
    if (named.has(subject)) continue
    report.error('tree.number_missing', subject, `its last number is ${last}, but it has ${count} links`)
  }
}

async function leavesWithoutRow(db: Db, links: readonly LinkRow[]): Promise<Set<number>> {
  if (links.length === 0) return new Set()
  const indexes = [...new Set(links.map((row) => row.leaf_index))]
  const rows = await db.selectFrom('leaf').select('index').where('index', 'in', indexes).execute()
  const present = new Set(rows.map((row) => row.index))
  return new Set(indexes.filter((index) => !present.has(index)))
}

async function storedSecrets(db: Db, subjects: ReadonlySet<string>): Promise<Map<string, Buffer>> {
  const rows = await db
    .selectFrom('subject_secret')
    .select(['subject', 'secret'])
    .where('subject', 'in', [...subjects])
    .execute()
  return new Map(rows.map((row) => [row.subject, row.secret]))
}
