import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { sha256 } from '../../foundation/hash.ts'
import { canonicalText, type JsonValue } from '../../ledger/format/canonical.ts'
import type { RecordedEvent } from '../events/record.ts'
import { oneActOfDock } from './one-at-a-time.ts'
import { recordReport } from './report-events.ts'
import type { ReportOf, SaidReport } from './said-report.ts'

/**
 * Takes a dock's report: its event, and what follows from it. The same id with the same report again changes nothing.
 *
 * @throws conflict when the id was used for another report; not_found for a hand-in that is not this dock's; bad_request for
 *   a volume of ours without a serial
 */
export async function takeReport(
  db: Db,
  clock: Clock,
  dockId: string,
  asked: { saidId: string; report: SaidReport },
): Promise<void> {
  const { saidId, report } = asked
  const digest = sha256(canonicalText(report as unknown as JsonValue))
  await db.transaction().execute(async (trx) => {
    await oneActOfDock(trx, dockId)
    if (await wasTaken(trx, { dockId, saidId, digest })) return
    const event = await recordReport(trx, clock, { dockId, saidId, sha256: digest.toString('hex') }, report)
    await keepReport(trx, { dockId, saidId, digest }, event)
    if (report.kind === 'volume_stated') await keepStatement(trx, dockId, report, event)
  })
}

interface Taken {
  readonly dockId: string
  readonly saidId: string
  readonly digest: Buffer
}

/** @throws conflict when the id was used for another report */
async function wasTaken(trx: Trx, { dockId, saidId, digest }: Taken): Promise<boolean> {
  const row = await trx
    .selectFrom('dock_report')
    .where('dock_id', '=', dockId)
    .where('said_id', '=', saidId)
    .select('sha256')
    .executeTakeFirst()
  if (!row) return false
  if (row.sha256.equals(digest)) return true
  throw new Fault('conflict', 'id: this dock has used this id for another report: make a new one')
}

async function keepReport(trx: Trx, { dockId, saidId, digest }: Taken, event: RecordedEvent): Promise<void> {
  await trx
    .insertInto('dock_report')
    .values({ dock_id: dockId, said_id: saidId, sha256: digest, event_id: event.id, reported_at: event.at })
    .execute()
}

/** A volume of ours: the next hand-in of that device at this dock is marked. */
async function keepStatement(
  trx: Trx,
  dockId: string,
  { answer, serial }: ReportOf<'volume_stated'>,
  event: RecordedEvent,
): Promise<void> {
  if (answer !== 'ours' || serial === null) return
  await trx
    .insertInto('volume_statement')
    .values({ event_id: event.id, dock_id: dockId, device_serial: serial, stated_at: event.at })
    .execute()
}
