import type { ReportFacts } from '../../../services/custody/packages/report/facts.ts'
import { digest, listOf } from './events.ts'
import { both, type Change, detailed, factsFrom, soundEvents } from './facts.ts'
import { type ListedFixture, openedDetails, shownLists, signedDetails } from './lists.ts'

/** The first recording's list, signed before its dock had read the file. */
const unread: ListedFixture = { ...listOf(0), file: { ...listOf(0).file, sha256: null } }

/**
 * A sound case whose first recording stands on its list by name and size only; its dock signed the digest when it had read it.
 *
 * @param sealed what the event that seals it says otherwise; a member of `undefined` goes
 */
export function readLater(sealed: object = {}): ReportFacts {
  const isFirst: Parameters<typeof detailed>[2] = ({ subjects }) => subjects.some(({ id }) => id === 'h0')
  const change: Change = both(
    detailed('hand_in.opened', openedDetails(unread), isFirst),
    detailed('recording.sealed', { ...signedDetails(unread, digest), ...sealed }, isFirst),
  )
  const bodies = change(soundEvents())
  return factsFrom(bodies, { handIns: shownLists(bodies, [unread, listOf(1)]) })
}
