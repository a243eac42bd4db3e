import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import type { SignedKind } from '../signing/put-up.ts'
import { absencesThatStop } from './absence-notices.ts'
import { deviceActsThatWait, docksThatWait, keeperChangesThatWait, openings, recoveries } from './account-notices.ts'
import { clearingsNotClosed, clearingsToGiveUp } from './clearing-notices.ts'
import { deputyshipsThatWait, ownDeputyships } from './deputyship-notices.ts'
import {
  docksWithoutDockCodes,
  gapsReopened,
  gapsToDecide,
  gapsToExplain,
  passesThatWait,
  wrongTriesAtDocks,
} from './dock-notices.ts'
import { lostDevicesDocked } from './lost-device-notices.ts'
import {
  handoversThatWait,
  packagesThatWait,
  quarantineThatWaits,
  shuttingsThatWait,
  suppliesThatWait,
} from './matter-notices.ts'
import type { Notice, NoticeSource, Reader } from './notice.ts'
import * as refusals from './refusal-notices.ts'
import { sameSeats } from './seat-notices.ts'
import { settingsChanged, settingsThatWait } from './setting-notices.ts'
import { sealedSpares } from './spare-notices.ts'
import { thirdSignaturesThatWait } from './third-notices.ts'

/** Acts of a second person without a statement of his. */
type OtherDecision =
  | 'person.disabled'
  | 'person.shut_refused'
  | 'person.release_stopped'
  | 'custodian.handover_withdrawn'

/**
 * What is told of every act of a second person: that the matter waits for him, or to whoever asked that it was turned down.
 * Another kind of act does not compile without its line.
 */
const ofDecisions: Readonly<Record<SignedKind | OtherDecision, NoticeSource>> = {
  'clearing.given_up': clearingsToGiveUp,
  'custodian.handover_signed': handoversThatWait,
  'custodian.handover_withdrawn': refusals.handoversWithdrawn,
  'deputyship.signed': deputyshipsThatWait,
  'deputyship.refused': ownDeputyships,
  'device.keeper_changed': keeperChangesThatWait,
  'device.keeper_refused': refusals.keeperChangesRefused,
  'dock.released': docksThatWait,
  'dock_pass.released': passesThatWait,
  'package.signed': packagesThatWait,
  'package.refused': refusals.packagesRefused,
  'person.released': openings,
  'person.release_stopped': refusals.releasesStopped,
  'person.disabled': shuttingsThatWait,
  'person.shut_refused': refusals.shuttingsRefused,
  'quarantine.resolved': async (...asked) => [
    ...(await quarantineThatWaits(...asked)),
    ...(await refusals.quarantineRefused(...asked)),
  ],
  'rendition.supplied': suppliesThatWait,
  'rendition.supply_refused': refusals.suppliesRefused,
  'setting.changed': settingsThatWait,
  'setting.refused': refusals.settingsRefused,
  'signature.third_confirmed': thirdSignaturesThatWait,
  'signature.third_refused': refusals.thirdSignaturesRefused,
  // Both come from one source: an envelope has one newest state.
  'spare.confirmed': sealedSpares,
  'spare.opened': sealedSpares,
}

/** Every source of notices. */
const sources: ReadonlySet<NoticeSource> = new Set([
  ...Object.values(ofDecisions),
  settingsChanged,
  absencesThatStop,
  sameSeats,
  recoveries,
  clearingsNotClosed,
  lostDevicesDocked,
  gapsToExplain,
  gapsToDecide,
  gapsReopened,
  wrongTriesAtDocks,
  docksWithoutDockCodes,
  deviceActsThatWait,
])

/** What this person should know: work that waits for him first, then what he has not seen yet, the newest first. */
export async function noticesOf(db: Db, reader: Reader, at: Date): Promise<Notice[]> {
  const notices: Notice[] = []
  for (const source of sources) notices.push(...(await source(db, reader, at)))
  if (notices.length === 0) return []
  const rows = await db
    .selectFrom('notice_seen')
    .where('person_id', '=', reader.id)
    .where(
      'notice_id',
      'in',
      notices.map(({ id }) => id),
    )
    .select('notice_id')
    .execute()
  const seen = new Set(rows.map(({ notice_id }) => notice_id))
  return notices
    .filter(({ id, waits }) => waits || !seen.has(id))
    .sort((a, b) => Number(b.waits) - Number(a.waits) || b.at.getTime() - a.at.getTime())
}

/**
 * Notes that a person has seen a notice, which is shown to him no more.
 *
 * @throws not_found when he has no such notice; conflict for work that waits: it stays until it is done
 */
export async function markNoticeSeen(db: Db, clock: Clock, reader: Reader & Actor, noticeId: string): Promise<void> {
  const notice = (await noticesOf(db, reader, clock.now())).find(({ id }) => id === noticeId)
  if (!notice) throw new Fault('not_found', `there is no notice ${noticeId.slice(0, 100)} for you`)
  if (notice.waits) throw new Fault('conflict', 'this waits for your decision: it is shown until it is done')
  await db.transaction().execute(async (trx) => {
    const { at } = await recordEvent(trx, 'notice.seen', {
      clock,
      by: reader,
      subjects: [{ type: 'person', id: reader.id }],
      details: { noticeId, text: notice.text.zh },
    })
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('notice_seen')
      .values({ person_id: reader.id, notice_id: noticeId, seen_at: at })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) throw new Fault('conflict', 'you have acknowledged this notice already')
  })
}
