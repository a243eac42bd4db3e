import type { Db } from '../../foundation/db/database.ts'
import { nameForEvent } from '../devices/name-profile.ts'
import { dockPassesInEnglish, dockPassNames } from '../events/hand-in-words.ts'
import type { ListedKind } from '../events/signed-list.ts'
import { quarantineOutcomeNames } from '../events/words.ts'

/** What an item of a list is, in words, for whoever is to sign it: which thing, what becomes of it, and why. */
export interface ItemWords {
  readonly zh: string
  readonly en: string
}

interface Item {
  readonly id: string
  readonly proposalId: string
}

const wordsOf: Readonly<Record<ListedKind, (db: Db, item: Item) => Promise<ItemWords>>> = {
  'quarantine.resolved': quarantineWords,
  'person.released': openingWords,
  'device.keeper_changed': keeperWords,
  'dock.released': dockWords,
  'dock_pass.released': passWords,
}

/** Words of an item that was found to wait. */
export async function itemWords(db: Db, act: ListedKind, item: Item): Promise<ItemWords> {
  return wordsOf[act](db, item)
}

async function quarantineWords(db: Db, { proposalId }: Item): Promise<ItemWords> {
  const row = await db
    .selectFrom('quarantine_proposal as proposal')
    .innerJoin('recording', 'recording.id', 'proposal.recording_id')
    .innerJoin('person', 'person.id', 'proposal.proposed_by')
    .where('proposal.id', '=', proposalId)
    .select(['proposal.outcome', 'proposal.reason', 'person.name as proposer'])
    .select(['recording.device_serial', 'recording.name', 'recording.bytes'])
    .executeTakeFirstOrThrow()
  const file = nameForEvent(row.name).text
  const outcome = quarantineOutcomeNames[row.outcome]
  return {
    zh: `设备${row.device_serial} “${file}”（${row.bytes}字节）：${outcome.zh}；${row.reason}；提议人${row.proposer}`,
    en: `${row.device_serial} “${file}” (${row.bytes} bytes): ${outcome.en}; ${row.reason}; proposed by ${row.proposer}`,
  }
}

async function openingWords(db: Db, { proposalId }: Item): Promise<ItemWords> {
  const row = await db
    .selectFrom('account_opening as opening')
    .innerJoin('person', 'person.id', 'opening.person_id')
    .innerJoin('person as maker', 'maker.id', 'opening.made_by')
    .where('opening.id', '=', proposalId)
    .select(['person.name', 'person.account', 'person.role', 'opening.cause', 'maker.name as maker'])
    .executeTakeFirstOrThrow()
  const role = { zh: row.role === 'assistant' ? '执法辅助人员' : '执法人员', en: row.role }
  const isMade = row.cause === 'created'
  return {
    zh: `${row.name}（${row.account}，${role.zh}）${isMade ? '新建账号' : '密码重置'}；经办人${row.maker}`,
    en: `${row.name} (${row.account}, ${role.en}): ${isMade ? 'account made' : 'password reset'} by ${row.maker}`,
  }
}

async function keeperWords(db: Db, { id }: Item): Promise<ItemWords> {
  const row = await db
    .selectFrom('device_keeper_change as change')
    .innerJoin('device', 'device.id', 'change.device_id')
    .innerJoin('person as asker', 'asker.id', 'change.asked_by')
    .leftJoin('person as before', 'before.id', 'change.from_person_id')
    .leftJoin('person as after', 'after.id', 'change.to_person_id')
    .where('change.id', '=', id)
    .select(['device.serial', 'change.note', 'asker.name as asker', 'before.name as before', 'after.name as after'])
    .executeTakeFirstOrThrow()
  return {
    zh: `设备${row.serial}：保管人由${row.before ?? '单位'}变更为${row.after ?? '单位'}；${row.note}；提出人${row.asker}`,
    en: `${row.serial}: from ${row.before ?? 'the unit'} to ${row.after ?? 'the unit'}; ${row.note}; asked by ${row.asker}`,
  }
}

async function dockWords(db: Db, { id }: Item): Promise<ItemWords> {
  const row = await db.selectFrom('dock').where('id', '=', id).select(['name', 'public_key']).executeTakeFirstOrThrow()
  const key = row.public_key.toString('hex')
  return { zh: `采集站“${row.name}”，公钥${key}`, en: `the dock “${row.name}”, public key ${key}` }
}

async function passWords(db: Db, { id }: Item): Promise<ItemWords> {
  const row = await db
    .selectFrom('dock_pass as pass')
    .innerJoin('person', 'person.id', 'pass.person_id')
    .innerJoin('person as giver', 'giver.id', 'pass.given_by')
    .where('pass.id', '=', id)
    .select(['pass.means', 'person.name', 'person.account', 'giver.name as giver'])
    .executeTakeFirstOrThrow()
  return {
    zh: `${row.name}（${row.account}）：${dockPassNames[row.means]}；经办人${row.giver}`,
    en: `${row.name} (${row.account}): ${dockPassesInEnglish[row.means]}, given by ${row.giver}`,
  }
}
