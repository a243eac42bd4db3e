import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { Report } from './finding.ts'

/** A job that has been pending for so long is worth a look; it is no fault of the records. */
const pendingMinutesMax = 60
const eventSecondsMax = 60

/** Work that waits for long: only noticed, since it changes nothing that is recorded. */
export async function checkJobs(db: Db, report: Report): Promise<void> {
  const old = await db
    .selectFrom('job')
    .where('state', '=', 'pending')
    .where(sql<boolean>`created_at < clock_timestamp() - make_interval(mins => ${pendingMinutesMax})`)
    .select(['name', 'subject_id', 'created_at', 'attempts', 'last_error'])
    .orderBy('created_at')
    .limit(1001)
    .execute()
  for (const job of old) {
    const since = job.created_at.toISOString()
    const problem = `pending since ${since}, ${job.attempts} attempts${job.last_error ? `: ${job.last_error}` : ''}`
    report.notice('jobs.pending', `${job.name} ${job.subject_id}`, problem)
  }
  const waiting = await db
    .selectFrom('event')
    .where('leaf_index', 'is', null)
    .where(sql<boolean>`committed_at < clock_timestamp() - make_interval(secs => ${eventSecondsMax})`)
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  if (waiting?.count) {
    report.notice('jobs.unsequenced', 'ledger', `${waiting.count} events have waited for more than a minute for a leaf`)
  }
}
