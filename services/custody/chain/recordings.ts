import type { Db } from '../../foundation/db/database.ts'
import { displayName } from '../../foundation/name-decoding.ts'
import type { StoreName, Stores } from '../../foundation/store/store.ts'
import { checkCopy } from '../fsck/copy-check.ts'
import type { Report } from '../fsck/finding.ts'
import type { CaseChain } from './schema.ts'

type ShownRecording = CaseChain['recordings'][number]

/**
 * The recordings of a chain with their copies, each looked up on its store by its version. A recording whose row is gone
 * is shown by its id alone; what is wrong with copies goes into the report.
 */
export async function chainRecordings(
  deps: { db: Db; stores: Stores },
  ids: readonly string[],
  options: { objects: boolean; signal?: AbortSignal },
  report: Report,
): Promise<ShownRecording[]> {
  if (ids.length === 0) return []
  const rows = await deps.db
    .selectFrom('recording')
    .where('id', 'in', [...ids])
    .selectAll()
    .execute()
  const attachments = await deps.db
    .selectFrom('case_recording')
    .where('recording_id', 'in', [...ids])
    .select(['recording_id', 'stage', 'attached_at', 'detached_at'])
    .orderBy('attached_at')
    .execute()
  const shown: ShownRecording[] = []
  for (const id of ids) {
    const row = rows.find((one) => one.id === id)
    shown.push({
      id,
      deviceSerial: row?.device_serial ?? null,
      name: row ? { base64: row.name.toString('base64'), text: displayName(row.name) } : null,
      bytes: row?.bytes ?? null,
      sha256: row?.sha256.toString('hex') ?? null,
      sm3: row?.sm3?.toString('hex') ?? null,
      state: row?.state ?? null,
      copies: row ? await copiesOf(deps, row, options, report) : [],
      stages: attachments
        .filter((one) => one.recording_id === id)
        .map((one) => ({
          stage: one.stage,
          attachedAt: one.attached_at.toISOString(),
          detachedAt: one.detached_at?.toISOString() ?? null,
        })),
    })
  }
  return shown
}

async function copiesOf(
  deps: { db: Db; stores: Stores },
  recording: { id: string; bytes: number; sha256: Buffer },
  options: { objects: boolean; signal?: AbortSignal },
  report: Report,
): Promise<ShownRecording['copies']> {
  const rows = await deps.db
    .selectFrom('copy')
    .where('recording_id', '=', recording.id)
    .selectAll()
    .orderBy('store')
    .execute()
  return Promise.all(
    rows.map(async (row) => {
      const { found, problems } = await checkCopy(deps.stores[row.store as StoreName], row, recording, options)
      for (const { check, problem } of problems) report.error(check, `copy ${recording.id}/${row.store}`, problem)
      return {
        store: row.store,
        hostName: row.host_name,
        versionId: row.version_id,
        state: row.state,
        found: found && { ...found, retainUntil: found.retainUntil?.toISOString() ?? null },
        problem: problems.length === 0 ? null : problems.map(({ problem }) => problem).join('; '),
      }
    }),
  )
}
