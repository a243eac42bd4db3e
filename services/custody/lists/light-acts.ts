import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { releaseDockWithin, requireWaitingDock } from '../devices/dock.ts'
import { decideKeeperWithin, requireWaitingChange } from '../devices/keeper.ts'
import type { ListedKind } from '../events/signed-list.ts'
import { decideWithin, requireProposal } from '../intake/quarantine.ts'
import { releasePassWithin, requireWaitingPass } from '../people/dock-pass.ts'
import { releaseWithin, requireWaitingOpening } from '../people/release.ts'
import type { Action } from '../roles/permissions.ts'
import type { Role } from '../roles/roles.ts'
import { type Matter, objectOf, putUpsOf } from '../signing/put-up.ts'
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

/** What came of one item. */
export interface Decided {
  readonly outcome: string | null
  /** Of an account that was released: the code for its holder, answered once. */
  readonly code: string | null
}

/** An act that may be one of a list. Each kind joins by its line in `lightActs`. */
export interface LightAct {
  /** Who may sign such a list. */
  readonly action: Action
  /** Whether a list may turn its items down; where not, that is done singly. */
  readonly mayRefuse: boolean
  /** Locks the object and finds what was put up. @throws not_found, conflict when it does not wait any more */
  putUp(trx: Trx, item: { id: string; proposalId: string }): Promise<PutUp>
  /** @throws bad_request when the items have no cause in common */
  requireOneCause(items: readonly PutUp[]): void
  /** Decides one item; writes its event with its place in the list. */
  decide(trx: Trx, clock: Clock, actor: Signer, item: ListedDecision): Promise<Decided>
}

/** Whose accounts may be released in a list: those of control roles, custodians and administrators are looked at singly. */
const lightRoles: readonly Role[] = ['officer', 'assistant']

/**
 * The kinds of light acts, by the event that each writes. Everything else is signed singly. An item's id is that of the
 * recording, person, change, dock or pass; its proposal that of the proposal or opening, of the others the same id again.
 */
export const lightActs = {
  'quarantine.resolved': {
    action: 'quarantine.decide',
    mayRefuse: true,
    putUp: quarantinePutUp,
    requireOneCause: requireOneCardOrReason,
    decide: async (trx, clock, actor, { id, ...decision }) => {
      const { outcome } = await decideWithin(trx, clock, actor, { recordingId: id, ...decision })
      return { outcome, code: null }
    },
  },
  'person.released': {
    action: 'person.release',
    mayRefuse: false,
    putUp: releasePutUp,
    requireOneCause: () => undefined,
    decide: async (trx, clock, actor, { id, inList }) => {
      const { code } = await releaseWithin(trx, clock, actor, { personId: id, inList })
      return { outcome: null, code }
    },
  },
  'device.keeper_changed': {
    action: 'device.confirm_keeper',
    mayRefuse: false,
    putUp: keeperPutUp,
    requireOneCause: () => undefined,
    decide: async (trx, clock, actor, { id, inList }) => {
      const { serial } = await requireWaitingChange(trx, id)
      await decideKeeperWithin(trx, clock, actor, { serial, confirm: true, inList })
      return { outcome: null, code: null }
    },
  },
  'dock.released': {
    action: 'dock.release',
    mayRefuse: false,
    putUp: dockPutUp,
    requireOneCause: () => undefined,
    decide: async (trx, clock, actor, { id, inList }) => {
      await releaseDockWithin(trx, clock, actor, { dockId: id, inList })
      return { outcome: null, code: null }
    },
  },
  'dock_pass.released': {
    action: 'dock_pass.release',
    mayRefuse: false,
    putUp: passPutUp,
    requireOneCause: () => undefined,
    decide: async (trx, clock, actor, { id, inList }) => {
      await releasePassWithin(trx, clock, actor, { passId: id, inList })
      return { outcome: null, code: null }
    },
  },
} as const satisfies Record<ListedKind, LightAct>

type Item = { readonly id: string; readonly proposalId: string }

async function quarantinePutUp(trx: Trx, item: Item): Promise<PutUp> {
  const recording = await requireProposal(trx, { recordingId: item.id, proposalId: item.proposalId })
  const causes = [`reason ${recording.quarantine_reason}`, `card ${recording.device_serial}`]
  return putUpOf(trx, 'quarantine.resolved', { subjectId: item.id, memberValue: item.proposalId }, causes)
}

async function releasePutUp(trx: Trx, item: Item): Promise<PutUp> {
  const { role } = await requireWaitingOpening(trx, { personId: item.id, openingId: item.proposalId })
  if (!lightRoles.includes(role)) {
    throw new Fault('bad_request', `an account of the role ${role} is released singly`)
  }
  return putUpOf(trx, 'person.released', { subjectId: item.id, memberValue: null }, [])
}

async function keeperPutUp(trx: Trx, item: Item): Promise<PutUp> {
  const { serial } = await requireWaitingChange(trx, item.id)
  return putUpOf(trx, 'device.keeper_changed', { subjectId: serial, memberValue: item.id }, [])
}

async function dockPutUp(trx: Trx, item: Item): Promise<PutUp> {
  await requireWaitingDock(trx, item.id)
  return putUpOf(trx, 'dock.released', { subjectId: item.id, memberValue: null }, [])
}

async function passPutUp(trx: Trx, item: Item): Promise<PutUp> {
  const { personId } = await requireWaitingPass(trx, item.id)
  return putUpOf(trx, 'dock_pass.released', { subjectId: personId, memberValue: item.id }, [])
}

/** @throws log_forked when no event puts the matter up */
export async function putUpOf(db: Db, kind: ListedKind, matter: Matter, causes: readonly string[]): Promise<PutUp> {
  const [newest] = await putUpsOf(db, kind, matter)
  const object = objectOf(kind, matter)
  if (!newest) throw new Fault('log_forked', `no event puts ${object} up for signature: run \`custody fsck\``)
  return { object, body: newest.text, causes }
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
