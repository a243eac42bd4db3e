import { Type } from 'typebox'
import { handoverParts } from '../../foundation/db/words.ts'
import { event } from './event.ts'
import { Id, Text, YesNo } from './shapes.ts'
import { signatureMembers } from './signature.ts'

/** People: the outgoing custodian, then the successor. */
const handover = { custodianship: 'one', person: 'several' } as const
/** There is one office of this kind in the bureau. */
export const custodianshipSubject = { type: 'custodianship', id: 'bureau' } as const

/** The custodian's office and how it is handed over. */
export const custodianEvents = {
  'custodian.appointed': event({
    zh: '指定资料管理员',
    en: 'custodian appointed',
    subjects: { custodianship: 'one', person: 'one' },
    details: {},
    rows: (event, replay) => replay.set('custodian_term', `${event.keyOf('person')}/${event.at}`, { ended_at: null }),
  }),
  'custodian.handover_proposed': event({
    zh: '发起资料管理员工作交接',
    en: 'hand-over of the custodian proposed',
    subjects: handover,
    details: { handoverId: Id, reason: Text, absent: YesNo },
    rows: null,
  }),
  'custodian.handover_signed': event({
    zh: '签署资料管理员工作交接',
    en: 'hand-over of the custodian signed',
    subjects: handover,
    details: { handoverId: Id, part: Type.Enum([...handoverParts]), ...signatureMembers },
    rows: null,
  }),
  'custodian.handover_withdrawn': event({
    zh: '撤回资料管理员工作交接',
    en: 'hand-over of the custodian withdrawn',
    subjects: handover,
    details: { handoverId: Id },
    rows: null,
  }),
  'custodian.handed_over': event({
    zh: '完成资料管理员工作交接',
    en: 'hand-over of the custodian completed',
    subjects: handover,
    details: { handoverId: Id, absent: YesNo, reason: Text },
    rows: (event, replay) => {
      const successor = event.subjects('person')[1] ?? ''
      const open = replay.keys('custodian_term', '', (facts) => facts.ended_at === null).at(-1)
      if (open) replay.set('custodian_term', open, { ended_at: event.at })
      replay.set('custodian_term', `${successor}/${event.at}`, { ended_at: null })
    },
  }),
} as const
