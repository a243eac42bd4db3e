import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { attachRecording } from '../../../services/custody/cases/attach.ts'
import { findCase, openCase } from '../../../services/custody/cases/case.ts'
import { createParty } from '../../../services/custody/cases/party.ts'
import { decidePackage } from '../../../services/custody/packages/decision.ts'
import { requestPackage } from '../../../services/custody/packages/package.ts'
import { makeFirstAccounts } from '../../../services/custody/people/first-accounts.ts'
import { systemClock } from '../../../services/foundation/clock.ts'
import { type Bureau, inBureau, settleDisk } from '../bureau.ts'
import { announce, footageInMemory, send, untilSealed, writeFootage } from '../dock.ts'
import type { Family } from '../family.ts'
import { inTurn, stepLimitMs } from '../harness.ts'

const run = promisify(execFile)
const mebibyte = 1024 * 1024
const files = 4
const fullBytes = 512 * mebibyte
const shortBytes = 256 * mebibyte
const setup = { id: 'bench', role: 'service' }
const number = '综执检〔2026〕1号'

/** An evidence package of what a hand-in brought, against the plainest way to one file with a digest. */
export const packageRows: Family = {
  rows: [
    {
      name: 'package/export',
      goal: { of: 'ratio', atLeast: 0.85 },
      unit: 'MB/s',
      what: `a package of ${files} originals of 512 MiB, from its signature to its file in the store ÷ tar c | sha256sum on the same files`,
    },
  ],
  short: `${files} originals of 256 MiB instead of 512 MiB`,
  run: (options) =>
    inBureau(options, async (bureau) => {
      const fileBytes = options.isShort ? shortBytes : fullBytes
      await bureau.start('sequencer')
      await bureau.start('ingest')
      const people = await handInCase(bureau, fileBytes)
      await bureau.stop('ingest')
      const folder = join(bureau.directory, 'files')
      await mkdir(folder)
      for (let file = 0; file < files; file++) await writeFootage(join(folder, `${file}.mp4`), fileBytes)
      const megabytes = (files * fileBytes) / 1e6
      const say = (figure: number, what: string) => {
        options.say(`${what} ${figure.toFixed(0)} MB/s`)
        return figure
      }
      const figures = await inTurn(
        options.rounds,
        async () => say(megabytes / (await exportPackage(bureau, people)), 'package'),
        async () => say(megabytes / (await tarAndHash(folder)), 'tar | sha256sum'),
      )
      return { 'package/export': figures }
    }),
}

interface People {
  readonly custodian: string
  readonly supervisor: string
}

/** Seals the files and puts them into one case. */
async function handInCase(bureau: Bureau, fileBytes: number): Promise<People> {
  const { db } = bureau
  const token = await bureau.newDock()
  const footage = footageInMemory(fileBytes)
  const ids: string[] = []
  for (let file = 0; file < files; file++) {
    ids.push((await send(await announce(bureau, token, footage), token, footage)).id)
  }
  await untilSealed(bureau, ids)
  const staff = {
    o1: 'officer',
    o2: 'officer',
    c: 'custodian',
    s: 'supervisor',
    a: 'auditor',
    d: 'administrator',
  } as const
  const list = Object.entries(staff).map(([account, role]) => ({ name: account, role, account }))
  const { made } = await makeFirstAccounts(db, systemClock, setup, list)
  const idOf = (account: keyof typeof staff) => made.find((one) => one.account === account)!.id
  const officerIds = [idOf('o1'), idOf('o2')]
  const custodian = idOf('c')
  const supervisor = idOf('s')
  const actor = { id: custodian, role: 'custodian' }
  const { id: partyId } = await createParty(db, systemClock, actor, { kind: 'shop', name: '店' })
  const departments = ['综合执法局']
  await openCase(db, systemClock, actor, { number, kind: 'general', title: '案', partyId, departments, officerIds })
  const caseFile = (await findCase(db, number))!
  for (const { id } of await db.selectFrom('recording').select('id').execute()) {
    await attachRecording(db, systemClock, actor, { recordingId: id, caseFile, stage: 'investigation', officerIds })
  }
  await db.deleteFrom('job').where('state', '=', 'pending').execute()
  return { custodian, supervisor }
}

async function exportPackage(bureau: Bureau, { custodian, supervisor }: People): Promise<number> {
  const { db } = bureau
  const caseFile = (await findCase(db, number))!
  await settleDisk()
  await bureau.start('packager')
  const { id } = await requestPackage(
    db,
    systemClock,
    { id: custodian, role: 'custodian' },
    {
      caseFile,
      withFootage: true,
      purpose: '证明',
      recipient: { name: '法官', organisation: '法院' },
      recipientKey: null,
    },
  )
  const begun = performance.now()
  const decision = { packageId: id, approve: true, reason: '同意' }
  await decidePackage(db, systemClock, { id: supervisor, role: 'supervisor' }, decision)
  for (;;) {
    const row = await db
      .selectFrom('package')
      .where('id', '=', id)
      .select(['state', 'failure'])
      .executeTakeFirstOrThrow()
    if (row.state === 'ready') break
    if (row.failure) throw new Error(row.failure)
    if (performance.now() - begun > stepLimitMs) throw new Error('the package was not ready within five minutes')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const seconds = (performance.now() - begun) / 1000
  await bureau.stop('packager')
  return seconds
}

async function tarAndHash(folder: string): Promise<number> {
  const begun = performance.now()
  await run('sh', ['-c', 'tar c -C "$0" . | sha256sum', folder])
  return (performance.now() - begun) / 1000
}
