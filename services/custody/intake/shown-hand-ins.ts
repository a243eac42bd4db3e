import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { type EventBody, leafHash } from '../../ledger/format/entry.ts'
import { inclusionProof, rootOfPerfect } from '../../ledger/format/merkle.ts'
import { openedHandIns, type ShownHandIn } from '../../ledger/verify/shown-hand-in.ts'
import { eventOf } from '../events/read.ts'
import { lineOf, storedLineDigest } from './hand-in-lines.ts'

/**
 * Of each dock's list that belongs to a case, the lines that its uploads claimed, with the proofs that these stand on the
 * signed list (services/ledger/DESIGN.md §6, "Hand-ins"), ascending by id.
 *
 * @param subjects `type:id`: those that belong to the case
 * @param bodies of its events
 * @throws log_forked when a line that an event names is gone
 */
export async function shownHandIns(
  db: Db,
  subjects: readonly string[],
  bodies: readonly EventBody[],
): Promise<ShownHandIn[]> {
  const ids = [...openedHandIns(subjects, bodies)]
  const shown: ShownHandIn[] = []
  for (const handInId of ids.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
    const claimed = claimedLines(handInId, bodies)
    shown.push({ handInId, lines: claimed.length > 0 ? await provenLines(db, handInId, claimed) : [] })
  }
  return shown
}

/** Numbers of the lines that uploads of the case are; none of a list of version 1, which was signed as a whole. */
function claimedLines(handInId: string, bodies: readonly EventBody[]): number[] {
  const isOpening = (body: EventBody) =>
    body.subjects.some(({ type, id }) => type === 'hand-in-list' && id === handInId)
  const opened = bodies.flatMap((body) => (isOpening(body) ? (eventOf(body, 'hand_in.opened') ?? []) : []))[0]
  if (opened?.details.head === undefined) return []
  const numbers = bodies.flatMap((body) => {
    const details = eventOf(body, 'upload.created')?.details
    const isOfIt = body.subjects.some(({ type, id }) => type === 'hand_in' && id === handInId)
    return isOfIt && details?.onList === true && details.line !== undefined ? [details.line] : []
  })
  return [...new Set(numbers)].sort((a, b) => a - b)
}

async function provenLines(db: Db, handInId: string, claimed: readonly number[]): Promise<ShownHandIn['lines']> {
  const rows = await db
    .selectFrom('hand_in_file')
    .select(['number', 'name', 'bytes', 'sha256', 'device_time', 'mark', 'salt'])
    .where('hand_in_id', '=', handInId)
    .orderBy('number')
    .execute()
  const hashes = Buffer.concat(rows.map((row) => leafHash(storedLineDigest(row))))
  const read = (level: number, index: number) =>
    rootOfPerfect(hashes.subarray(index * 2 ** level * 32, (index + 1) * 2 ** level * 32))
  return claimed.map((number) => {
    const row = rows[number]
    if (row?.number !== number) {
      throw new Fault('log_forked', `line ${number} of hand-in ${handInId} is gone: run \`custody fsck\``)
    }
    const path = inclusionProof(number, rows.length, read).map((one) => one.toString('hex'))
    return { line: lineOf(row), path, salt: row.salt.toString('hex') }
  })
}
