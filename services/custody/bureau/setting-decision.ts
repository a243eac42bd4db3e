import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { canonicalText, type JsonValue } from '../../ledger/format/canonical.ts'
import { recordEvent } from '../events/record.ts'
import { requireSettingKey } from '../settings/checked-value.ts'
import { settingValue } from '../settings/value.ts'
import { nameBehind } from '../signing/one-person.ts'
import type { Signer } from '../signing/seat.ts'
import { type ShownSameSeat, showSameSeat } from '../signing/shown-signature.ts'
import { signatureOf } from '../signing/signature.ts'
import { requireEnoughNames } from '../signing/third-signature.ts'
import { lockOpenProposal } from './setting-proposal.ts'

export interface SettingDecision {
  readonly key: string
  /** Of the proposal: whoever decides says which one he has seen. */
  readonly id: string
  readonly accept: boolean
  /** Why, when it is refused. */
  readonly reason: string | null
}

/**
 * The second person's half: accepts a proposal, which then holds from the time that it names, or from now when that is over,
 * or refuses it.
 *
 * @throws not_found; conflict for one's own proposal, for that of somebody who is not independent of the one who decides, and
 *   for one that was decided; bad_request for a refusal without reason
 */
export async function decideSetting(
  db: Db,
  clock: Clock,
  actor: Signer,
  decision: SettingDecision,
): Promise<{ state: 'accepted' | 'refused'; validFrom: Date; sameSeat: ShownSameSeat | null }> {
  const key = requireSettingKey(decision.key)
  const reason = decision.reason?.trim() ?? ''
  if (!decision.accept && reason === '') throw new Fault('bad_request', `${key}: reason: say why it is refused`)
  return db.transaction().execute(async (trx) => {
    const open = await lockOpenProposal(trx, key, decision.id)
    const proposer = await nameBehind(trx, {
      ...{ by: open.proposed_by, kind: 'setting.proposed', subject: `setting:${key}` },
      isIt: ({ versionId }) => versionId === open.id,
    })
    if (proposer.id === actor.id) throw new Fault('conflict', `${key}: nobody decides on his own proposal`)
    const kind = decision.accept ? 'setting.changed' : 'setting.refused'
    const matter = { subjectId: key, memberValue: open.id }
    const third = decision.accept
      ? await requireEnoughNames(trx, { names: [proposer, actor], at: clock.now(), act: 'setting.changed', matter })
      : null
    const signature = await signatureOf(trx, clock, actor, { kind, ...matter, third })
    const act = { clock, by: actor, subjects: [{ type: 'setting', id: key }] }
    const version = { versionId: open.id, value: open.value, proposedBy: open.proposed_by }
    // What is decided late must not change the time before the decision.
    const now = clock.now()
    const validFrom = new Date(Math.max(open.valid_from.getTime(), now.getTime()))
    const before = canonicalText((await settingValue(trx, key, validFrom)) as JsonValue)
    const decided = decision.accept
      ? await recordEvent(trx, 'setting.changed', {
          ...act,
          details: {
            ...version,
            before,
            source: open.source,
            validFrom: validFrom.toISOString(),
            ...signature.details,
          },
        })
      : await recordEvent(trx, 'setting.refused', { ...act, details: { ...version, reason, ...signature.details } })
    await signature.keepSeat(decided)
    const state = decision.accept ? 'accepted' : 'refused'
    const times = decision.accept ? { valid_from: validFrom } : {}
    await trx
      .updateTable('setting_version')
      .set({ state, decided_by: actor.id, decided_at: decided.at, ...times })
      .where('id', '=', open.id)
      .execute()
    return { state, validFrom, sameSeat: await showSameSeat(trx, signature.sameSeat) }
  })
}
