import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { proposalBody } from '../intake/proposal-body.ts'
import { decideWithin, requireProposal } from '../intake/quarantine.ts'
import type { Action } from '../roles/permissions.ts'
import type { Signer } from '../signing/seat.ts'
import type { InList } from '../signing/signature.ts'

/** Something that waits for a decision. */
export interface PutUp {
  /** As statements name it: `recording:…`. */
  readonly object: string
  /** The stored body of the event that put it up. */
  readonly body: string
  /** What items of one list may have in common: one of these words must be the same in all of them. */
  readonly causes: readonly string[]
}

export interface ListedDecision {
  readonly id: string
  readonly proposalId: string
  readonly confirmed: boolean
  readonly inList: InList
}

/** An act that may be one of a list. Each kind joins by its line in `lightActs`. */
export interface LightAct {
  /** Who may sign such a list. */
  readonly action: Action
  /** Locks the object and finds what was put up. @throws not_found, conflict when it does not wait any more */
  putUp(trx: Trx, item: { id: string; proposalId: string }): Promise<PutUp>
  /** @throws bad_request when the items have no cause in common */
  requireOneCause(items: readonly PutUp[]): void
  /** Decides one item; writes its event with its place in the list. Returns what came of it. */
  decide(trx: Trx, clock: Clock, actor: Signer, item: ListedDecision): Promise<string | null>
}

/** The kinds of light acts, by the event that each writes. Everything else is signed singly. */
export const lightActs = {
  'quarantine.resolved': {
    action: 'quarantine.decide',
    putUp: quarantinePutUp,
    requireOneCause: requireOneCardOrReason,
    decide: async (trx, clock, actor, { id, ...decision }) =>
      (await decideWithin(trx, clock, actor, { recordingId: id, ...decision })).outcome,
  },
} as const satisfies Record<string, LightAct>

async function quarantinePutUp(trx: Trx, item: { id: string; proposalId: string }): Promise<PutUp> {
  const recording = await requireProposal(trx, { recordingId: item.id, proposalId: item.proposalId })
  const object = `recording:${item.id}`
  const body = await proposalBody(trx, object, item.proposalId)
  if (body === null) throw new Fault('log_forked', `no event proposes ${item.proposalId}: run \`custody fsck\``)
  const causes = [`reason ${recording.quarantine_reason}`, `card ${recording.device_serial}`]
  return { object, body, causes }
}

function requireOneCardOrReason(items: readonly PutUp[]): void {
  const [first, ...others] = items
  const isShared = (cause: string) => others.every(({ causes }) => causes.includes(cause))
  if (first?.causes.some(isShared)) return
  throw new Fault(
    'bad_request',
    'items: one list decides recordings of one card, or recordings that are in quarantine for one reason: sign two lists',
  )
}
