import type { Db } from '../../foundation/db/database.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import { isLoose, subjectsOfCase } from '../../ledger/format/closure.ts'
import { checkBody, commitmentOf, type EventBody, parseLeafData } from '../../ledger/format/entry.ts'
import { subjectText } from '../../ledger/format/links.ts'
import { chainEvents, disclosedSecrets } from '../chain/events.ts'
import type { StoredEvent } from '../chain/stored-events.ts'

/** An event of the case as a package discloses it. */
export interface ClosureEvent {
  readonly index: number
  readonly id: string
  /** The committed text. */
  readonly text: string
  readonly salt: Buffer
  readonly body: EventBody
}

/** Everything that a package of a case discloses of the ledger up to a checkpoint. */
export interface Closure {
  readonly caseNumber: string
  /** The case first, then by their text. */
  readonly subjects: readonly { readonly subject: string; readonly secret: string; readonly proof: string }[]
  /** Ascending by index. */
  readonly events: readonly ClosureEvent[]
  /** Older acts of its registers, ascending by index: nothing shows that these are all. */
  readonly loose: readonly ClosureEvent[]
  readonly recordingIds: readonly string[]
}

/**
 * Gathers what services/ledger/DESIGN.md §6 asks for: the events below `size` of every subject that belongs to the case, the
 * secrets of exactly these subjects, and the older acts of its registers.
 *
 * @throws log_forked when an event or a secret that belongs here is missing or is not the one that the ledger committed
 */
export async function closureOf(db: Db, caseNumber: string, size: number): Promise<Closure> {
  const found = await chainEvents(db, caseNumber)
  const below = (stored: readonly StoredEvent[]) =>
    stored.flatMap((one) => (one.leaf && one.leaf.index < size ? [disclosed(one)] : []))
  const covered = below(found.stored)
  const subjects = subjectsOfCase(
    caseNumber,
    covered.map(({ body }) => body),
  )
  const loose = below(found.loose).filter(({ body }) => isLoose(body, subjects, subjects))
  const all = [...subjects].sort(
    (a, b) => Number(b.startsWith('case:')) - Number(a.startsWith('case:')) || compare(a, b),
  )
  return {
    caseNumber,
    subjects: withSecrets(await disclosedSecrets(db, all)),
    events: covered.filter(({ body }) => body.subjects.some((one) => subjects.has(subjectText(one)))),
    loose,
    recordingIds: all.filter((one) => one.startsWith('recording:')).map((one) => one.slice('recording:'.length)),
  }
}

/** The sequencer proves the secret of each register with the first event that names what it is of. */
function withSecrets(
  secrets: readonly { subject: string; secret: string | null; proof: string | null }[],
): Closure['subjects'] {
  return secrets.map(({ subject, secret, proof }) => {
    if (secret && proof) return { subject, secret, proof }
    throw damaged(`the secret of ${subject} is missing`)
  })
}

function disclosed({ event, leaf }: StoredEvent): ClosureEvent {
  const index = leaf!.index
  if (!event) throw damaged(`the event of leaf ${index} is gone`)
  try {
    const isCommitted = commitmentOf(event.salt, event.body).toString('hex') === parseLeafData(leaf!.data).commitment
    if (!isCommitted) throw damaged(`the event of leaf ${index} is not the one that was committed`)
    return { index, id: event.id, text: event.body, salt: event.salt, body: checkBody(event.body) }
  } catch (error) {
    if (isFault(error, 'malformed')) throw damaged(`the event or data of leaf ${index} cannot be read`)
    throw error
  }
}

function damaged(what: string): Fault {
  return new Fault('log_forked', `${what}, so no package is made of this case: run \`custody fsck\``)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
