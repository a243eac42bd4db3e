import { Type } from 'typebox'
import { roles } from '../../foundation/db/words.ts'
import { event } from './event.ts'
import { Count, closed, Id, Text, Time, wordOf } from './shapes.ts'
import { accessRefusals, askedThings, sessionEndReasons, signInRefusals } from './words.ts'

const onePerson = { person: 'one' } as const

/** People's passwords and sessions, and what people and docks were refused. */
export const personEvents = {
  'person.password_changed': event({
    zh: '修改密码',
    en: 'password changed',
    subjects: { account: 'one', person: 'one' },
    details: {},
    rows: null,
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
    details: {
      reason: wordOf(signInRefusals),
      address: Text,
      /** So many further refusals of unknown accounts within one minute, in one event; absent: this one alone. */
      count: Type.Optional(Count),
      /** The beginning of that minute. */
      since: Type.Optional(Time),
    },
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
  // Enough keepers of the recovery key made accounts for offices that nobody held any more.
  'bureau.recovered': event({
    zh: '凭恢复密钥重新开设账号',
    en: 'accounts made by the recovery key',
    subjects: { account: 'several' },
    details: {
      /** Numbers of the shares that made the key. */
      shares: Type.Array(Count),
      /** The key's public half. */
      recoveryRecipient: Text,
      accounts: Type.Array(closed({ id: Id, role: Type.Enum([...roles]), name: Text, account: Text })),
      /** People whose accounts were shut, because they are gone for good. */
      gone: Type.Array(Id),
    },
    // Each account and each shutting has its own event.
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
      party: 'optional',
      hand_in: 'optional',
      gap: 'optional',
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
