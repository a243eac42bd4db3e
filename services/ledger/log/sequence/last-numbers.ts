import { sql } from 'kysely'
import type { Trx } from '../../../foundation/db/database.ts'
import { Fault } from '../../../foundation/errors.ts'
import { parseLeafData } from '../../format/entry.ts'
import { linkTag } from '../../format/links.ts'
import type { SecretSource } from './subject-secrets.ts'

interface LastLink {
  readonly subject: string
  readonly n: number | null
  readonly data: Buffer | null
}

/**
 * The last number of each subject: remembered from this sequencer's own commits, else the newest link row, which is
 * believed only when its tag stands in its leaf. A row with a number far ahead would otherwise put the next event where no
 * reader of the chain looks for it.
 *
 * @throws log_forked when a link row is not that of its leaf
 */
export async function lastNumbers(
  trx: Trx,
  source: SecretSource,
  secrets: ReadonlyMap<string, Buffer>,
): Promise<Map<string, number>> {
  const numbers = new Map<string, number>()
  for (const subject of secrets.keys()) {
    const n = source.numbers.get(subject)
    if (n !== undefined) numbers.set(subject, n)
  }
  const unknown = [...secrets.keys()].filter((subject) => !numbers.has(subject))
  if (unknown.length === 0) return numbers
  const { rows } = await sql<LastLink>`
    select wanted.subject, last.n, leaf.data
    from unnest(${unknown}::text[]) as wanted (subject)
    left join lateral (
      select n, leaf_index from link where link.subject = wanted.subject order by n desc limit 1) as last on true
    left join leaf on leaf.index = last.leaf_index`.execute(trx)
  for (const row of rows) numbers.set(row.subject, provenNumber(row, secrets.get(row.subject)!))
  return numbers
}

function provenNumber({ subject, n, data }: LastLink, secret: Buffer): number {
  if (n === null) return 0
  const tag = linkTag(secret, n).toString('hex')
  if (data && parseLeafData(data).links.includes(tag)) return n
  throw new Fault('log_forked', `link ${n} of ${subject} does not stand in its leaf: run \`custody fsck\``)
}
