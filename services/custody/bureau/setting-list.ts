import type { Db } from '../../foundation/db/database.ts'
import type { JsonValue } from '../../ledger/format/canonical.ts'
import { effectOf, requireSettingKey } from '../settings/checked-value.ts'
import { type SettingKey, settings } from '../settings/declared.ts'
import type { EffectLine } from '../settings/definition.ts'
import { settingValue } from '../settings/value.ts'

interface Someone {
  readonly id: string
  readonly name: string
}

/** One version of a setting, as people are shown it. */
export interface ShownVersion {
  readonly id: string
  readonly value: JsonValue
  readonly source: string
  readonly validFrom: Date
  readonly state: 'proposed' | 'accepted' | 'refused' | 'withdrawn'
  readonly proposedBy: Someone
  readonly proposedAt: Date
  readonly decidedBy: Someone | null
  readonly decidedAt: Date | null
}

export interface ShownSetting {
  readonly key: SettingKey
  readonly name: EffectLine
  readonly value: JsonValue
  readonly standard: JsonValue
  /** The version that is in force; null while the standard is. */
  readonly current: ShownVersion | null
  /** Accepted, but not in force yet; the first first. */
  readonly coming: readonly ShownVersion[]
  readonly open: (ShownVersion & { readonly effect: readonly EffectLine[] }) | null
}

/** Every setting as it is at `at`, with what comes and what is proposed. */
export async function listSettings(db: Db, at: Date): Promise<ShownSetting[]> {
  const shown: ShownSetting[] = []
  for (const key of Object.keys(settings) as SettingKey[]) shown.push(await showSetting(db, key, at))
  return shown
}

async function showSetting(db: Db, key: SettingKey, at: Date): Promise<ShownSetting> {
  const { zh, en, standard } = settings[key]
  const accepted = await versionsOf(db, key, 'accepted')
  const [open] = await versionsOf(db, key, 'proposed')
  // As `settingValue` chooses: the latest time that has come, and of equal ones the last decision.
  const latest = accepted
    .filter(({ validFrom }) => validFrom <= at)
    .sort(byTime)
    .at(-1)
  return {
    key,
    name: { zh, en },
    value: (await settingValue(db, key, at)) as JsonValue,
    standard: standard as JsonValue,
    current: latest ?? null,
    coming: accepted.filter(({ validFrom }) => validFrom > at).sort(byTime),
    open: open ? { ...open, effect: await effectOfOpen(db, key, open, at) } : null,
  }
}

/** What accepting the open proposal at `at` would do. */
async function effectOfOpen(db: Db, key: SettingKey, open: ShownVersion, at: Date): Promise<EffectLine[]> {
  const from = new Date(Math.max(open.validFrom.getTime(), at.getTime()))
  const before = (await settingValue(db, key, from)) as JsonValue
  return effectOf(db, key, { before, after: open.value, at: from })
}

/** Every version of a setting that was ever proposed, the last first. @throws not_found for an unknown key */
export async function settingHistory(db: Db, key: string): Promise<ShownVersion[]> {
  return versionsOf(db, requireSettingKey(key))
}

async function versionsOf(db: Db, key: SettingKey, state?: ShownVersion['state']): Promise<ShownVersion[]> {
  const rows = await db
    .selectFrom('setting_version as version')
    .innerJoin('person as proposer', 'proposer.id', 'version.proposed_by')
    .leftJoin('person as decider', 'decider.id', 'version.decided_by')
    .where('version.key', '=', key)
    .$if(state !== undefined, (query) => query.where('version.state', '=', state!))
    .selectAll('version')
    .select(['proposer.name as proposer_name', 'decider.name as decider_name'])
    .orderBy('version.proposed_at', 'desc')
    .orderBy('version.id', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    value: JSON.parse(row.value) as JsonValue,
    source: row.source,
    validFrom: row.valid_from,
    state: row.state,
    proposedBy: { id: row.proposed_by, name: row.proposer_name },
    proposedAt: row.proposed_at,
    decidedBy: row.decided_by === null ? null : { id: row.decided_by, name: row.decider_name ?? '' },
    decidedAt: row.decided_at,
  }))
}

function byTime(a: ShownVersion, b: ShownVersion): number {
  const time = a.validFrom.getTime() - b.validFrom.getTime()
  return time !== 0 ? time : (a.decidedAt?.getTime() ?? 0) - (b.decidedAt?.getTime() ?? 0)
}
