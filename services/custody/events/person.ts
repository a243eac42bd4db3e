import { Type } from 'typebox'
import { roles } from '../../foundation/db/words.ts'
import { event } from './event.ts'
import { Count, Text, Time, wordOf, YesNo } from './shapes.ts'
import { accessRefusals, askedThings, sessionEndReasons, signInRefusals } from './words.ts'

const RoleWord = Type.Enum([...roles])
const onePerson = { person: 'one' } as const

/** People's accounts and sessions, and what people and docks were refused. */
export const personEvents = {
  'person.created': event({
    zh: '新建账号',
    en: 'account created',
    subjects: onePerson,
    details: { role: RoleWord, account: Text, awaitsRelease: YesNo },
    rows: (event, replay) => {
      const { role, account, awaitsRelease } = event.details
      replay.set('person', event.keyOf('person'), {
        role,
        account,
        awaits_release: awaitsRelease,
        created_at: event.at,
        disabled_at: null,
      })
    },
  }),
  'person.disabled': event({
    zh: '停用账号',
    en: 'account disabled',
    subjects: onePerson,
    details: {},
    rows: (event, replay) => replay.set('person', event.keyOf('person'), { disabled_at: event.at }),
  }),
  'person.released': event({
    zh: '账号复核启用',
    en: 'account released',
    subjects: onePerson,
    details: { role: RoleWord },
    rows: (event, replay) => replay.set('person', event.keyOf('person'), { awaits_release: false }),
  }),
  'person.password_changed': event({
    zh: '修改密码',
    en: 'password changed',
    subjects: onePerson,
    details: {},
    rows: null,
  }),
  'person.password_reset': event({
    zh: '重置密码',
    en: 'password reset',
    subjects: onePerson,
    details: { awaitsRelease: YesNo },
    rows: (event, replay) =>
      replay.set('person', event.keyOf('person'), { awaits_release: event.details.awaitsRelease }),
  }),
  'session.opened': event({
    zh: '登录',
    en: 'signed in',
    subjects: onePerson,
    /** `browser`: the beginning of SHA-256 of the stored mark; absent for the command line. */
    details: { address: Text, expiresAt: Time, browser: Type.Optional(Text) },
    rows: null,
  }),
  'session.refused': event({
    zh: '登录被拒',
    en: 'sign-in refused',
    subjects: onePerson,
    details: { reason: wordOf(signInRefusals), address: Text },
    rows: null,
  }),
  'session.locked_out': event({
    zh: '账号锁定',
    en: 'account locked out',
    subjects: onePerson,
    details: { failures: Count, lockedUntil: Time, address: Text },
    rows: null,
  }),
  'session.ended': event({
    zh: '登录结束',
    en: 'session ended',
    subjects: onePerson,
    details: { reason: wordOf(sessionEndReasons), sessions: Count },
    rows: null,
  }),
  'access.refused': event({
    zh: '访问被拒',
    en: 'access refused',
    subjects: {
      person: 'optional',
      dock: 'optional',
      recording: 'optional',
      viewing: 'optional',
      case: 'optional',
      package: 'optional',
    },
    details: {
      reason: wordOf(accessRefusals),
      method: Type.Optional(Text),
      route: Type.Optional(Text),
      what: Type.Optional(Type.Enum([...askedThings])),
      asked: Type.Optional(Text),
      purpose: Type.Optional(Text),
    },
    rows: null,
  }),
} as const
