import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { isId } from '../../foundation/id.ts'
import type { Subject } from '../../ledger/log/append.ts'
import { handInSubjects } from '../devices/hand-in-subjects.ts'
import { type RecordedEvent, recordEvent } from '../events/record.ts'
import { isIdentified } from './identified.ts'
import type { ReportKind, ReportOf, SaidReport } from './said-report.ts'

interface Reported {
  readonly dockId: string
  /** The dock's own id of the report, and the digest of what it sent, in hex. */
  readonly saidId: string
  readonly sha256: string
}

interface Act extends Reported {
  readonly trx: Trx
  readonly clock: Clock
}

/** Writes the event of a report. @throws as `takeReport` */
export function recordReport(trx: Trx, clock: Clock, of: Reported, report: SaidReport): Promise<RecordedEvent> {
  // The report is of the kind whose function is taken, which the compiler cannot follow through the table.
  const record = recordOf[report.kind] as (act: Act, report: SaidReport) => Promise<RecordedEvent>
  return record({ trx, clock, ...of }, report)
}

const recordOf: { readonly [Kind in ReportKind]: (act: Act, report: ReportOf<Kind>) => Promise<RecordedEvent> } = {
  device_checked: (act, { saidAt, serial, batteryPercent, freePercent, clockOffsetMs, lastReceiptAt }) =>
    recordEvent(act.trx, 'station.device_checked', {
      ...byDock(act, [device(serial)]),
      details: { ...said(act, saidAt), batteryPercent, freePercent, clockOffsetMs, lastReceiptAt },
    }),
  device_taken: async (act, { saidAt, serial, by }) =>
    recordEvent(act.trx, 'station.device_taken', {
      ...byDock(act, [device(serial), ...(await personOf(act.trx, by.personId))]),
      details: { ...said(act, saidAt), by, identified: await isIdentified(act, { serial, by }) },
    }),
  kept_this_time: async (act, { saidAt, serial, by }) =>
    recordEvent(act.trx, 'station.device_kept', {
      ...byDock(act, [device(serial), ...(await personOf(act.trx, by.personId))]),
      details: { ...said(act, saidAt), by, identified: await isIdentified(act, { serial, by }) },
    }),
  picked_up_in_emergency: async (act, { saidAt, serial, handInId, remaining, personId, reason, words }) => {
    const handIn = handInId === null ? [] : [await requireHandIn(act, { handInId, serial })]
    return recordEvent(act.trx, 'station.emergency_taking', {
      ...byDock(act, [device(serial), ...handIn, ...(await personOf(act.trx, personId))]),
      details: {
        ...{
          ...said(act, saidAt),
          personId,
          identified: await isIdentified(act, { serial, by: { personId, grade: null } }),
        },
        ...{ remaining: remaining.length, lines: [...remaining], reason, words },
      },
    })
  },
  clock_set: (act, { saidAt, serial, offsetMs, setTo }) =>
    recordEvent(act.trx, 'station.clock_set', {
      ...byDock(act, [device(serial)]),
      details: { ...said(act, saidAt), offsetMs, setTo },
    }),
  unlocked: (act, { saidAt, serial, profile, ok }) =>
    recordEvent(act.trx, 'station.device_unlocked', {
      ...byDock(act, serial === null ? [] : [device(serial)]),
      details: { ...said(act, saidAt), profile, ok },
    }),
  volume_stated: async (act, { saidAt, uuid, answer, serial, words, by }) => {
    if (answer === 'ours' && serial === null) {
      throw new Fault('bad_request', 'serial: say which of our devices the volume belongs to')
    }
    const named = serial === null ? [] : [device(serial)]
    return recordEvent(act.trx, 'station.volume_stated', {
      ...byDock(act, [...named, ...(await personOf(act.trx, by.personId))]),
      details: { ...said(act, saidAt), uuid, answer, words, by, identified: await isIdentified(act, { serial, by }) },
    })
  },
  card_kept: async (act, { saidAt, serial, handInId, sealNumber, keeper, place, by }) => {
    const handIn = await requireHandIn(act, { handInId: handInId ?? (await newestHandIn(act, serial)), serial })
    // Not the device's register, which every case of the device shows: the seal concerns the cases of this hand-in.
    return recordEvent(act.trx, 'device.card_kept', {
      ...byDock(act, [device(serial), ...(await handInSubjects(act.trx, handIn.id))]),
      details: {
        ...{ ...said(act, saidAt), handInId: handIn.id, sealNumber, keeper, place },
        ...(by && { by, identified: await isIdentified(act, { serial, by }) }),
      },
    })
  },
}

function byDock({ clock, dockId }: Act, subjects: readonly Subject[]) {
  return { clock, by: { id: dockId, role: 'dock' }, subjects: [...subjects, { type: 'dock', id: dockId }] }
}

function said({ saidId, sha256 }: Act, saidAt: string) {
  return { saidAt, reportId: saidId, reportSha256: sha256 }
}

function device(serial: string): Subject {
  return { type: 'device', id: serial }
}

/** The person whom somebody named, when there is one of this id; otherwise the details alone keep what was said. */
async function personOf(trx: Trx, personId: string | null): Promise<Subject[]> {
  if (personId === null || !isId(personId)) return []
  const person = await trx.selectFrom('person').where('id', '=', personId).select('id').executeTakeFirst()
  return person ? [{ type: 'person', id: person.id }] : []
}

/** @throws not_found when this dock has no such hand-in of that device */
async function requireHandIn(act: Act, of: { handInId: string | null; serial: string }): Promise<Subject> {
  const { handInId, serial } = of
  const row =
    handInId !== null && isId(handInId)
      ? await act.trx
          .selectFrom('hand_in')
          .where('id', '=', handInId)
          .where('dock_id', '=', act.dockId)
          .where('device_serial', '=', serial)
          .select('id')
          .executeTakeFirst()
      : undefined
  if (!row) throw new Fault('not_found', `handInId: this dock has no such hand-in of ${serial}`)
  return { type: 'hand_in', id: row.id }
}

async function newestHandIn({ trx, dockId }: Act, serial: string): Promise<string | null> {
  const row = await trx
    .selectFrom('hand_in')
    .where('dock_id', '=', dockId)
    .where('device_serial', '=', serial)
    .select('id')
    .orderBy('opened_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}
