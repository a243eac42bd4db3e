import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { newId } from '../../foundation/id.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import type { FsckCheck } from '../events/fsck-checks.ts'
import type { EventKind } from '../events/kinds.ts'
import { detailsOf } from '../events/read.ts'
import { recordEvent } from '../events/record.ts'
import type { Finding } from './finding.ts'
import { type FsckDeps, fsck } from './fsck.ts'

/** What every check that reads objects is about; by it the reads are explained. */
export const fsckSubject = { type: 'ledger', id: 'fsck' } as const
export const fsckSubjectText = `${fsckSubject.type}:${fsckSubject.id}`

export interface RecordedRun {
  readonly runId: string
  readonly startedAt: Date
  readonly durationMs: number
  readonly findings: readonly Finding[]
}

/** Of a nightly check: errors that were not known before, that were, and known ones that are gone. */
export interface NightlyCounts {
  readonly newErrors: number
  readonly stillOpen: number
  readonly gone: number
}

/**
 * Runs the check as an act of the ledger: it reads footage, so `fsck.started` is committed before the first byte and
 * `fsck.completed` says what came of it, also when it could not end. `conclude` adds to the last event's transaction and
 * details.
 */
export async function recordedFsck(
  deps: FsckDeps & { clock: Clock; actor: string },
  conclude: (trx: Trx, run: RecordedRun) => Promise<NightlyCounts | null> = async () => null,
): Promise<RecordedRun> {
  const { db, clock } = deps
  const runId = newId(clock.now())
  const begun = performance.now()
  const common = { clock, by: { id: deps.actor, role: 'service' }, subjects: [fsckSubject] } as const
  const objects = coverageOf(deps)
  const { at: startedAt } = await db
    .transaction()
    .execute((trx) => recordEvent(trx, 'fsck.started', { ...common, details: { runId, objects } }))
  const end = (told: { run: RecordedRun | null; failure: string | null }) =>
    db.transaction().execute(async (trx) => {
      const findings = told.run?.findings ?? []
      const more = told.run ? await conclude(trx, told.run) : null
      await recordEvent(trx, 'fsck.completed', {
        ...common,
        details: {
          runId,
          objects,
          durationMs: Math.round(performance.now() - begun),
          errors: findings.filter(({ severity }) => severity === 'error').length,
          notices: findings.filter(({ severity }) => severity === 'notice').length,
          byCode: countsOf(findings),
          failure: told.failure,
          ...more,
        },
      })
    })
  try {
    const findings = await fsck(deps)
    const run = { runId, startedAt, durationMs: Math.round(performance.now() - begun), findings }
    await end({ run, failure: null })
    return run
  } catch (error) {
    const failure = error instanceof Error ? error.name : typeof error
    await end({ run: null, failure }).catch(() => undefined) // the first failure says more
    throw error
  }
}

function coverageOf({ objects, stores }: Pick<FsckDeps, 'objects' | 'stores'>): string {
  if (!stores || !objects) return 'none'
  return objects === true ? 'all' : `${objects.part + 1}/${objects.of}`
}

function countsOf(findings: readonly Finding[]): Partial<Record<FsckCheck, number>> {
  const counts: Partial<Record<FsckCheck, number>> = {}
  for (const { check } of findings) counts[check] = (counts[check] ?? 0) + 1
  return counts
}

/** When the last check of this actor that came to its end was begun; null when there was none. */
export async function lastRunOf(db: Db, actor: string): Promise<Date | null> {
  const rows = await db
    .selectFrom('event')
    .where(sql<boolean>`subjects @> array[${fsckSubjectText}]`)
    .where('kind', '=', 'fsck.completed' satisfies EventKind)
    .select(['body', 'at'])
    .orderBy('at', 'desc')
    .limit(100)
    .execute()
  for (const { body, at } of rows) {
    const ended = bodyOrNull(body)
    const details = ended?.actor === actor ? detailsOf('fsck.completed', ended) : null
    if (details?.failure === null) return new Date(at.getTime() - details.durationMs)
  }
  return null
}
