import type { Db } from '../../foundation/db/database.ts'
import { nameForEvent } from '../devices/name-profile.ts'
import { quarantineOutcomeNames } from '../events/words.ts'
import { custodianship, partOf, partsNeeded } from '../people/custodian.ts'
import { may } from '../roles/permissions.ts'
import { areOnePerson, nameIn } from '../signing/one-person.ts'
import { filesText, type Notice, type NoticeSource, noticesOfOneKindMax } from './notice.ts'

/** Packages with footage that wait for this person's signature. */
export const packagesThatWait: NoticeSource = async (db, reader) => {
  if (!may(reader.role, 'package.sign')) return []
  const rows = await db
    .selectFrom('package')
    .innerJoin('case_file', 'case_file.id', 'package.case_id')
    .innerJoin('person', 'person.id', 'package.requested_by')
    .where('package.state', '=', 'awaiting_signature')
    .where('package.requested_by', '<>', reader.id)
    .select(['package.id', 'package.purpose', 'package.requested_at', 'case_file.number', 'person.name'])
    .select(['package.recipient_name', 'package.recipient_organisation'])
    .orderBy('package.requested_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  return rows.map((row) => {
    const recipient = [row.recipient_organisation, row.recipient_name].filter((one) => one !== null).join(' ')
    return waiting('package_waits', row.id, row.requested_at, {
      zh: `${row.name}申请“${row.number}”的举证材料（含音像资料），用途：${row.purpose}，接收人：${recipient}，请决定。`,
      en: `${row.name} asks for an evidence package of ${row.number} with footage, for: ${row.purpose}; recipient: ${recipient}. Please decide on it.`,
    })
  })
}

/** What should become of recordings in quarantine: a whole card in one notice, others singly. */
export const quarantineThatWaits: NoticeSource = async (db, reader) => {
  if (!may(reader.role, 'quarantine.decide')) return []
  return [...(await cardsThatWait(db, reader.id)), ...(await recordingsThatWait(db, reader.id))]
}

async function cardsThatWait(db: Db, readerId: string): Promise<Notice[]> {
  const rows = await db
    .selectFrom('quarantine_proposal as proposal')
    .innerJoin('recording', 'recording.id', 'proposal.recording_id')
    .innerJoin('person', 'person.id', 'proposal.proposed_by')
    .where('proposal.decided_at', 'is', null)
    .where('proposal.batch_id', 'is not', null)
    .where('proposal.proposed_by', '<>', readerId)
    .groupBy(['proposal.batch_id', 'recording.device_serial', 'person.name', 'proposal.reason'])
    .select(['proposal.batch_id', 'recording.device_serial', 'person.name', 'proposal.reason'])
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.max('proposal.proposed_at').as('proposed_at')])
    .orderBy('proposed_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  return rows.map((row) =>
    waiting('quarantine_card_waits', row.batch_id!, row.proposed_at, {
      zh: `${row.name}对设备${row.device_serial}一张卡的${row.count}个待核实文件提出处理意见（${row.reason}），请决定。`,
      en: `${row.name} proposes what becomes of ${filesText(row.count)} of a card of ${row.device_serial} in quarantine (${row.reason}): please decide on it.`,
    }),
  )
}

async function recordingsThatWait(db: Db, readerId: string): Promise<Notice[]> {
  const rows = await db
    .selectFrom('quarantine_proposal as proposal')
    .innerJoin('recording', 'recording.id', 'proposal.recording_id')
    .innerJoin('person', 'person.id', 'proposal.proposed_by')
    .where('proposal.decided_at', 'is', null)
    .where('proposal.batch_id', 'is', null)
    .where('proposal.proposed_by', '<>', readerId)
    .select(['proposal.id', 'proposal.outcome', 'proposal.reason', 'proposal.proposed_at', 'person.name as proposer'])
    .select(['recording.device_serial', 'recording.name'])
    .orderBy('proposal.proposed_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  return rows.map((row) => {
    const file = nameForEvent(row.name).text
    const outcome = quarantineOutcomeNames[row.outcome]
    return waiting('quarantine_waits', row.id, row.proposed_at, {
      zh: `${row.proposer}提议将设备${row.device_serial}的待核实文件“${file}”${outcome.zh}（${row.reason}），请决定。`,
      en: `${row.proposer} proposes for the file “${file}” of ${row.device_serial} in quarantine: ${outcome.en} (${row.reason}). Please decide on it.`,
    })
  })
}

