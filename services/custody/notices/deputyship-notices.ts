import { listDeputyships, type ShownDeputyship } from '../bureau/deputyship-list.ts'
import { may } from '../roles/permissions.ts'
import { type Notice, type NoticeSource, noticeTime } from './notice.ts'

/** Deputyships that wait for an auditor's signature. */
export const deputyshipsThatWait: NoticeSource = async (db, reader, at) => {
  if (!may(reader.role, 'deputyship.sign')) return []
  const open = (await listDeputyships(db)).filter(({ state, endsAt }) => state === 'named' && endsAt > at)
  return open.map((one) => ({
    ...noticeOf(one, 'deputyship_waits', one.namedAt, {
      zh: `${one.supervisor.name}指定${one.deputy.name}为受委托人（${spanOf(one)}），请决定。`,
      en: `${one.supervisor.name} names ${one.deputy.name} as deputy (${spanOf(one)}): please decide on it.`,
    }),
    waits: true,
  }))
}

/** What became of the deputyships of this person, as supervisor or as deputy. */
export const ownDeputyships: NoticeSource = async (db, reader) =>
  (await listDeputyships(db, reader.id)).flatMap((one) => noticesAbout(one, reader.id))

function noticesAbout(one: ShownDeputyship, readerId: string): Notice[] {
  const who = {
    zh: `${one.supervisor.name}委托${one.deputy.name}`,
    en: `${one.deputy.name} as deputy of ${one.supervisor.name}`,
  }
  const span = spanOf(one)
  const named = noticeOf(one, 'deputyship_named', one.namedAt, {
    zh: `${who.zh}（${span}），待法制办同意。`,
    en: `${who.en} (${span}): named, and to be approved by the legal office.`,
  })
  if (one.state === 'named') return one.deputy.id === readerId ? [named] : []
  const decided = one.decidedAt ?? one.namedAt
  if (one.state === 'signed') {
    return [
      noticeOf(one, 'deputyship_signed', decided, {
        zh: `${who.zh}（${span}）已获同意。`,
        en: `${who.en} (${span}): approved.`,
      }),
    ]
  }
  if (one.state === 'refused') {
    return [noticeOf(one, 'deputyship_refused', decided, { zh: `${who.zh}未获同意。`, en: `${who.en}: not approved.` })]
  }
  return [
    noticeOf(one, 'deputyship_ended', one.endedAt ?? decided, {
      zh: `${who.zh}已提前结束。`,
      en: `${who.en}: ended before its time.`,
    }),
  ]
}

function noticeOf(one: ShownDeputyship, kind: string, at: Date, text: Notice['text']): Notice {
  return { id: `${kind}:${one.id}`, kind, text, at, waits: false }
}

function spanOf({ startsAt, endsAt }: ShownDeputyship): string {
  return `${noticeTime(startsAt)} – ${noticeTime(endsAt)}`
}
