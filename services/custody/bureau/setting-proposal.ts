import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { canonicalText, type JsonValue } from '../../ledger/format/canonical.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { checkedValue, effectOf, requireSettingKey } from '../settings/checked-value.ts'
import type { SettingKey } from '../settings/declared.ts'
import type { EffectLine } from '../settings/definition.ts'
import { settingValue } from '../settings/value.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'

export interface SettingProposal {
  readonly key: string
  readonly value: unknown
  /** The rule or decision that says so. */
  readonly source: string
  /** Null: as soon as it is accepted. */
  readonly validFrom: Date | null
}

/**
 * What a proposal would do, without making it. Refuses what `proposeSetting` refuses, but for an open proposal.
 *
 * @throws not_found for an unknown key; bad_request naming key, limit and what to do
 */
export async function previewSetting(db: Db, clock: Clock, proposal: SettingProposal): Promise<EffectLine[]> {
  const { key, value, before, validFrom } = await checkedProposal(db, clock.now(), proposal)
  return effectOf(db, key, { before, after: value, at: validFrom })
}

/**
 * Puts a new value of a setting up for another person's decision; until then nothing changes.
 *
 * @throws as `previewSetting`; conflict while another proposal for this setting is open
 */
export async function proposeSetting(
  db: Db,
  clock: Clock,
  actor: Signer,
  proposal: SettingProposal,
): Promise<{ id: string; effect: EffectLine[] }> {
  return db.transaction().execute(async (trx) => {
    const now = clock.now()
    const { key, value, before, validFrom } = await checkedProposal(trx, now, proposal)
    const id = newId(now)
    const stored = { value: canonicalText(value), source: proposal.source.trim() }
    const proposed = await recordEvent(trx, 'setting.proposed', {
      clock,
      by: actor,
      subjects: [{ type: 'setting', id: key }],
      details: { versionId: id, ...stored, before: canonicalText(before), validFrom: validFrom.toISOString() },
    })
    const row = { id, key, ...stored, valid_from: validFrom, proposed_by: actor.id, proposed_at: proposed.at }
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('setting_version')
      .values({ ...row, state: 'proposed' })
      .onConflict((conflict) => conflict.column('key').where('state', '=', 'proposed').doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) {
      throw new Fault('conflict', `${key}: a proposal is open already: it must be decided or withdrawn first`)
    }
    await keepProposersSeat(trx, actor, proposed)
    return { id, effect: await effectOf(trx, key, { before, after: value, at: validFrom }) }
  })
}

/**
 * Takes a proposal back that nobody has decided on yet.
 *
 * @throws not_found; conflict when it is somebody else's or was decided
 */
export async function withdrawSetting(db: Db, clock: Clock, actor: Actor, proposal: { key: string; id: string }) {
  const key = requireSettingKey(proposal.key)
  await db.transaction().execute(async (trx) => {
    const open = await lockOpenProposal(trx, key, proposal.id)
    if (open.proposed_by !== actor.id) {
      throw new Fault('conflict', `${key}: only the person who made a proposal withdraws it; others may refuse it`)
    }
    const { at } = await recordEvent(trx, 'setting.withdrawn', {
      clock,
      by: actor,
      subjects: [{ type: 'setting', id: key }],
      details: { versionId: open.id, value: open.value },
    })
    const decided = { state: 'withdrawn', decided_by: actor.id, decided_at: at } as const
    await trx.updateTable('setting_version').set(decided).where('id', '=', open.id).execute()
  })
}

/** The proposal of this id, locked until the transaction ends. @throws not_found; conflict when it is open no more */
export async function lockOpenProposal(trx: Trx, key: SettingKey, id: string) {
  const row = await trx
    .selectFrom('setting_version')
    .where('key', '=', key)
    .where('id', '=', id)
    .selectAll()
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Fault('not_found', `${key}: there is no proposal ${id}`)
  if (row.state !== 'proposed')
    throw new Fault('conflict', `${key}: this proposal is open no more: it was ${row.state}`)
  return row
}

async function checkedProposal(
  db: Db,
  now: Date,
  proposal: SettingProposal,
): Promise<{ key: SettingKey; value: JsonValue; before: JsonValue; validFrom: Date }> {
  const key = requireSettingKey(proposal.key)
  const value = checkedValue(key, proposal.value)
  const validFrom = proposal.validFrom ?? now
  if (validFrom < now) {
    throw new Fault(
      'bad_request',
      `${key}: validFrom ${validFrom.toISOString()} is over; it is ${now.toISOString()} now: a setting never changes the past, so give a later time, or none for as soon as it is accepted`,
    )
  }
  const before = (await settingValue(db, key, validFrom)) as JsonValue
  if (canonicalText(before) === canonicalText(value)) {
    throw new Fault(
      'bad_request',
      `${key}: this is its value at ${validFrom.toISOString()} already: nothing would change`,
    )
  }
  return { key, value, before, validFrom }
}
