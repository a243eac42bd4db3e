import { isJsonObject, type JsonValue } from '../ledger/format/canonical.ts'
import { type EventBody, isTime } from '../ledger/format/entry.ts'
import { isPutUpFor } from '../ledger/format/statement.ts'
import { names } from '../ledger/verify/placed-body.ts'

/**
 * The acts that rest on a signature from outside the bureau's accounts (`details.third`), in words: those whose signature, by
 * this person on this sheet, was added under their matter and confirmed by the time that this event names, and all others (DESIGN.md §7, "Remarks").
 *
 * @param events the disclosed ones, ascending by index
 */
export function thirdSignatures(events: readonly EventBody[]): { confirmed: string[]; unconfirmed: string[] } {
  const confirmed: string[] = []
  const unconfirmed: string[] = []
  for (const act of events) {
    const { third } = act.details
    if (third === undefined) continue
    const said = isJsonObject(third) ? third : {}
    const about = typeof said.id === 'string' ? events.filter((one) => names(one, `third_signature:${said.id}`)) : []
    const added = about.find((one) => one.kind === 'signature.third_added')
    const right = about.find((one) => one.kind === 'signature.third_confirmed')
    const by = added?.details.confirmBy
    const isInTime = right !== undefined && typeof by === 'string' && isTime(by) && right.at <= by
    const place = `${act.kind} (${act.id}): ${textOf(said.name)}, ${textOf(said.office)}; ${stateOf(about, by)}`
    if (isInTime && isUnder(act, added, events) && isSheetOf(said, added)) confirmed.push(place)
    else unconfirmed.push(place)
  }
  return { confirmed, unconfirmed }
}

/** Whether the signature was added under the matter of this act: the event that put it up is named by its id. */
function isUnder(act: EventBody, added: EventBody | undefined, events: readonly EventBody[]): boolean {
  const { act: kind, matterId } = added?.details ?? {}
  return kind === act.kind && events.some((one) => one.id === matterId && isPutUpFor(act, one))
}

/** Whether the act names the sheet that was added: whose it is, and which scan. */
function isSheetOf(said: Readonly<Record<string, JsonValue>>, added: EventBody | undefined): boolean {
  const paper = added?.details.paper
  const sheet = paper !== undefined && isJsonObject(paper) ? paper : {}
  return ['name', 'office', 'scanSha256'].every(
    (member) => typeof said[member] === 'string' && said[member] === sheet[member],
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '?'
}

function stateOf(about: readonly EventBody[], by: unknown): string {
  const decided = about.find(({ kind }) => kind === 'signature.third_confirmed' || kind === 'signature.third_refused')
  const due = typeof by === 'string' ? `, due by ${by}` : ''
  if (!decided) return `not confirmed${due}`
  return `${decided.kind === 'signature.third_confirmed' ? 'confirmed' : 'refused'} ${decided.at}${due}`
}
