import { listSpares, type ShownSpare } from '../people/spare-list.ts'
import { may } from '../roles/permissions.ts'
import { settingValue } from '../settings/value.ts'
import { areOnePerson } from '../signing/one-person.ts'
import { type Notice, type NoticeSource, noticeTime, type Reader } from './notice.ts'

const dayMs = 24 * 60 * 60_000

/**
 * Envelopes with spare codes: to whoever is to confirm one, or could open one that somebody asked for; and what became of
 * them, to the person concerned and to both offices, for as long as accounts count as new.
 */
export const sealedSpares: NoticeSource = async (db, reader, at) => {
  const days = await settingValue(db, 'account.new_days', at)
  const since = new Date(at.getTime() - days * dayMs)
  const spares = (await listSpares(db)).filter(({ state }) => state !== 'replaced')
  return spares.flatMap((spare) => [
    ...waiting(spare, reader),
    ...told(spare, reader).filter((notice) => notice.at >= since),
  ])
}

function waiting(spare: ShownSpare, reader: Reader): Notice[] {
  if (!may(reader.role, 'spare.open')) return []
  const { person, sealNumber, place, sealedBy } = spare
  if (spare.state === 'not_confirmed' && spare.sealedWith.id === reader.id) {
    return [
      {
        ...{ id: `spare_confirm:${spare.id}`, kind: 'spare_confirm', at: spare.sealedAt, waits: true },
        text: {
          zh: `${sealedBy.name}与您一同密封${person.name}的备用码（封条${sealNumber}，存${place}），请核对。`,
          en: `${sealedBy.name} sealed a spare code for ${person.name} with you (seal ${sealNumber}, kept at ${place}): please confirm it.`,
        },
      },
    ]
  }
  const { askedBy, askedAt } = spare
  const isAnothers = askedBy && !areOnePerson(reader, askedBy) && !areOnePerson(reader, person)
  if (spare.state !== 'sealed' || !isAnothers || !askedAt) return []
  return [
    {
      ...{ id: `spare_open:${spare.id}`, kind: 'spare_open', at: askedAt, waits: true },
      text: {
        zh: `${askedBy.name}申请启封${person.name}的备用码（封条${sealNumber}，存${place}），须由另一人一同启封。`,
        en: `${askedBy.name} asks that the spare code of ${person.name} be opened (seal ${sealNumber}, kept at ${place}): it takes another person.`,
      },
    },
  ]
}

function told(spare: ShownSpare, reader: Reader): Notice[] {
  const isConcerned = reader.id === spare.person.id
  if (!isConcerned && reader.role !== 'supervisor' && reader.role !== 'auditor') return []
  const { person, sealNumber, sealedBy, sealedWith, askedBy, openedBy } = spare
  const notice = (kind: string, at: Date | null, zh: string, en: string): Notice[] =>
    at === null ? [] : [{ id: `${kind}:${spare.id}`, kind, at, waits: false, text: { zh, en } }]
  const report = { zh: '如有疑问，请立即报告。', en: 'Report it at once if it should not be so.' }
  return [
    ...notice(
      'spare_being_sealed',
      spare.state === 'not_confirmed' ? spare.sealedAt : null,
      `${sealedBy.name}正为${person.name}密封备用码（封条${sealNumber}），待${sealedWith.name}核对；核对前原备用码（如有）仍有效。${report.zh}`,
      `${sealedBy.name} is sealing a spare code for ${person.name} (seal ${sealNumber}), to be confirmed by ${sealedWith.name}; until then an earlier one, if there is one, stays good. ${report.en}`,
    ),
    ...notice(
      'spare_sealed',
      spare.confirmedAt,
      `${person.name}的备用码已密封（封条${sealNumber}）：${sealedBy.name}、${sealedWith.name}。`,
      `A spare code for ${person.name} was sealed (seal ${sealNumber}) by ${sealedBy.name} and ${sealedWith.name}.`,
    ),
    ...notice(
      'spare_opened',
      spare.openedAt,
      `${person.name}的备用码（封条${sealNumber}）已于${noticeTime(spare.openedAt ?? spare.sealedAt)}启封：${askedBy?.name}、${openedBy?.name}。${report.zh}`,
      `The spare code of ${person.name} (seal ${sealNumber}) was opened by ${askedBy?.name} and ${openedBy?.name}. ${report.en}`,
    ),
    ...notice(
      'spare_used',
      spare.usedAt,
      `${person.name}的账号已凭备用码（封条${sealNumber}）启用。${report.zh}`,
      `The account of ${person.name} was opened with the spare code (seal ${sealNumber}). ${report.en}`,
    ),
  ]
}
