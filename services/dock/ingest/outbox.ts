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
  /** Of the device that it is about; null where it names none. */
  readonly serial: string | null
  /** It tells whose a volume is: the bureau marks the next list of that device. */
  readonly isStatement: 0 | 1
}

/** A list as the database has it: it may be closed already, and not among the open ones. */
interface ListRow {
  readonly id: string
  readonly state: HandInRecord['state']
  readonly server_id: string | null
}

const postsAtOnce = 500

/** Devices that are posted about at once: the bureau answers each post only when its event is kept. */
const devicesAtOnce = 8

/** What waits behind a post that failed in this turn. */
interface Held {
  /** Lists. */
  readonly lists: Set<string>
  /** Devices whose reports, those that are about no list, wait; null: those that name no device. */
  readonly reports: Set<string | null>
  /** Devices of which no list is opened now, nor said whose a volume is: the bureau goes by the order of the two. */
  readonly openings: Set<string>
}

/**
 * Posts what waits, of each device in the order in which it was put there, until nothing does that can go. Each may go twice:
 * every body has an id of its own, or is a signed list that the bureau knows again. A post that fails holds up those of its
 * own list, and where it opens a list or says whose a volume is, the later openings of its device.
 *
 * @throws Away: the rest waits. What the bureau refuses is kept with its reason, and the next is posted.
 */
export async function postWaiting(deps: OutboxDeps): Promise<void> {
  const held: Held = { lists: new Set(), reports: new Set(), openings: new Set() }
  let last = 0
  for (;;) {
    const posts = await deps.database.read<PostRow>(waitingPosts, [last])
    if (posts.length === 0) break
    last = posts.at(-1)!.sequence
    const devices = [...Map.groupBy(posts, ({ serial }) => serial).values()]
    let away: Away | null = null
    const postDevices = async () => {
      for (let device = devices.shift(); device && away === null; device = devices.shift()) {
        for (const post of device) {
          if (away !== null) return
          const said = await postOrHold(deps, post, held)
          away ??= said
        }
      }
    }
    await Promise.all(Array.from({ length: devicesAtOnce }, postDevices))
    if (away !== null) throw away
  }
  if (held.reports.size === 0) deps.troubles.settled(null)
}

const waitingPosts = `
select post.sequence, post.hand_in, post.path, post.body,
  coalesce(list.serial, json_extract(post.body, '$.serial')) as serial,
  post.hand_in is null and coalesce(json_extract(post.body, '$.kind') = 'volume_stated', 0) as isStatement
from post left join hand_in as list on list.id = post.hand_in
where post.state = 'waiting' and post.sequence > ? order by post.sequence limit ${postsAtOnce}`

/** @returns what says that the bureau is away: then nothing more can go */
async function postOrHold(deps: OutboxDeps, post: PostRow, held: Held): Promise<Away | null> {
  const { log, troubles } = deps
  const { hand_in: list, serial } = post
  const opens = serial !== null && (post.path === openingPath || post.isStatement === 1)
  const hold = () => {
    if (list === null) held.reports.add(serial)
    else held.lists.add(list)
    if (opens) held.openings.add(serial)
  }
  const isHeld = list === null ? held.reports.has(serial) : held.lists.has(list)
  if (isHeld || (opens && held.openings.has(serial))) {
    hold()
    return null
  }
  try {
    if (!(await postOne(deps, post))) hold()
    else if (list !== null) troubles.settled(list)
    return null
  } catch (error) {
    if (error instanceof Away && !error.isAboutQuestion) return error
    hold()
    troubles.failed(list)
    log.error({ err: error, path: post.path, handIn: list }, 'a post fails and is put aside until the next turn')
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
