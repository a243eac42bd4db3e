import { Type } from 'typebox'
import { type OpeningCause, offices, roles } from '../../foundation/db/words.ts'
import { event } from './event.ts'
import type { Facts, Replay, ReplayedEvent } from './replay.ts'
import { Id, orNull, Text, Time, YesNo } from './shapes.ts'
import { signatureMembers } from './signature.ts'
import { signedListMembers } from './signed-list.ts'

const RoleWord = Type.Enum([...roles])
const OfficeWord = Type.Enum([...offices])
const oneAccount = { account: 'one', person: 'one' } as const

/** What an event about an account is about: the register's entry, and the person whose account it is. */
export function accountSubjects(personId: string) {
  return [
    { type: 'account', id: personId },
    { type: 'person', id: personId },
  ]
}

type AnyEvent = ReplayedEvent<unknown>

/** The row of an opening or shutting has the id of the event that made it. */
const rowKey = (event: AnyEvent, id: string) => `${event.keyOf('person')}/${id}`

/** Without `expiresAt` nobody has to open the account: `custody setup` made it, or it was made before there were openings. */
function makeOpening(event: AnyEvent, replay: Replay, cause: OpeningCause, expiresAt: string | undefined): void {
  if (expiresAt === undefined) return
  replay.set('account_opening', rowKey(event, event.id), {
    ...{ cause, made_by: event.actor, made_at: event.at, expires_at: expiresAt },
    ...{ released_by: null, released_at: null, office: null, effective_from: null, code_expires_at: null },
    ...{ confirmed_by: null, confirmed_at: null, stopped_by: null, stopped_at: null },
    ...{ used_at: null, spare_id: null },
  })
}

function decideShutting(event: AnyEvent, replay: Replay, shuttingId: string, confirmed: boolean): void {
  const decided = { decided_by: event.actor, decided_at: event.at, confirmed }
  replay.set('account_shutting', rowKey(event, shuttingId), decided)
}

/** The register of accounts: how each was made, opened by two people, and shut. */
export const accountEvents = {
  'person.created': event({
    zh: '新建账号',
    en: 'account created',
    subjects: oneAccount,
    details: {
      role: RoleWord,
      account: Text,
      awaitsRelease: YesNo,
      name: Type.Optional(Text),
      officerNumber: Type.Optional(orNull(Text)),
      certificateNumber: Type.Optional(orNull(Text)),
      /** Until when the first password may be used; absent where it alone opens the account. */
      expiresAt: Type.Optional(Time),
      /** People in service who have the same name. */
      sameNameAs: Type.Optional(Type.Array(Id)),
    },
    rows: (event, replay) => {
      const { role, account, awaitsRelease, name, officerNumber, certificateNumber } = event.details
      replay.set('person', event.keyOf('person'), {
        ...{ role, account, awaits_release: awaitsRelease, created_at: event.at, disabled_at: null },
        ...(name !== undefined && { name }),
        ...(officerNumber !== undefined && { officer_number: officerNumber }),
        ...(certificateNumber !== undefined && { certificate_number: certificateNumber }),
      })
      makeOpening(event, replay, 'created', event.details.expiresAt)
    },
  }),
  'person.password_reset': event({
    zh: '重置密码',
    en: 'password reset',
    subjects: oneAccount,
    details: { awaitsRelease: YesNo, expiresAt: Type.Optional(Time) },
    rows: (event, replay) => {
      replay.set('person', event.keyOf('person'), { awaits_release: event.details.awaitsRelease })
      makeOpening(event, replay, 'reset', event.details.expiresAt)
    },
  }),
  'person.released': event({
    zh: '账号复核启用',
    en: 'account released',
    subjects: oneAccount,
    details: {
      role: RoleWord,
      openingId: Type.Optional(Id),
      /** Whose office the releaser acts for. */
      office: Type.Optional(OfficeWord),
      /** Later than the event where another office releases in place of the one whose act it is. */
      effectiveFrom: Type.Optional(Time),
      codeExpiresAt: Type.Optional(Time),
      /** Until when the first password may be used now: a release that takes effect later prolongs it. */
      passwordExpiresAt: Type.Optional(Time),
      /** The second release of this opening, by the other office. */
      isSecond: Type.Optional(YesNo),
      ...signatureMembers,
      ...signedListMembers,
    },
    rows: (event, replay) => {
      replay.set('person', event.keyOf('person'), { awaits_release: false })
      const { openingId, office, effectiveFrom, codeExpiresAt, passwordExpiresAt, isSecond } = event.details
      if (openingId === undefined) return
      const effect = { effective_from: effectiveFrom ?? event.at }
      const release: Facts = isSecond
        ? { confirmed_by: event.actor, confirmed_at: event.at }
        : {
            ...{ released_by: event.actor, released_at: event.at, office: office ?? null },
            code_expires_at: codeExpiresAt ?? null,
            ...(passwordExpiresAt !== undefined && { expires_at: passwordExpiresAt }),
          }
      replay.set('account_opening', rowKey(event, openingId), { ...release, ...effect })
    },
  }),
  'person.release_stopped': event({
    zh: '中止账号复核启用',
    en: 'release of an account stopped',
    subjects: oneAccount,
    details: { openingId: Id, reason: Text },
    rows: (event, replay) => {
      replay.set('person', event.keyOf('person'), { awaits_release: true })
      const stopped = { stopped_by: event.actor, stopped_at: event.at }
      replay.set('account_opening', rowKey(event, event.details.openingId), stopped)
    },
  }),
  'person.opened': event({
    zh: '凭初始密码和复核码启用账号',
    en: 'account opened with first password and code',
    subjects: oneAccount,
    /** `spareId`: the code was that of a sealed envelope, not the releaser's. `address` of before `session.opened` alone said it. */
    details: { openingId: Id, address: Type.Optional(Text), spareId: Type.Optional(Id) },
    rows: (event, replay) => {
      const { openingId, spareId } = event.details
      replay.set('account_opening', rowKey(event, openingId), { used_at: event.at, spare_id: spareId ?? null })
      if (spareId === undefined) return
      replay.set('sealed_spare', rowKey(event, spareId), { used_at: event.at })
      replay.set('person', event.keyOf('person'), { awaits_release: false })
    },
  }),
  'person.shut_asked': event({
    zh: '申请停用账号',
    en: 'shutting of an account asked for',
    subjects: oneAccount,
    details: { reason: Text },
    rows: (event, replay) =>
      replay.set('account_shutting', rowKey(event, event.id), {
        ...{ reason: event.details.reason, asked_by: event.actor, asked_at: event.at },
        ...{ decided_by: null, decided_at: null, confirmed: null },
      }),
  }),
  'person.shut_refused': event({
    zh: '不同意停用账号',
    en: 'shutting of an account refused',
    subjects: oneAccount,
    details: { shuttingId: Id, reason: Text },
    rows: (event, replay) => decideShutting(event, replay, event.details.shuttingId, false),
  }),
  'person.disabled': event({
    zh: '停用账号',
    en: 'account disabled',
    subjects: oneAccount,
    details: {
      /** Absent where one person may shut the account. */
      shuttingId: Type.Optional(Id),
      askedBy: Type.Optional(Id),
      reason: Type.Optional(Text),
      third: signatureMembers.third,
    },
    rows: (event, replay) => {
      replay.set('person', event.keyOf('person'), { disabled_at: event.at })
      const { shuttingId } = event.details
      if (shuttingId !== undefined) decideShutting(event, replay, shuttingId, true)
    },
  }),
} as const
