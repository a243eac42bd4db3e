import { Type } from 'typebox'
import { offices } from '../../foundation/db/words.ts'
import { event } from './event.ts'
import type { Replay, ReplayedEvent } from './replay.ts'
import { Id, Text, Time } from './shapes.ts'
import { signatureMembers } from './signature.ts'

/** Whose account the code in the envelope opens. */
const subjects = { account: 'one', person: 'one' } as const
/** `sealNumber` stands in bodies of before `spare.placed` only: the register of accounts is shown with every package. */
const oneSpare = { spareId: Id, sealNumber: Type.Optional(Text) } as const

/** Sealed spare codes (密封备用码): each stands for the releaser's code at a later password reset. */
export const spareEvents = {
  'spare.sealed': event({
    zh: '密封备用码',
    en: 'spare code sealed',
    subjects,
    /**
     * `withPersonId`: who saw it being sealed and confirms it; `office`: whose code it stands for; `keepsSpareId`: the envelope
     * that stays good until this one is confirmed, without it there was none, or it was replaced at once; `place`: as
     * `sealNumber`.
     */
    details: {
      ...oneSpare,
      place: Type.Optional(Text),
      office: Type.Enum([...offices]),
      withPersonId: Id,
      keepsSpareId: Type.Optional(Id),
    },
    rows: (event, replay) => {
      const { spareId, sealNumber, place, withPersonId, keepsSpareId } = event.details
      const person = event.keyOf('person')
      replaceOthers(event, replay, keepsSpareId)
      replay.set('sealed_spare', `${person}/${spareId}`, {
        ...{
          seal_number: sealNumber ?? null,
          place: place ?? null,
          sealed_by: event.actor,
          sealed_at: event.at,
          with_person_id: withPersonId,
        },
        ...{ confirmed_at: null, asked_by: null, asked_at: null, opened_by: null, opened_at: null },
        ...{ expires_at: null, used_at: null, replaced_at: null },
      })
    },
  }),
  // Of the person and not of the register of accounts: no receiver of a package learns where envelopes are kept.
  'spare.placed': event({
    zh: '存放密封备用码',
    en: 'place and seal of a spare code',
    subjects: { person: 'one' },
    /** `place`: where the envelope is kept. */
    details: { spareId: Id, sealNumber: Text, place: Text },
    rows: (event, replay) => {
      const { sealNumber, place } = event.details
      replay.set('sealed_spare', keyOf(event), { seal_number: sealNumber, place })
    },
  }),
  'spare.confirmed': event({
    zh: '核对密封备用码',
    en: 'spare code confirmed by the second person',
    subjects,
    details: { ...oneSpare, ...signatureMembers },
    rows: (event, replay) => {
      replaceOthers(event, replay, event.details.spareId)
      replay.set('sealed_spare', keyOf(event), { confirmed_at: event.at })
    },
  }),
  'spare.opening_asked': event({
    zh: '申请启封备用码',
    en: 'opening of a spare code asked for',
    subjects,
    details: { ...oneSpare, reason: Text },
    rows: (event, replay) => replay.set('sealed_spare', keyOf(event), { asked_by: event.actor, asked_at: event.at }),
  }),
  'spare.opened': event({
    zh: '启封备用码',
    en: 'spare code opened',
    subjects,
    /** `expiresAt`: until when the code may be used. */
    details: { ...oneSpare, askedBy: Id, reason: Text, expiresAt: Time, ...signatureMembers },
    rows: (event, replay) =>
      replay.set('sealed_spare', keyOf(event), {
        ...{ opened_by: event.actor, opened_at: event.at, expires_at: event.details.expiresAt },
      }),
  }),
} as const

/** The person's envelopes that nobody has opened count no more, but for this one. */
function replaceOthers(event: ReplayedEvent<unknown>, replay: Replay, keptId: string | undefined): void {
  const person = event.keyOf('person')
  for (const key of replay.keys('sealed_spare', `${person}/`, (row) => !row.opened_at && !row.replaced_at)) {
    if (key !== `${person}/${keptId}`) replay.set('sealed_spare', key, { replaced_at: event.at })
  }
}

function keyOf(event: ReplayedEvent<{ readonly spareId: string }>): string {
  return `${event.keyOf('person')}/${event.details.spareId}`
}
