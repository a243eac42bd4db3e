import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { sha256 } from '../../foundation/hash.ts'
import { idOfDigest } from '../../foundation/id.ts'
import { isOfDevice } from '../devices/device-now.ts'
import { isNotHere } from '../devices/listed-file.ts'
import { stateOutOfService } from '../devices/states.ts'
import { isNoSelfTest } from '../intake/self-test.ts'
import { settingValue } from '../settings/value.ts'
import { handInDeadlineAfter } from '../settings/working-days.ts'
import { lockHandIn, requireHandIn } from './concerned.ts'
import { type Gap, insertGap } from './gap-found.ts'
import { isOfShift } from './of-shift.ts'

const by = { id: 'expire', role: 'service' }
/** † Longer ago nobody is asked any more: lists that were entered late would make gaps of years ago. */
const lookBackMs = 40 * 24 * 60 * 60_000
const roundMax = 100

const nothingSaid = {
  ...{ dockGapId: null, beforeNumber: null, afterNumber: null, fromTime: null, toTime: null, lengthMs: null },
  ...{ missingNumbers: null, lineNumbers: [], proposed: null, rosterLineId: null },
} as const satisfies Partial<Gap>

/**
 * Makes a gap of each hand-in whose list names files that had not come when its term was over, one for all of them. A station's
 * test of itself that was broken off is nobody's to explain.
 *
 * @returns how many
 */
export async function findUnreadFiles(db: Db, clock: Clock): Promise<number> {
  const now = clock.now()
  const handIns = await db
    .selectFrom('hand_in')
    .where('opened_at', '>=', new Date(now.getTime() - lookBackMs))
    .where('opened_at', '<', now)
    .where(isNoSelfTest)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('hand_in_file as file')
          .leftJoin('upload', 'upload.id', 'file.upload_id')
          .whereRef('file.hand_in_id', '=', 'hand_in.id')
          .where(isNotHere)
          .select('file.number'),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('gap')
            .whereRef('gap.hand_in_id', '=', 'hand_in.id')
            .where('gap.kind', '=', 'not_read')
            .where('gap.found_by', '=', by.id)
            .select('gap.id'),
        ),
      ),
    )
    .select(['id', 'dock_id', 'opened_at'])
    .orderBy('opened_at')
    .limit(roundMax)
    .execute()
  let found = 0
  for (const { id, dock_id, opened_at } of handIns) {
    if ((await handInDeadlineAfter(db, opened_at)) > now) continue
    if (await keepUnread(db, clock, { handInId: id, dockId: dock_id })) found += 1
  }
  return found
}

async function keepUnread(
  db: Db,
  clock: Clock,
  { handInId, dockId }: { handInId: string; dockId: string },
): Promise<boolean> {
  const handIn = await requireHandIn(db, handInId)
  return db.transaction().execute(async (trx) => {
    await lockHandIn(trx, handInId)
    const id = idOfDigest(sha256(`not read ${handInId}`))
    if (await trx.selectFrom('gap').where('id', '=', id).select('id').executeTakeFirst()) return false
    const lines = await trx
      .selectFrom('hand_in_file as file')
      .leftJoin('upload', 'upload.id', 'file.upload_id')
      .where('file.hand_in_id', '=', handInId)
      .where(isNotHere)
      .select('file.number')
      .orderBy('file.number')
      .execute()
    if (lines.length === 0) return false
    const lineNumbers = lines.map(({ number }) => number)
    const facts = { ...nothingSaid, gapKind: 'not_read' as const, lineNumbers, missingNumbers: lineNumbers.length }
    const { serial, personId } = handIn
    const dueAt = await handInDeadlineAfter(trx, clock.now())
    await insertGap(trx, clock, by, { id, serial, handInId, dockId, personId, dueAt, facts })
    return true
  })
}

/**
 * Makes a gap of each line of the roster whose device was not handed in until the term after the shift was over (应交未交). It was
 * when a list of it that names a file is one of the shift (`isOfShift`). That the device was not in service is
 * no excuse, but goes into the gap: whoever keeps the register would switch this off alone. A line that was withdrawn after its shift
 * counts like the others.
 *
 * @returns how many
 */
export async function findMissingHandIns(db: Db, clock: Clock): Promise<number> {
  const now = clock.now()
  const slackMs = (await settingValue(db, 'roster.slack_minutes', now)) * 60_000
  const lines = await db
    .selectFrom('roster_line as line')
    .innerJoin('device', 'device.serial', 'line.device_serial')
    .where(({ or, eb }) =>
      or([eb('line.withdrawn_at', 'is', null), eb('line.withdrawn_at', '>', eb.ref('line.ends_at'))]),
    )
    .where('line.ends_at', '>=', new Date(now.getTime() - lookBackMs))
    .where('line.ends_at', '<', now)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('gap').whereRef('gap.roster_line_id', '=', 'line.id').select('gap.id'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('hand_in')
            .innerJoin('hand_in_file', 'hand_in_file.hand_in_id', 'hand_in.id')
            .where(isOfDevice(sql.ref('line.device_serial')))
            .where(isOfShift(slackMs))
            .select('hand_in.id'),
        ),
      ),
    )
    .select(['line.id', 'line.person_id', 'device.serial', 'line.starts_at', 'line.ends_at'])
    .orderBy('line.ends_at')
    .execute()
  let found = 0
  for (const line of lines) {
    if (found === roundMax) break
    if ((await handInDeadlineAfter(db, line.ends_at)) > now) continue
    if (await keepMissing(db, clock, line)) found += 1
  }
  return found
}

async function keepMissing(
  db: Db,
  clock: Clock,
  line: { id: string; person_id: string; serial: string; starts_at: Date; ends_at: Date },
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const id = idOfDigest(sha256(`missing hand-in ${line.id}`))
    await lockHandIn(trx, id)
    if (await trx.selectFrom('gap').where('id', '=', id).select('id').executeTakeFirst()) return false
    const facts = {
      ...{ ...nothingSaid, gapKind: 'missing_hand_in' as const, rosterLineId: line.id },
      ...{ fromTime: line.starts_at.toISOString(), toTime: line.ends_at.toISOString() },
      lengthMs: line.ends_at.getTime() - line.starts_at.getTime(),
    }
    const dueAt = await handInDeadlineAfter(trx, clock.now())
    const { serial, person_id: personId } = line
    const deviceState = await stateOutOfService(trx, serial, { from: line.starts_at, to: line.ends_at })
    const context = deviceState === null ? {} : { deviceState }
    await insertGap(trx, clock, by, {
      ...{ id, serial, handInId: null, dockId: null, personId, dueAt, facts: { ...facts, ...context } },
    })
    return true
  })
}
