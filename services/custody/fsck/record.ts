import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { newId } from '../../foundation/id.ts'
import { recordEvent } from '../events.ts'
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

/**
 * Runs the check as an act of the ledger: it reads footage, so `fsck.started` is committed before the first byte and
 * `fsck.completed` says what came of it, also when it could not end. `conclude` adds to the last event's transaction and
 * details.
 */
export async function recordedFsck(
  deps: FsckDeps & { clock: Clock; actor: string },
  conclude: (trx: Trx, run: RecordedRun) => Promise<Record<string, number>> = async () => ({}),
): Promise<RecordedRun> {
  const { db, clock } = deps
  const runId = newId(clock.now())
  const startedAt = clock.now()
  const begun = performance.now()
  const common = { actor: deps.actor, actorRole: 'service', subjects: [fsckSubject] } as const
  const objects = coverageOf(deps)
  await db
    .transaction()
    .execute((trx) => recordEvent(trx, { ...common, kind: 'fsck.started', at: startedAt, details: { runId, objects } }))
  const end = (told: { run: RecordedRun | null; failure: string | null }) =>
    db.transaction().execute(async (trx) => {
      const findings = told.run?.findings ?? []
      const more = told.run ? await conclude(trx, told.run) : {}
      await recordEvent(trx, {
        ...common,
        kind: 'fsck.completed',
        at: clock.now(),
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

function countsOf(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { check } of findings) counts[check] = (counts[check] ?? 0) + 1
  return counts
}

/** When the last check of this actor that came to its end was begun; null when there was none. */
export async function lastRunOf(db: Db, actor: string): Promise<Date | null> {
  const rows = await db
    .selectFrom('event')
    .where(sql<boolean>`subjects @> array[${fsckSubjectText}]`)
    .where('kind', '=', 'fsck.completed')
    .select(['body', 'at'])
    .orderBy('at', 'desc')
    .limit(100)
    .execute()
  const own = rows.find(({ body }) => {
    const told = JSON.parse(body) as { actor: string; details: { failure: string | null; durationMs: number } }
    return told.actor === actor && told.details.failure === null
  })
  if (!own) return null
  const { details } = JSON.parse(own.body) as { details: { durationMs: number } }
  return new Date(own.at.getTime() - details.durationMs)
}
