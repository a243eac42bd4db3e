import type { CaseChain } from '../custody/chain/schema.ts'
import { replay } from '../custody/events/read.ts'
import { type Facts, openReplay, type RowSet } from '../custody/events/replay.ts'
import { bodyOrNull } from '../ledger/format/entry.ts'
import type { VerifiedFinding } from './chain-codes.ts'
import type { VerifiedChain } from './chain-verify.ts'

/** A running sequencer takes an event within a second: one that is older and still uncovered was not taken, or never written. */
const uncoveredMsMax = 60_000

type Shown = CaseChain['recordings'][number]

/**
 * What the service shows beside the events is its word only. Here it is compared with the proven events: each recording is
 * shown with the digests, name and copies that they committed, and none is left out; and no event waits for its leaf for
 * longer than sequencing takes. What the copies are on their stores now stays the service's word.
 */
export function checkShown(chain: CaseChain, verified: VerifiedChain, now: Date): VerifiedFinding[] {
  // Without a checkpoint nothing is proven, and that is said already.
  if (!verified.checkpoint) return []
  return [...checkRecordings(chain, verified), ...checkWaiting(chain, verified, now)]
}

function checkRecordings(chain: CaseChain, verified: VerifiedChain): VerifiedFinding[] {
  const told = toldBy(chain, new Set(verified.proven))
  const sealed = told.get('recording') ?? new Map<string, Facts>()
  const copies = told.get('copy') ?? new Map<string, Facts>()
  const findings = chain.recordings.flatMap((shown) => {
    const facts = sealed.get(shown.id)
    if (shown.state === null) return []
    if (!facts?.sha256)
      return isWaiting(chain, verified, shown.id) ? [] : [finding(shown.id, 'no proven event seals it')]
    const wrong = [...wrongFacts(shown, facts), ...wrongCopies(shown, facts, copies)]
    return wrong.length === 0 ? [] : [finding(shown.id, `not as in its proven events: ${wrong.join(', ')}`)]
  })
  const ids = new Set(chain.recordings.map(({ id }) => id))
  const omitted = [...sealed.keys()].filter((id) => !ids.has(id))
  return [...findings, ...omitted.map((id) => finding(id, 'its events are shown, but not the recording'))]
}

function toldBy(chain: CaseChain, proven: ReadonlySet<string>): RowSet {
  const told = openReplay()
  for (const event of chain.events) {
    const body = proven.has(event.id) ? bodyOrNull(event.body) : null
    if (body) replay(body, event.id, told)
  }
  return told.rows()
}

function wrongFacts(shown: Shown, facts: Facts): string[] {
  const name = shown.name && Buffer.from(shown.name.base64, 'base64').toString('hex')
  const pairs: [string, unknown, unknown][] = [
    ['deviceSerial', shown.deviceSerial, facts.device_serial],
    ['name', name, facts.name],
    ['bytes', shown.bytes, facts.bytes],
    ['sha256', shown.sha256, facts.sha256],
    // The service may know of a later event than the checkpoint does.
    ['sm3', facts.sm3 === null ? null : shown.sm3, facts.sm3],
  ]
  return pairs.filter(([, is, told]) => is !== told).map(([what]) => what)
}

function wrongCopies(shown: Shown, facts: Facts, copies: ReadonlyMap<string, Facts>): string[] {
  const ofIt = [...copies].filter(([key]) => key.startsWith(`${shown.id}/`))
  const wrong = ofIt.flatMap(([key, told]) => {
    const store = key.slice(shown.id.length + 1)
    const copy = shown.copies.find((one) => one.store === store)
    if (!copy) return [`no copy on ${store}`]
    return copy.versionId === told.version_id && copy.hostName === told.host_name ? [] : [`copy on ${store}`]
  })
  const strange = shown.copies.filter(({ store }) => !copies.has(`${shown.id}/${store}`))
  // Until it is secured, a copy may just have been made.
  return facts.state === 'secured' ? [...wrong, ...strange.map(({ store }) => `an unproven copy on ${store}`)] : wrong
}

function checkWaiting(chain: CaseChain, verified: VerifiedChain, now: Date): VerifiedFinding[] {
  const uncovered = new Set(verified.uncovered)
  return chain.events
    .filter((event) => uncovered.has(event.id) && !(now.getTime() - Date.parse(event.at) <= uncoveredMsMax))
    .map((event) => ({
      by: 'verifier',
      code: 'event_unsequenced',
      where: `event ${event.id}`,
      what: `it is of ${event.at}, and no checkpoint covers it yet: nothing proves it`,
    }))
}

function isWaiting(chain: CaseChain, verified: VerifiedChain, recordingId: string): boolean {
  const uncovered = new Set(verified.uncovered)
  return chain.events.some(
    ({ id, subjects }) =>
      uncovered.has(id) && subjects.some((subject) => subject.type === 'recording' && subject.id === recordingId),
  )
}

function finding(id: string, what: string): VerifiedFinding {
  return { by: 'verifier', code: 'recording_differs', where: `recording ${id}`, what }
}
