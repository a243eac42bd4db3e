import type { HandInSummary } from '../custody/hand-ins/hand-in-list.ts'
import type { AccessClient } from './access-client.ts'
import type { HandInCard } from './hand-in-text.ts'

type Reader = Pick<AccessClient, 'json'>

/** What the service answers at once, at most. */
const pageSize = 200

/** Every hand-in of a span (`from`, `to`: ISO 8601), the last opened first, read page by page. */
export async function readHandIns(client: Reader, span: Readonly<Record<string, string>>): Promise<HandInSummary[]> {
  const all: HandInSummary[] = []
  let cursor: string | null = null
  do {
    const query: URLSearchParams = new URLSearchParams({ ...span, limit: String(pageSize), ...(cursor && { cursor }) })
    const page = (await client.json(`/hand-ins?${query}`)) as { handIns: HandInSummary[]; next: string | null }
    all.push(...page.handIns)
    cursor = page.next
  } while (cursor !== null)
  return all
}

/** A hand-in with every file of its list, read page by page. @throws not_found */
export async function readHandIn(client: Reader, id: string): Promise<HandInCard> {
  const page = async (from: number) =>
    (await client.json(`/hand-ins/${encodeURIComponent(id)}?fromNumber=${from}`)) as HandInCard & {
      readonly nextNumber: number | null
    }
  const { nextNumber, ...card } = await page(0)
  const listed = [...card.listed]
  for (let next = nextNumber; next !== null; ) {
    const more = await page(next)
    listed.push(...more.listed)
    next = more.nextNumber
  }
  return { ...card, listed }
}
