import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { DownloadEnd } from '../../foundation/db/words.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { packageSubjects } from './package.ts'

/** An answer of which nothing was heard for so long has no process any more: a living one is noted every few seconds. */
const silentMs = 2 * 60_000
const batchMax = 20
/** An answer is noted every 4 MiB at least (access/long-answer.ts): so much may have gone out since it last was. */
const unnotedBytesMax = 8 * 1024 ** 2

/**
 * Ends an answer that sent bytes of a package, with its event. `sentBytes` is an upper bound: bytes that lay in this
 * machine's buffers when the connection ended count as sent. An answer that was ended already is left as it is.
 */
export async function endAnswer(
  db: Db,
  clock: Clock,
  actor: Actor,
  ended: { answerId: string; sentBytes: number; why: DownloadEnd },
): Promise<void> {
  await db.transaction().execute((trx) => endInside(trx, clock, actor, ended))
}

/** Notes that an answer is still going out, and how many bytes have gone. Progress, and no event. */
export async function noteAnswer(db: Db, clock: Clock, answer: { answerId: string; sentBytes: number }): Promise<void> {
  await db
    .updateTable('download_answer')
    .set({ sent_bytes: answer.sentBytes, seen_at: clock.now() })
    .where('id', '=', answer.answerId)
    .execute()
}

/** Ends answers whose process died before it could say how they ended. Returns how many. */
export async function endSilentAnswers(db: Db, clock: Clock): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const silent = await trx
      .selectFrom('download_answer')
      .where('seen_at', '<', new Date(clock.now().getTime() - silentMs))
      .select(['id', 'sent_bytes', 'first_byte', 'last_byte'])
      .orderBy('seen_at')
      .limit(batchMax)
      .execute()
    for (const one of silent) {
      const sentBytes = Math.min(one.sent_bytes + unnotedBytesMax, one.last_byte - one.first_byte + 1)
      const actor = { id: 'expire', role: 'service' }
      await endInside(trx, clock, actor, { answerId: one.id, sentBytes, why: 'service_stopped' })
    }
    return silent.length
  })
}

async function endInside(
  trx: Trx,
  clock: Clock,
  actor: Actor,
  ended: { answerId: string; sentBytes: number; why: DownloadEnd },
): Promise<void> {
  const answer = await trx
    .deleteFrom('download_answer')
    .where('id', '=', ended.answerId)
    .returning(['download_id', 'first_byte', 'last_byte'])
    .executeTakeFirst()
  if (!answer) return
  const download = await trx
    .selectFrom('package_download')
    .innerJoin('package', 'package.id', 'package_download.package_id')
    .innerJoin('case_file', 'case_file.id', 'package.case_id')
    .where('package_download.id', '=', answer.download_id)
    .select(['package.id', 'case_file.number as caseNumber', 'package_download.person_id as personId'])
    .select(sql<number>`package_download.sent_bytes`.as('sentBefore'))
    .forUpdate('package_download')
    .executeTakeFirstOrThrow()
  const { sentBytes, why } = ended
  const sentInAll = download.sentBefore + sentBytes
  const { at } = await recordEvent(trx, 'package.download_ended', {
    clock,
    by: actor,
    subjects: packageSubjects(download, download.personId),
    details: {
      downloadId: answer.download_id,
      firstByte: answer.first_byte,
      lastByte: answer.last_byte,
      sentBytes,
      sentInAll,
      why,
    },
  })
  await trx
    .updateTable('package_download')
    .set({ sent_bytes: sentInAll, ended_at: at, ended_why: why })
    .where('id', '=', answer.download_id)
    .execute()
}
