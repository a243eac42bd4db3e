import { kindName } from '../events/kinds.ts'
import { may } from '../roles/permissions.ts'
import { listThirdSignatures } from '../signing/shown-third.ts'
import { type Notice, type NoticeSource, noticeTime } from './notice.ts'

/** Third signatures that wait for an auditor; from the day they should have been confirmed supervisors are told, too. */
export const thirdSignaturesThatWait: NoticeSource = async (db, reader, at) => {
  const confirms = may(reader.role, 'third_signature.confirm')
  if (!confirms && reader.role !== 'supervisor') return []
  const waiting = (await listThirdSignatures(db)).filter(({ state }) => state === 'waits')
  return waiting.flatMap(({ id, act, name, office, addedBy, addedAt, confirmBy }): Notice[] => {
    const isOverdue = new Date(confirmBy) <= at
    if (!confirms && !isOverdue) return []
    const until = noticeTime(new Date(confirmBy))
    const isOwn = addedBy.id === reader.id
    return [
      {
        id: `${isOverdue ? 'third_overdue' : 'third_waits'}:${id}`,
        kind: isOverdue ? 'third_overdue' : 'third_waits',
        text: {
          zh: `第三方签署（${name}，${office}，“${kindName(act)}”）应于${until}前由法制办核对原件${isOverdue ? '，已逾期' : ''}。`,
          en: `The third signature of ${name} (${office}, “${kindName(act, 'en')}”) is to be confirmed by an auditor by ${until}${isOverdue ? ': it is overdue' : ''}.`,
        },
        at: isOverdue ? new Date(confirmBy) : addedAt,
        waits: confirms && !isOwn,
      },
    ]
  })
}
