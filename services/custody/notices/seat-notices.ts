import { kindName } from '../events/kinds.ts'
import { type Notice, type NoticeSource, noticesOfOneKindMax, noticeTime } from './notice.ts'

/**
 * Signatures that were marked as given from one seat, under this person's name or with him as the other: whoever was not
 * there learns that somebody else may have used his account.
 */
export const sameSeats: NoticeSource = async (db, reader) => {
  const rows = await db
    .selectFrom('act_seat')
    .innerJoin('event', 'event.id', 'act_seat.event_id')
    .innerJoin('person as signer', 'signer.id', 'act_seat.person_id')
    .innerJoin('person as other', 'other.id', 'act_seat.same_person_id')
    .where((where) =>
      where.or([where('act_seat.person_id', '=', reader.id), where('act_seat.same_person_id', '=', reader.id)]),
    )
    .select(['event.id', 'event.kind', 'act_seat.acted_at', 'signer.name as signer_name', 'other.name as other_name'])
    .orderBy('act_seat.acted_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  return rows.map(
    ({ id, kind, acted_at, signer_name, other_name }): Notice => ({
      id: `same_seat:${id}`,
      kind: 'same_seat',
      text: {
        zh: `同机签署：${noticeTime(acted_at)} ${signer_name}“${kindName(kind)}”，与${other_name}同一处签署。如非本人操作，请立即报告。`,
        en: `One seat: ${noticeTime(acted_at)}, ${signer_name}, “${kindName(kind, 'en')}”, from the same seat as ${other_name}. If it was not you, report it at once.`,
      },
      at: acted_at,
      waits: false,
    }),
  )
}
