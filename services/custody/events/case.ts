import { Type } from 'typebox'
import { caseKinds, partyKinds, stages } from '../../foundation/db/words.ts'
import { event } from './event.ts'
import { Id, orNull, Text } from './shapes.ts'

const StageWord = Type.Enum([...stages])
/** 参与人员, and why fewer than two officers are named; absent: nobody, and two or more are. */
const besides = { participantIds: Type.Optional(Type.Array(Id)), fewerOfficersReason: Type.Optional(Text) }
const attachedSubjects = { recording: 'one', device: 'one', case: 'one', party: 'one' } as const

/** Parties, their cases, and which recordings belong to a case. */
export const caseEvents = {
  'party.created': event({
    zh: '建立一户式档案',
    en: 'party created',
    subjects: { party: 'one' },
    details: { partyKind: Type.Enum([...partyKinds]), name: Text, code: orNull(Text), address: orNull(Text) },
    rows: (event, replay) => {
      const { partyKind, name, code, address } = event.details
      replay.set('party', event.keyOf('party'), { kind: partyKind, name, code, address, created_at: event.at })
    },
  }),
  'case.opened': event({
    zh: '建立案件',
    en: 'case opened',
    subjects: { case: 'one', party: 'one' },
    details: {
      caseId: Id,
      caseKind: Type.Enum([...caseKinds]),
      title: Text,
      departments: Type.Array(Text),
      officerIds: Type.Array(Id),
      outsideNumber: orNull(Text),
      /** As the party is called when the case is opened; absent before this was kept. */
      partyName: Type.Optional(Text),
      ...besides,
    },
    rows: (event, replay) => {
      const { caseId, caseKind, title, departments, officerIds, outsideNumber } = event.details
      replay.set('case_file', event.keyOf('case'), {
        id: caseId,
        kind: caseKind,
        title,
        party_id: event.subject('party'),
        departments,
        officer_ids: officerIds,
        participant_ids: event.details.participantIds ?? [],
        fewer_officers_reason: event.details.fewerOfficersReason ?? null,
        outside_number: outsideNumber,
        opened_at: event.at,
      })
    },
  }),
  'recording.attached': event({
    zh: '归入案件',
    en: 'recording filed into a case',
    subjects: attachedSubjects,
    details: { stage: StageWord, officerIds: Type.Array(Id), ...besides },
    rows: (event, replay) => {
      const place = `${event.keyOf('recording')}/${event.keyOf('case')}`
      replay.set('case_recording', `${place}/${event.at}`, {
        stage: event.details.stage,
        officer_ids: event.details.officerIds,
        participant_ids: event.details.participantIds ?? [],
        fewer_officers_reason: event.details.fewerOfficersReason ?? null,
        attached_by: event.actor,
        detached_at: null,
      })
    },
  }),
  'recording.detached': event({
    zh: '移出案件',
    en: 'recording taken out of a case',
    subjects: attachedSubjects,
    details: { stage: StageWord, reason: Text },
    rows: (event, replay) => {
      const place = `${event.keyOf('recording')}/${event.keyOf('case')}/`
      const open = replay.keys('case_recording', place, (facts) => facts.detached_at === null).at(-1)
      if (open) replay.set('case_recording', open, { detached_at: event.at })
    },
  }),
} as const
