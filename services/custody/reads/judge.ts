import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { raiseAlarm } from '../events/record.ts'
import { type Explanation, explain } from './explain.ts'
import type { JudgedRead } from './reported-read.ts'
import { recordingIdOf, type Target, targetOf } from './target.ts'

/** A read is judged when the acts that explain it must be on their rows. */
export interface JudgeDeps {
  readonly db: Db
  readonly clock: Clock
  readonly graceMs: number
}

const batchMax = 200
/** Of one credential, store and hour; what comes beyond them is one alarm more. */
const alarmsMax = 50
const actor = { by: { id: 'reconcile', role: 'service' } } as const

export interface Judged {
  readonly explained: number
  readonly unexplained: number
  readonly alarms: number
}

/**
 * Holds the oldest reads that wait for it against the ledger, at most 200, in one transaction: each is explained by an act,
 * or belongs to an alarm. One alarm stands for an object, credential and hour, so that a reader cannot flood the ledger.
 */
export async function judgeReads({ db, clock, graceMs }: JudgeDeps): Promise<Judged> {
  return db.transaction().execute(async (trx) => {
    const reads = (await trx
      .selectFrom('store_read')
      .where('judged_at', 'is', null)
      .where('at', '<', new Date(clock.now().getTime() - graceMs))
      .select([
        'store',
        'request_id',
        'api',
        'started_at',
        'at',
        'credential',
        'bucket',
        'object_key',
        'version_id',
        'bytes',
      ])
      .orderBy('at')
      .limit(batchMax)
      .execute()) as JudgedRead[]
    const unexplained: Unexplained[] = []
    for (const read of reads) {
      const target = await targetOf(trx, read)
      const explanation = await explain(trx, read, target)
      if (explanation.act === null) unexplained.push({ read, target, explanation })
      else await keepVerdict(trx, clock, read, { explained_by: explanation.act, alarm_id: null })
    }
    // Looking for explanations may take long, so that alarms come last: their events are committed at their time.
    let alarms = 0
    for (const { read, target, explanation } of unexplained) {
      const alarm = await alarmOf(trx, clock, read, target, explanation)
      if (alarm.isNew) alarms += 1
      await keepVerdict(trx, clock, read, { explained_by: null, alarm_id: alarm.id })
    }
    return { explained: reads.length - unexplained.length, unexplained: unexplained.length, alarms }
  })
}

interface Unexplained {
  readonly read: JudgedRead
  readonly target: Target
  readonly explanation: Explanation & { act: null }
}

async function keepVerdict(
  trx: Trx,
  clock: Clock,
  read: JudgedRead,
  verdict: { explained_by: string | null; alarm_id: string | null },
): Promise<void> {
  await trx
    .updateTable('store_read')
    .set({ ...verdict, judged_at: clock.now() })
    .where('store', '=', read.store)
    .where('request_id', '=', read.request_id)
    .execute()
}

async function alarmOf(
  trx: Trx,
  clock: Clock,
  read: JudgedRead,
  target: Target,
  explanation: Explanation & { act: null },
): Promise<{ id: string; isNew: boolean }> {
  const known = await alarmsOfHour(trx, read)
  const same = known.find(({ object_key }) => object_key === read.object_key)
  if (same) return { id: same.alarm_id, isNew: false }
  const all = [...new Set(known.map(({ alarm_id }) => alarm_id))].sort()
  if (all.length > alarmsMax) return { id: all.at(-1)!, isNew: false }
  const recordingId = recordingIdOf(target)
  const isLast = all.length === alarmsMax
  const subjects = recordingId && !isLast ? [{ type: 'recording', id: recordingId }] : []
  const { id } = await raiseAlarm(trx, isLast ? 'unexplained_reads_many' : 'unexplained_read', {
    clock,
    ...actor,
    subjects: [...subjects, { type: 'store', id: read.store }],
    details: {
      store: read.store,
      credential: read.credential,
      call: read.api,
      object: `${read.bucket}/${read.object_key}`,
      version: read.version_id,
      bytes: read.bytes,
      at: read.at.toISOString(),
      recordingId,
      why: explanation.why,
    },
  })
  return { id, isNew: true }
}

async function alarmsOfHour(trx: Trx, read: JudgedRead): Promise<{ alarm_id: string; object_key: string }[]> {
  const { rows } = await sql<{ alarm_id: string; object_key: string }>`
    select distinct alarm_id, object_key from store_read
    where store = ${read.store} and credential = ${read.credential} and alarm_id is not null
      and at >= date_trunc('hour', ${read.at}::timestamptz)
      and at < date_trunc('hour', ${read.at}::timestamptz) + interval '1 hour'`.execute(trx)
  return rows
}
