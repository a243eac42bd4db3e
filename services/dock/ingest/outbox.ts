import type { Logger } from '../../foundation/log.ts'
import type { Book } from '../spool/book.ts'
import type { SpoolDatabase } from '../spool/database.ts'
import type { HandInRecord } from '../spool/records.ts'
import { type Ingest, Refused } from './client.ts'

/** Path of the post that opens a hand-in: its answer names the bureau's id. */
export const openingPath = '/hand-ins'
export const reportsPath = '/docks/me/reports'

interface OutboxDeps {
  readonly database: SpoolDatabase
  readonly ingest: Ingest
  readonly book: Book
  readonly log: Logger
  readonly onStep: (step: 'hand_in_opened') => void
}

interface PostRow {
  readonly sequence: number
  readonly hand_in: string | null
  readonly path: string
  readonly body: string
}

/**
 * Posts what waits, in the order in which it was put there, until nothing does. Each may go twice: every body has an id of
 * its own, or is a signed list that the bureau knows again.
 *
 * @throws Away: the rest waits. What the bureau refuses is kept with its reason, and the next is posted.
 */
export async function postWaiting(deps: OutboxDeps): Promise<void> {
  const { database } = deps
  for (;;) {
    const [post] = await database.read<PostRow>(
      "select sequence, hand_in, path, body from post where state = 'waiting' order by sequence limit 1",
    )
    if (!post) return
    const handIn = post.hand_in === null ? null : await handInOfPost(deps, post.hand_in)
    if (post.path === openingPath) await postOpening(deps, post, handIn!)
    else await postOther(deps, post, handIn)
  }
}

async function postOpening(
  deps: OutboxDeps,
  post: PostRow,
  handIn: Pick<HandInRecord, 'id' | 'serverId'>,
): Promise<void> {
  const { ingest, book, database, log } = deps
  const record = book.byId(handIn.id)!
  const [row] = await database.read<{ list: string }>('select list from hand_in where id = ?', [handIn.id])
  try {
    const { text } = await ingest.ask({ method: 'POST', path: openingPath, json: JSON.parse(row!.list) })
    const { id } = JSON.parse(text) as { id: string }
    await book.saveHandIn(record, { state: 'opened', serverId: id }, [sent(post)])
    deps.onStep('hand_in_opened')
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    log.error({ handIn: handIn.id, code: error.code, reason: error.message }, 'the bureau refuses a signed list')
    await book.saveHandIn(record, { state: 'refused', refusal: error.message }, [refused(post, error.message)])
  }
}

async function postOther(
  { database, ingest, log }: { database: SpoolDatabase; ingest: Ingest; log: Logger },
  post: PostRow,
  handIn: Pick<HandInRecord, 'serverId'> | null,
): Promise<void> {
  if (post.hand_in !== null && !handIn?.serverId) {
    return database.write([refused(post, 'its list was refused')])
  }
  try {
    const path = post.path.replace('{handIn}', handIn?.serverId ?? '')
    const body = JSON.parse(post.body) as object
    // A report about a list names the bureau's id of it, which was not known when it was written.
    const isReport = handIn?.serverId && post.path === reportsPath
    await ingest.ask({ method: 'POST', path, json: isReport ? { ...body, handInId: handIn.serverId } : body })
    await database.write([sent(post)])
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    log.error({ path: post.path, code: error.code, reason: error.message }, 'the bureau refuses a post')
    await database.write([refused(post, error.message)])
  }
}

async function handInOfPost(
  { database, book }: { database: SpoolDatabase; book: Book },
  id: string,
): Promise<Pick<HandInRecord, 'id' | 'serverId'>> {
  const known = book.byId(id)
  if (known) return known
  const [row] = await database.read<{ server_id: string | null }>('select server_id from hand_in where id = ?', [id])
  return { id, serverId: row?.server_id ?? null }
}

const sent = ({ sequence }: PostRow) => ({
  sql: "update post set state = 'sent' where sequence = ?",
  values: [sequence],
})

const refused = ({ sequence }: PostRow, reason: string) => ({
  sql: "update post set state = 'refused', refusal = ? where sequence = ?",
  values: [reason, sequence],
})
