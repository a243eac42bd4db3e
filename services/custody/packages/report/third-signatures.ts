import { plain } from '../../../foundation/plain-text.ts'
import type { EventBody } from '../../../ledger/format/entry.ts'
import { eventOf, type KnownEvent } from '../../events/read.ts'
import type { ThirdSigner } from '../../events/signature.ts'
import { kindsOfTwo } from '../../signing/put-up.ts'
import { shownTime } from './words.ts'

/** A third signature that an act rests on, and what later events say of it. */
export interface ThirdUnderAct {
  readonly third: ThirdSigner
  readonly added: KnownEvent<'signature.third_added'> | null
  readonly decided: KnownEvent<'signature.third_confirmed' | 'signature.third_refused'> | null
}

/** Null for an act that rests on its own names. */
export function thirdUnder(body: EventBody, bodies: readonly EventBody[]): ThirdUnderAct | null {
  const third = eventOf(body, ...kindsOfTwo)?.details.third
  if (!third) return null
  const about = bodies.filter(({ subjects }) =>
    subjects.some(({ type, id }) => type === 'third_signature' && id === third.id),
  )
  const added = about.flatMap((one) => eventOf(one, 'signature.third_added') ?? [])[0] ?? null
  const decisions = about.flatMap((one) => eventOf(one, 'signature.third_confirmed', 'signature.third_refused') ?? [])
  return { third, added, decided: decisions.at(-1) ?? null }
}

/** 第三方签署: by whom, on which sheet, and whether an auditor has compared it; nothing for any other event. */
export function thirdWords(body: EventBody, bodies: readonly EventBody[], writtenAt: Date): string[] {
  const under = thirdUnder(body, bodies)
  if (!under) return []
  const { name, office, scanSha256 } = under.third
  const sheet = scanSha256 ? [`纸质，扫描件 SHA-256 ${scanSha256.slice(0, 16)}…`] : []
  return [`第三方签署（${[plain(name), plain(office), ...sheet, stateOf(under, writtenAt)].join('，')}）`]
}

function stateOf({ added, decided }: ThirdUnderAct, writtenAt: Date): string {
  if (decided?.kind === 'signature.third_refused') return '法制办核对不符'
  if (decided) return added && isInTime(added, decided) ? '法制办已按期核对' : '法制办未按期核对'
  return isOverdue(added, writtenAt) ? '法制办逾期未核对' : '法制办尚未核对'
}

/** What became of a third signature, as a clause. */
export function decisionText(
  { added, decided }: ThirdUnderAct,
  writtenAt: Date,
  actorOf: (body: Pick<EventBody, 'actor' | 'actorRole' | 'onBehalfOf'>) => string,
): string {
  if (decided) {
    const isLate = added !== null && !isInTime(added, decided)
    const result = decided.kind === 'signature.third_refused' ? '核对不符' : isLate ? '核对相符（未按期）' : '核对相符'
    return `${actorOf(decided)}于 ${shownTime(decided.at)} ${result}`
  }
  if (!added) return '其登记和核对未载入事件'
  const due = `应于 ${shownTime(added.details.confirmBy)} 前核对`
  return isOverdue(added, writtenAt) ? `${due}，逾期没有核对的事件` : `${due}，本报告写成时尚无核对的事件`
}

/** The verifiers' word: what is confirmed later is not confirmed in time (services/ledger/DESIGN.md §7, "Remarks"). */
function isInTime(added: NonNullable<ThirdUnderAct['added']>, decided: { readonly at: string }): boolean {
  return Date.parse(decided.at) <= Date.parse(added.details.confirmBy)
}

function isOverdue(added: ThirdUnderAct['added'], writtenAt: Date): boolean {
  return added !== null && Date.parse(added.details.confirmBy) < writtenAt.getTime()
}
