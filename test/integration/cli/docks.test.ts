import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { newId } from '../../../services/foundation/id.ts'
import { openIngestWorld, openTestHandIn } from '../../support/ingest.ts'
import { openBureau } from '../access/bureau.ts'
import { run } from '../access/by-command.ts'

t.test('custody dock prints a code, lists what waits and how each dock stands', async (t) => {
  const bureau = await openBureau(t)
  const ingest = await openIngestWorld(t, {}, { world: bureau.world, sequencer: false })
  const made = await run(bureau, 'administrator', 'dock', 'enrol', '二大队采集站')
  t.match(made, {
    code: 0,
    out: /^code (\S{4}-){3}\S{4}\ndock [0-9a-f-]{36}$/,
    err: /只显示这一次[\s\S]*dock\.released/,
  })
  const [, code, dockId] = /code (\S+)\ndock (\S+)/.exec(made.out)!
  t.match(await run(bureau, 'supervisor', 'dock', 'enrol', '三大队'), { code: 2 })
  const list = (...args: string[]) => run(bureau, 'auditor', 'dock', 'list', ...args)
  t.match((await list()).out, new RegExp(`${dockId}  二大队采集站  登记码有效至`))
  t.match((await list()).out, /dock 1 {2}在用 {2}从未联系/)

  const publicKey = Buffer.from(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x!, 'base64url')
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ code, publicKey: publicKey.toString('base64'), version: '1.0.0' })
  t.equal((await ingest.call('POST', '/docks/enrol', { token: null, headers, body })).status, 201)
  const waiting = await list()
  t.match(waiting.out, new RegExp(`${dockId}  二大队采集站  待复核启用`))
  t.notMatch(waiting.out, /登记码/, 'a code that was used waits no more')
  t.match(waiting.err, /采集站“二大队采集站”待复核启用/)

  const state = {
    ...{ version: '1.4.0', slots: 24, slotsUsed: 8, spoolBytes: 500e9, spoolUsedBytes: 499e9, waitingBytes: 12.1e9 },
    ...{ clock: 'proven', offlineSince: null, attention: [{ slot: 3, word: 'unreadable' }] },
  }
  await ingest.call('PUT', '/docks/me/state', { headers, body: JSON.stringify(state) })
  t.match(
    (await list()).out,
    /dock 1 .*版本 1\.4\.0 {2}槽位 8\/24 {2}暂存 499\.0\/500\.0 GB {2}待传 12\.1 GB {2}1 处需处理 {2}▲ 暂存盘将满/,
  )
  t.match((await list('--lang', 'en')).out, /slots 8\/24 {2}spool 499\.0\/500\.0 GB .*▲ its spool is nearly full/)
})

t.test('a clearing that was left open is listed, and told to custodian and administrator', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const ingest = await openIngestWorld(t, {}, { world: bureau.world, sequencer: false })
  const { db, clock } = bureau.world
  t.match(await run(bureau, 'custodian', 'clearing', 'list'), { code: 0, out: '', err: /没有未结束的清空/ })
  const handInId = await openTestHandIn(ingest, { serial: 'DSJ0001', files: [{ name: 'YS5qcGc=', bytes: 1 }] })
  const event = await db.selectFrom('event').select('id').limit(1).executeTakeFirstOrThrow()
  await db
    .insertInto('clearing')
    .values({
      ...{ id: newId(), dock_id: ingest.dock.id, said_id: 'a', hand_in_id: handInId, event_id: event.id },
      ...{ list_sha256: Buffer.alloc(32), announced_at: clock.now(), ended_at: null, full_percent: null },
    })
    .execute()
  t.match(await run(bureau, 'custodian', 'clearing', 'list'), { out: '' }, 'not before an hour is over')
  clock.advance(60 * 60_000)
  for (const who of ['custodian', 'administrator'] as const) {
    const told = await run(bureau, who, 'clearing', 'list')
    t.match(told, { code: 0, out: /dock 1 {2}DSJ0001 {2}0 个文件/, err: /\[待办\] 采集站“dock 1”于.*至今没有结束登记/ })
  }
  const auditor = await run(bureau, 'auditor', 'clearing', 'list')
  t.match(auditor, { code: 0, out: /DSJ0001/ })
  t.notMatch(auditor.err, /结束登记/, 'it is not the auditor’s to look after')
})
