import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { isOfDevice } from '../devices/device-now.ts'
import { isNotHere } from '../devices/listed-file.ts'
import { recordEvent } from '../events/record.ts'
import { settingValue } from '../settings/value.ts'
import { handInDeadlineAfter } from '../settings/working-days.ts'
import { lockGap } from './explanations.ts'
import { gapSubjects } from './gap-found.ts'
import { isJumpFilledBy } from './number-jumps.ts'
import { isOfShift } from './of-shift.ts'

const by = { id: 'expire', role: 'service' }

/** Nobody has accepted it yet, and it was not withdrawn. */
const undecided = ['open', 'explained', 'returned'] as const

/**
 * Withdraws gaps that a list explains which came late because its dock was offline, and gaps of listed files that have all come.
 * A list explains
 *
 * - that a device of the roster was not handed in (应交未交), when it is one of the shift (`isOfShift`), was signed before the term
 *   after that was over, and names a file;
 * - missing running numbers, when it was signed before the hand-in that they are missing in, names some of them, and none is
 *   missing any more.
 *
 * What was handed in too late stays to be explained, and what the custodian accepted stays accepted. Lists are looked at as long
 * as their own running numbers have not been: `findNumberJumps` comes after this.
 *
 * @returns how many
 */
export async function withdrawGaps(db: Db, clock: Clock): Promise<number> {
  let withdrawn = 0
  for (const { gapId, handInId } of [
    ...(await filesThatCame(db)),
    ...(await handedInMeanwhile(db, clock.now())),
    ...(await numbersThatCame(db)),
  ]) {
    if (await withdraw(db, clock, gapId, handInId)) withdrawn += 1
  }
  return withdrawn
}

interface Explained {
  readonly gapId: string
  /** The list that came late; null where files of a known list came. */
  readonly handInId: string | null
}

async function filesThatCame(db: Db): Promise<Explained[]> {
  const rows = await db
    .selectFrom('gap')
    .where('kind', '=', 'not_read')
    .where('found_by', '=', by.id)
    .where('state', 'in', undecided)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('hand_in_file as file')
            .leftJoin('upload', 'upload.id', 'file.upload_id')
            .whereRef('file.hand_in_id', '=', 'gap.hand_in_id')
            .where(({ eb, fn, ref }) => eb('file.number', '=', fn.any(ref('gap.line_numbers'))))
            .where(isNotHere)
            .select('file.number'),
        ),
      ),
    )
    .select('gap.id')
    .execute()
  return rows.map(({ id }) => ({ gapId: id, handInId: null }))
}

async function handedInMeanwhile(db: Db, now: Date): Promise<Explained[]> {
  const slackMs = (await settingValue(db, 'roster.slack_minutes', now)) * 60_000
  const rows = await db
    .selectFrom('gap')
    .innerJoin('roster_line as line', 'line.id', 'gap.roster_line_id')
    .innerJoin('hand_in', (join) => join.on(isOfDevice(sql.ref('line.device_serial'))))
    .where('gap.state', 'in', undecided)
    .where('hand_in.numbers_checked_at', 'is', null)
    .where(isOfShift(slackMs))
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('hand_in_file').whereRef('hand_in_id', '=', 'hand_in.id').select('number')),
    )
    .select(['gap.id as gapId', 'hand_in.id as handInId', 'hand_in.signed_at', 'line.ends_at'])
    .orderBy('hand_in.signed_at')
    .execute()
  const inTime: Explained[] = []
  for (const { gapId, handInId, signed_at, ends_at } of rows) {
    if (signed_at <= (await handInDeadlineAfter(db, ends_at))) inTime.push({ gapId, handInId })
  }
  return inTime
}

async function numbersThatCame(db: Db): Promise<Explained[]> {
  const rows = await db
    .selectFrom('gap')
    .innerJoin('hand_in as own', 'own.id', 'gap.hand_in_id')
    .innerJoin('hand_in as late', 'late.device_serial', 'own.device_serial')
    .where('gap.kind', '=', 'number')
    .where('gap.before_number', 'is', null)
    .where('gap.state', 'in', undecided)
    .where('late.numbers_checked_at', 'is', null)
    .whereRef('late.signed_at', '<', 'own.signed_at')
    .whereRef('late.opened_at', '>', 'own.opened_at')
    .select(['gap.id as gapId', 'gap.after_number', 'own.id as ownId', 'own.device_serial', 'late.id as handInId'])
    .orderBy('late.signed_at')
    .execute()
  const filled: Explained[] = []
  for (const { gapId, after_number, ownId, device_serial, handInId } of rows) {
    const jump = { handInId: ownId, serial: device_serial, line: after_number }
    if (await isJumpFilledBy(db, handInId, jump)) filled.push({ gapId, handInId })
  }
  return filled
}

async function withdraw(db: Db, clock: Clock, gapId: string, lateHandInId: string | null): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const gap = await lockGap(trx, gapId)
    if (!gap || !undecided.some((state) => state === gap.state)) return false
    const { device_serial: serial, hand_in_id: handInId, person_id: personId } = gap
    await recordEvent(trx, 'gap.withdrawn', {
      clock,
      by,
      subjects: await gapSubjects(trx, { id: gapId, serial, handInId, personId }),
      details: { lateHandInId },
    })
    await trx.updateTable('gap').set({ state: 'withdrawn' }).where('id', '=', gapId).execute()
    return true
  })
}
