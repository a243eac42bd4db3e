import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { nameForEvent } from '../devices/name-profile.ts'
import { type EventKind, kindName } from '../events/kinds.ts'
import type { SubjectType } from '../events/subjects.ts'
import { isSettingKey, settings } from '../settings/declared.ts'
import { filesText, type Notice, type NoticeSource, noticesOfOneKindMax } from './notice.ts'

/** A matter that a second person turned down. */
interface Refusal {
  readonly id: string
  /** What was asked for. */
  readonly what: Notice['text']
  readonly by: string
  readonly at: Date
  readonly why: string | null
}

/** Packages that this person asked for and that were not signed. */
export const packagesRefused: NoticeSource = async (db, reader) => {
  const rows = await db
    .selectFrom('package')
    .innerJoin('case_file', 'case_file.id', 'package.case_id')
    .innerJoin('person', 'person.id', 'package.decided_by')
    .where('package.requested_by', '=', reader.id)
    .where('package.state', '=', 'refused')
    .select(['package.id', 'package.decided_at', 'case_file.number', 'person.name'])
    .orderBy('package.decided_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  const reasonFor = await reasonsOf(db, 'package.refused', 'package', rows)
  return rows.map((row) =>
    refused('package_refused', {
      ...{ id: row.id, by: row.name, at: row.decided_at!, why: reasonFor(row.id, row.decided_at) },
      what: { zh: `“${row.number}”的举证材料`, en: `the evidence package of ${row.number}` },
    }),
  )
}

/** What this person proposed for recordings in quarantine: a whole card in one notice, others singly. */
export const quarantineRefused: NoticeSource = async (db, reader) => {
  const refusedRows = () =>
    db
      .selectFrom('quarantine_proposal as proposal')
      .innerJoin('recording', 'recording.id', 'proposal.recording_id')
      .innerJoin('person', 'person.id', 'proposal.decided_by')
      .where('proposal.proposed_by', '=', reader.id)
      .where('proposal.confirmed', '=', false)
      .limit(noticesOfOneKindMax)
  const cards = await refusedRows()
    .where('proposal.batch_id', 'is not', null)
    .groupBy(['proposal.batch_id', 'recording.device_serial', 'person.name'])
    .select(['proposal.batch_id', 'recording.device_serial', 'person.name'])
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.max('proposal.decided_at').as('decided_at')])
    .orderBy('decided_at', 'desc')
    .execute()
  const singles = await refusedRows()
    .where('proposal.batch_id', 'is', null)
    .select(['proposal.id', 'proposal.decided_at', 'recording.device_serial', 'recording.name', 'person.name as by'])
    .orderBy('proposal.decided_at', 'desc')
    .execute()
  return [
    ...cards.map((row) =>
      refused('quarantine_card_refused', {
        ...{ id: row.batch_id!, by: row.name, at: row.decided_at!, why: null },
        what: {
          zh: `设备${row.device_serial}一张卡的${row.count}个待核实文件的处理意见`,
          en: `what you proposed for ${filesText(row.count)} of a card of ${row.device_serial} in quarantine`,
        },
      }),
    ),
    ...singles.map((row) =>
      refused('quarantine_refused', {
        ...{ id: row.id, by: row.by, at: row.decided_at!, why: null },
        what: {
          zh: `设备${row.device_serial}的待核实文件“${nameForEvent(row.name).text}”的处理意见`,
          en: `what you proposed for the file “${nameForEvent(row.name).text}” of ${row.device_serial} in quarantine`,
        },
      }),
    ),
  ]
}

/** Films that this person supplied and that were not taken. */
export const suppliesRefused: NoticeSource = async (db, reader) => {
  const rows = await db
    .selectFrom('rendition_supply as supply')
    .innerJoin('recording', 'recording.id', 'supply.recording_id')
    .innerJoin('person', 'person.id', 'supply.decided_by')
    .where('supply.proposed_by', '=', reader.id)
    .where('supply.state', '=', 'refused')
    .select(['supply.id', 'supply.decided_at', 'supply.reason', 'recording.name', 'person.name as by'])
    .orderBy('supply.decided_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  return rows.map((row) =>
    refused('supply_refused', {
      ...{ id: row.id, by: row.by, at: row.decided_at!, why: row.reason },
      what: {
        zh: `您为“${nameForEvent(row.name).text}”提供的影片`,
        en: `the film that you supplied for “${nameForEvent(row.name).text}”`,
      },
    }),
  )
}

