import type { Logger } from '../../foundation/log.ts'
import type { Book } from '../spool/book.ts'
import type { SpoolDatabase, Statement } from '../spool/database.ts'
import type { HandInRecord } from '../spool/records.ts'
import { Away, type Ingest, Refused } from './client.ts'
import type { PostTroubles } from './post-troubles.ts'

/** Path of the post that opens a hand-in: its answer names the bureau's id. */
export const openingPath = '/hand-ins'
export const reportsPath = '/docks/me/reports'

interface OutboxDeps {
  readonly database: SpoolDatabase
  readonly ingest: Ingest
  readonly book: Book
  readonly log: Logger
  readonly troubles: PostTroubles
  readonly onStep: (step: 'hand_in_opened') => void
}

interface PostRow {
  readonly sequence: number
  readonly hand_in: string | null
  readonly path: string
  readonly body: string
}

/** A list as the database has it: it may be closed already, and not among the open ones. */
interface ListRow {
  readonly id: string
  readonly state: HandInRecord['state']
  readonly server_id: string | null
}

const postsAtOnce = 500

/** Lists that are posted about at once: the bureau answers each only when its event is kept. */
const listsAtOnce = 8

/**
 * Posts what waits, of each list in the order in which it was put there, until nothing does that can go. Each may go twice:
 * every body has an id of its own, or is a signed list that the bureau knows again. A post that fails holds up those of its
 * own list only.
 *
 * @throws Away: the rest waits. What the bureau refuses is kept with its reason, and the next is posted.
 */
export async function postWaiting(deps: OutboxDeps): Promise<void> {
  const held = new Set<string | null>()
  let last = 0
  for (;;) {
    const posts = await deps.database.read<PostRow>(
      `select sequence, hand_in, path, body from post where state = 'waiting' and sequence > ? order by sequence limit ${postsAtOnce}`,
      [last],
    )
    if (posts.length === 0) return
    last = posts.at(-1)!.sequence
    const lists = [...Map.groupBy(posts, ({ hand_in }) => hand_in).values()]
    let away: Away | null = null
    const postLists = async () => {
      for (let list = lists.shift(); list && away === null; list = lists.shift()) {
        for (const post of list) {
          if (away !== null || held.has(post.hand_in)) break
          away = await postOrHold(deps, post, held)
        }
      }
    }
    await Promise.all(Array.from({ length: listsAtOnce }, postLists))
    if (away !== null) throw away
  }
}

/** @returns what says that the bureau is away: then nothing more can go */
async function postOrHold(deps: OutboxDeps, post: PostRow, held: Set<string | null>): Promise<Away | null> {
  const { log, troubles } = deps
  try {
    if (await postOne(deps, post)) troubles.settled(post.hand_in)
    else held.add(post.hand_in)
    return null
  } catch (error) {
    if (error instanceof Away && !error.isAboutQuestion) return error
    held.add(post.hand_in)
    troubles.failed(post.hand_in)
    log.error(
      { err: error, path: post.path, handIn: post.hand_in },
      'a post fails and is put aside until the next turn',
    )
    return null
  }
}

/** @returns false when it must wait for one before it */
async function postOne(deps: OutboxDeps, post: PostRow): Promise<boolean> {
  const list = post.hand_in === null ? null : await listOf(deps, post.hand_in)
  if (list && post.path === openingPath) await postOpening(deps, post, list)
  else if (list && list.server_id === null && list.state !== 'refused') return false
  else await postOther(deps, post, list)
  return true
}

async function postOpening(deps: OutboxDeps, post: PostRow, { id }: ListRow): Promise<void> {
  const { ingest, database, log, onStep } = deps
  const [row] = await database.read<{ list: string }>('select list from hand_in where id = ?', [id])
  try {
    const { text } = await ingest.ask({ method: 'POST', path: openingPath, json: JSON.parse(row!.list) })
    await saveList(deps, id, { state: 'opened', serverId: (JSON.parse(text) as { id: string }).id }, sent(post))
    onStep('hand_in_opened')
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    log.error({ handIn: id, code: error.code, reason: error.message }, 'the bureau refuses a signed list')
    await saveList(deps, id, { state: 'refused', refusal: error.message }, refused(post, error.message))
  }
}

async function saveList(
  { book, database }: OutboxDeps,
  id: string,
  change: Partial<Pick<HandInRecord, 'state' | 'serverId' | 'refusal'>>,
  post: Statement,
): Promise<void> {
  const record = book.byId(id)
  if (record) return await book.saveHandIn(record, change, [post])
  const sql = 'update hand_in set server_id = coalesce(?, server_id), refusal = coalesce(?, refusal) where id = ?'
  await database.write([{ sql, values: [change.serverId ?? null, change.refusal ?? null, id] }, post])
}

async function postOther(
  { database, ingest, log, troubles }: OutboxDeps,
  post: PostRow,
  list: ListRow | null,
): Promise<void> {
  if (list && list.server_id === null) return database.write([refused(post, 'its list was refused')])
  try {
    const path = post.path.replace('{handIn}', list?.server_id ?? '')
    const body = JSON.parse(post.body) as object
    // A report about a list names the bureau's id of it, which was not known when it was written.
    const isReport = list && post.path === reportsPath
    await ingest.ask({ method: 'POST', path, json: isReport ? { ...body, handInId: list.server_id } : body })
    await database.write([sent(post)])
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    log.error({ path: post.path, code: error.code, reason: error.message }, 'the bureau refuses a post')
    await database.write([refused(post, error.message)])
    troubles.refused(post.hand_in)
  }
}

async function listOf({ database }: OutboxDeps, id: string): Promise<ListRow> {
  const [row] = await database.read<ListRow>('select id, state, server_id from hand_in where id = ?', [id])
  if (!row) throw new Error(`a post is about the list ${id}, which the spool does not have`)
  return row
}

const sent = ({ sequence }: PostRow) => ({
  sql: "update post set state = 'sent' where sequence = ?",
  values: [sequence],
})

const refused = ({ sequence }: PostRow, reason: string) => ({
  sql: "update post set state = 'refused', refusal = ? where sequence = ?",
  values: [reason, sequence],
})