/** Films from a vendor's player that wait for their second person. */
export const suppliesThatWait: NoticeSource = async (db, reader) => {
  if (!may(reader.role, 'rendition.decide_supply')) return []
  const rows = await db
    .selectFrom('rendition_supply as supply')
    .innerJoin('recording', 'recording.id', 'supply.recording_id')
    .innerJoin('person', 'person.id', 'supply.proposed_by')
    .where('supply.state', '=', 'proposed')
    .where('supply.proposed_by', '<>', reader.id)
    .select(['supply.id', 'supply.tool', 'supply.tool_version', 'supply.proposed_at', 'person.name as proposer'])
    .select(['recording.device_serial', 'recording.name'])
    .orderBy('supply.proposed_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  return rows.map((row) => {
    const file = nameForEvent(row.name).text
    const tool = `${row.tool} ${row.tool_version}`
    return waiting('supply_waits', row.id, row.proposed_at, {
      zh: `${row.proposer}为设备${row.device_serial}的“${file}”提供了由${tool}转出的影片，请决定。`,
      en: `${row.proposer} supplied a film of “${file}” of ${row.device_serial}, made with ${tool}: please decide on it.`,
    })
  })
}

/** The hand-over of the custodian's office, to everybody whose signature it still needs. */
export const handoversThatWait: NoticeSource = async (db, reader) => {
  const { handover, custodian } = await custodianship(db)
  if (!handover) return []
  const { fromPersonId: from_person_id, toPersonId: to_person_id, absent } = handover
  const part = partOf(reader, { from_person_id, to_person_id, absent })
  const isSigned = handover.signatures.some((signature) => signature.part === part)
  if (!part || isSigned || !partsNeeded(absent).includes(part)) return []
  const successor = await db
    .selectFrom('person')
    .where('id', '=', to_person_id)
    .select('name')
    .executeTakeFirstOrThrow()
  const names = { from: custodian?.name ?? '', to: successor.name }
  return [
    waiting('handover_waits', handover.id, handover.proposedAt, {
      zh: `资料管理员工作交接（${names.from}移交${names.to}，${handover.reason}），待您签署。`,
      en: `The custodian's office is handed over from ${names.from} to ${names.to} (${handover.reason}): it waits for your signature.`,
    }),
  ]
}

/** Accounts that are to be shut and wait for a second person. */
export const shuttingsThatWait: NoticeSource = async (db, reader) => {
  if (!may(reader.role, 'person.decide_shutting')) return []
  const rows = await db
    .selectFrom('account_shutting as shutting')
    .innerJoin('person', 'person.id', 'shutting.person_id')
    .innerJoin('person as asker', 'asker.id', 'shutting.asked_by')
    .where('shutting.decided_at', 'is', null)
    .where('person.disabled_at', 'is', null)
    .select(['shutting.id', 'shutting.person_id', 'shutting.reason', 'shutting.asked_by', 'shutting.asked_at'])
    .select(['person.name', 'person.account', 'asker.name as asker_name'])
    .orderBy('shutting.asked_at', 'desc')
    .limit(noticesOfOneKindMax)
    .execute()
  const notices: Notice[] = []
  for (const row of rows) {
    const asker = await nameIn(db, { id: row.id, actor: row.asked_by })
    if (areOnePerson(reader, asker) || areOnePerson(reader, { id: row.person_id })) continue
    notices.push(
      waiting('shutting_waits', row.id, row.asked_at, {
        zh: `${row.asker_name}申请停用${row.name}（${row.account}）的账号（${row.reason}），请决定。`,
        en: `${row.asker_name} asks that the account of ${row.name} (${row.account}) be shut (${row.reason}): please decide on it.`,
      }),
    )
  }
  return notices
}

function waiting(kind: string, id: string, at: Date, text: Notice['text']): Notice {
  return { id: `${kind}:${id}`, kind, text, at, waits: true }
}