/** Accounts that this person asked to have shut and that stay open. */
export const shuttingsRefused: NoticeSource = async (db, reader) => {
  const rows = await db
    .selectFrom('account_shutting as shutting')
    .innerJoin('person', 'person.id', 'shutting.person_id')
    .innerJoin('person as decider', 'decider.id', 'shutting.decided_by')
    .where('shutting.asked_by', '=', reader.id)
    .where('shutting.confirmed', '=', false)
    .select(['shutting.id', 'shutting.person_id', 'shutting.decided_at', 'person.name', 'decider.name as by'])
    .orderBy('shutting.decided_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  const people = rows.map(({ person_id: id }) => ({ id }))
  const reasonFor = await reasonsOf(db, 'person.shut_refused', 'account', people)
  return rows.map((row) =>
    refused('shutting_refused', {
      ...{ id: row.id, by: row.by, at: row.decided_at!, why: reasonFor(row.person_id, row.decided_at) },
      what: { zh: `停用${row.name}的账号`, en: `the shutting of ${row.name}'s account` },
    }),
  )
}

/** Releases of accounts that this person made or released, and that were stopped. */
export const releasesStopped: NoticeSource = async (db, reader) => {
  const rows = await db
    .selectFrom('account_opening as opening')
    .innerJoin('person', 'person.id', 'opening.person_id')
    .innerJoin('person as stopper', 'stopper.id', 'opening.stopped_by')
    .where('opening.stopped_by', '<>', reader.id)
    .where((where) =>
      where.or([where('opening.made_by', '=', reader.id), where('opening.released_by', '=', reader.id)]),
    )
    .select(['opening.id', 'opening.stopped_at', 'person.name', 'stopper.name as by'])
    .orderBy('opening.stopped_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  return rows.map((row) =>
    refused('release_stopped', {
      ...{ id: row.id, by: row.by, at: row.stopped_at!, why: null },
      what: { zh: `${row.name}账号的复核启用`, en: `the release of ${row.name}'s account` },
    }),
  )
}

/** Changes of a keeper that this person asked for. */
export const keeperChangesRefused: NoticeSource = async (db, reader) => {
  const rows = await db
    .selectFrom('device_keeper_change as change')
    .innerJoin('device', 'device.id', 'change.device_id')
    .innerJoin('person', 'person.id', 'change.decided_by')
    .where('change.asked_by', '=', reader.id)
    .where('change.decided_by', '<>', reader.id)
    .where('change.confirmed', '=', false)
    .select(['change.id', 'change.decided_at', 'device.serial', 'person.name'])
    .orderBy('change.decided_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  return rows.map((row) =>
    refused('keeper_refused', {
      ...{ id: row.id, by: row.name, at: row.decided_at!, why: null },
      what: { zh: `设备${row.serial}变更保管人`, en: `another keeper for the device ${row.serial}` },
    }),
  )
}

/** Third signatures that this person added and in which an auditor found something that does not agree. */
export const thirdSignaturesRefused: NoticeSource = async (db, reader) => {
  const rows = await db
    .selectFrom('third_signature as third')
    .innerJoin('person', 'person.id', 'third.decided_by')
    .where('third.added_by', '=', reader.id)
    .where('third.confirmed', '=', false)
    .select(['third.id', 'third.act', 'third.signer_name', 'third.decided_at', 'person.name'])
    .orderBy('third.decided_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  const reasonFor = await reasonsOf(db, 'signature.third_refused', 'third_signature', rows)
  return rows.map((row) =>
    refused('third_refused', {
      ...{ id: row.id, by: row.name, at: row.decided_at!, why: reasonFor(row.id, row.decided_at) },
      what: {
        zh: `${row.signer_name}的第三方签署（“${kindName(row.act)}”）`,
        en: `the third signature of ${row.signer_name} (“${kindName(row.act, 'en')}”)`,
      },
    }),
  )
}

/** Values of settings that this person proposed. */
export const settingsRefused: NoticeSource = async (db, reader) => {
  const rows = await db
    .selectFrom('setting_version as version')
    .innerJoin('person', 'person.id', 'version.decided_by')
    .where('version.proposed_by', '=', reader.id)
    .where('version.state', '=', 'refused')
    .select(['version.id', 'version.key', 'version.decided_at', 'person.name'])
    .orderBy('version.decided_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  const keys = rows.map(({ key: id }) => ({ id }))
  const reasonFor = await reasonsOf(db, 'setting.refused', 'setting', keys)
  return rows.map((row) => {
    const setting = isSettingKey(row.key) ? settings[row.key] : { zh: row.key, en: row.key }
    return refused('setting_refused', {
      ...{ id: row.id, by: row.name, at: row.decided_at!, why: reasonFor(row.key, row.decided_at) },
      what: { zh: `更改设置“${setting.zh}”`, en: `another value of “${setting.en}”` },
    })
  })
}

/** A hand-over that somebody withdrew, to both sides of it and to whoever proposed it. */
export const handoversWithdrawn: NoticeSource = async (db, reader) => {
  const rows = await db
    .selectFrom('custodian_handover as handover')
    .innerJoin('person as outgoing', 'outgoing.id', 'handover.from_person_id')
    .innerJoin('person as incoming', 'incoming.id', 'handover.to_person_id')
    .where('handover.withdrawn_at', 'is not', null)
    .where((where) =>
      where.or([
        where('handover.from_person_id', '=', reader.id),
        where('handover.to_person_id', '=', reader.id),
        where('handover.proposed_by', '=', reader.id),
      ]),
    )
    .select(['handover.id', 'handover.withdrawn_at', 'outgoing.name as from', 'incoming.name as to'])
    .orderBy('handover.withdrawn_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  return rows.map(
    (row): Notice => ({
      ...{ id: `handover_withdrawn:${row.id}`, kind: 'handover_withdrawn', at: row.withdrawn_at!, waits: false },
      text: {
        zh: `资料管理员工作交接（${row.from}移交${row.to}）已撤回。`,
        en: `The hand-over of the custodian's office from ${row.from} to ${row.to} was withdrawn.`,
      },
    }),
  )
}

/** Why something was turned down where only the event says it: by the id of the event's subject and its time. */
async function reasonsOf(
  db: Db,
  kind: EventKind,
  type: SubjectType,
  rows: readonly { id: string }[],
): Promise<(id: string, at: Date | null) => string | null> {
  if (rows.length === 0) return () => null
  const subjects = rows.map(({ id }) => `${type}:${id}`)
  const events = await db
    .selectFrom('event')
    .where('kind', '=', kind)
    .where(sql<boolean>`subjects && ${subjects}::text[]`)
    .select(['body', 'at'])
    .execute()
  const reasons = new Map<string, string>()
  for (const { body: text, at } of events) {
    const body = bodyOrNull(text)
    const subject = body?.subjects.find((one) => one.type === type)
    const reason = body?.details.reason
    if (subject && typeof reason === 'string') reasons.set(`${subject.id} ${at.getTime()}`, reason)
  }
  return (id, at) => reasons.get(`${id} ${at?.getTime()}`) ?? null
}

function refused(kind: string, { id, what, by, at, why }: Refusal): Notice {
  return {
    ...{ id: `${kind}:${id}`, kind, at, waits: false },
    text: {
      zh: `${what.zh}：${by}未同意${why === null ? '' : `，理由：${why}`}。`,
      en: `${by} did not agree to ${what.en}${why === null ? '' : `: ${why}`}.`,
    },
  }
}
