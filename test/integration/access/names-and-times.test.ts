import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import t, { type Test } from 'tap'
import { freePort } from '../../../deploy/local/stack/free-port.ts'
import { issueReceipt } from '../../../services/custody/receipts/receipt.ts'
import { createUpload, footage, hex, type IngestWorld, openIngestWorld, patch } from '../../support/ingest.ts'
import { copyAndVerify } from '../../support/populate.ts'
import { type Bureau, openBureau } from './bureau.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const skip = executablePath ? false : 'no Chromium on this machine'
/** Where pictures of the page go, when somebody wants to look at them. */
const pictures = process.env.CUSTODY_TEST_PICTURES

/** A bureau whose officer holds the device DSJ0001 and has the number 012345. */
async function openOffice(t: Test, options: { port?: number } = {}) {
  const bureau = await openBureau(t, options)
  const ingest = await openIngestWorld(t, {}, { world: bureau.world, sequencer: false })
  const { officer } = bureau.people
  await bureau.world.db.updateTable('person').set({ officer_number: '012345' }).where('id', '=', officer.id).execute()
  await bureau.world.db.updateTable('device').set({ holder_id: officer.id }).execute()
  return { bureau, ingest }
}

/** Docks a small file with these facts and returns its recording's id. */
async function dock(ingest: IngestWorld, values: Record<string, string | Buffer>): Promise<string> {
  const bytes = bytesOf(values)
  const path = await createUpload(ingest, bytes.length, { sha256: hex(bytes), ...values })
  const { status } = await patch(ingest, path, 0, bytes)
  if (status !== 204) throw new Error(`PATCH gave ${status}`)
  return ingest.until(async () => {
    const state = (await (await ingest.call('GET', path)).json()) as { recordingId: string | null }
    return state.recordingId
  })
}

/** Other bytes for other facts, or the second would be a duplicate of the first. */
function bytesOf(values: Record<string, string | Buffer>): Buffer<ArrayBuffer> {
  return footage(1000, JSON.stringify(Object.values(values).map(String)))
}

/** Issues the receipt of a recording that was docked with these facts; the page that people print. */
async function receiptPage(
  bureau: Bureau,
  recordingId: string,
  values: Record<string, string | Buffer>,
): Promise<string> {
  const { world, people } = bureau
  await copyAndVerify(world, recordingId, bytesOf(values))
  const progress = { archived_to: 1_000_000 }
  await world.db
    .insertInto('archive_progress')
    .values((['backup-a', 'backup-b'] as const).map((store) => ({ store, ...progress })))
    .onConflict((conflict) => conflict.column('store').doUpdateSet(progress))
    .execute()
  await world.until(() => issueReceipt(world.dbFor('worker'), world.clock, recordingId))
  const officer = await bureau.signIn(people.officer)
  // Issued is not shown yet: a checkpoint has to cover it.
  return world.until(async () => {
    const html = (await officer.call('GET', `/recordings/${recordingId}/receipt.html`)).bytes.toString()
    return html.includes('尚未出具') ? null : html
  })
}

t.test('a name is kept byte by byte, and shown alike in list, event, chain and receipt', async (t) => {
  const { bureau, ingest } = await openOffice(t)
  const officer = await bureau.signIn(bureau.people.officer)
  const auditor = await bureau.signIn(bureau.people.auditor)
  const names: readonly (readonly [raw: Buffer, text: string])[] = [
    [Buffer.from('d1a7d0a32e6d7034', 'hex'), '学校.mp4'],
    [Buffer.from('9439da332e6d7034', 'hex'), '💩.mp4'],
    [Buffer.from('学校.mp4'), '学校.mp4'],
    [Buffer.from('Видео.mp4'), 'Видео.mp4'],
    [Buffer.from('café.mp4'), 'café.mp4'],
    [Buffer.from('café.mp4', 'latin1'), 'caf【0xE9】.mp4'],
    [Buffer.from('学校.mp4', 'utf16le'), '【0x66】'],
    [Buffer.from('REC\0\0\0'), 'REC【U+0000×3】'],
    [Buffer.from('a\n../b\u202e4pm.'), 'a【U+000A】../b【U+202E】4pm.'],
    [Buffer.from('a.mp4 '), 'a.mp4【U+0020】'],
    [Buffer.alloc(255, 'n'), 'n'.repeat(255)],
    [Buffer.from('学'.repeat(341)), '学'.repeat(341)],
  ].map(([raw, text]) => [raw as Buffer, text as string])
  const docked: { id: string; base64: string; text: string }[] = []
  for (const [filename, text] of names) {
    docked.push({ id: await dock(ingest, { filename }), base64: filename.toString('base64'), text })
  }
  const officerIds = [bureau.people.officer.id, bureau.people.officer2.id]
  const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
  const opening = {
    number: '综执检〔2026〕0232号',
    kind: 'inspection',
    title: '检查',
    partyId: party.body.id,
    officerIds,
  }
  const opened = await officer.call('POST', '/cases', { ...opening, departments: ['综合执法局'] })
  const attach = { caseId: opened.body.id, stage: 'investigation', officerIds }
  for (const { id } of docked) t.equal((await officer.call('POST', `/recordings/${id}/cases`, attach)).status, 204)

  const list = (await officer.call('GET', '/recordings?limit=200')).body.recordings
  const chain = (await auditor.call('GET', `/cases/${opened.body.id}/chain`)).body.recordings
  const sealed = await bureau.eventsOf('recording.sealed')
  for (const { id, base64, text } of docked) {
    const name = text === '【0x66】' ? { base64 } : { base64, text }
    const event = sealed.find(({ subjects }) => subjects.includes(`recording:${id}`))
    t.match(event?.details.name, name)
    const shown = event?.details.name.text
    for (const one of [list, chain].map((rows) => rows.find((row: { id: string }) => row.id === id).name)) {
      t.same(one, { base64, text: shown })
    }
  }

  const values = { filename: names[8]![0] }
  const { id } = docked[8]!
  const html = await receiptPage(bureau, id, values)
  t.ok(html.includes('a【U+000A】../b【U+202E】4pm.'))
})

t.test('a time is kept as said, flagged where it cannot be, and never replaced by the moment of docking', async (t) => {
  const { bureau, ingest } = await openOffice(t)
  const officer = await bureau.signIn(bureau.people.officer)
  const named = (time: string, source = 'DSJ0001_012345') => `${source}_${time}_0001.MP4`
  const morning = '2026-11-20T08:30:00+08:00'
  const table: readonly (readonly [facts: Record<string, string>, told: object])[] = [
    [{ filename: 'a.mp4' }, { deviceTime: null, deviceTimeText: null, flags: ['name_not_parsed'] }],
    [
      { filename: named('20261120083000'), deviceTime: morning, clockOffsetMs: '5000' },
      { deviceTimeText: morning, deviceTime: '2026-11-20T00:30:00.000Z', flags: [] },
    ],
    [
      { filename: 'a.mp4', deviceTime: '2026-02-30T10:00:00+08:00', clockOffsetMs: '0' },
      {
        deviceTimeText: '2026-02-30T10:00:00+08:00',
        deviceTime: null,
        correctedTime: null,
        flags: ['name_not_parsed', 'no_such_time'],
      },
    ],
    [
      { filename: 'a.mp4', deviceTime: '2026-06-30T23:59:60Z' },
      { deviceTimeText: '2026-06-30T23:59:60Z', deviceTime: '2026-07-01T00:00:00.000Z', flags: ['name_not_parsed'] },
    ],
    [{ filename: named('20260230100000') }, { deviceTime: null, flags: ['no_such_time'] }],
    [
      { filename: 'a.mp4', deviceTime: '2036-02-07T06:28:16Z', clockOffsetMs: '0' },
      { deviceTime: '2036-02-07T06:28:16.000Z', flags: ['name_not_parsed', 'clock_implausible'] },
    ],
    [
      { filename: 'a.mp4', deviceTime: '1980-01-01T00:00:00+08:00', clockOffsetMs: '0' },
      { deviceTime: '1979-12-31T16:00:00.000Z', flags: ['name_not_parsed', 'clock_implausible'] },
    ],
    [{ filename: named('20261120083201'), deviceTime: morning }, { flags: ['times_differ'] }],
    [{ filename: named('20261120083000', 'DSJ0002_012345') }, { flags: ['name_contradicts'] }],
    [{ filename: named('20261120083000', 'DSJ0001_054321') }, { flags: ['name_contradicts'] }],
  ]
  for (const [facts, told] of table) {
    const id = await dock(ingest, facts)
    const { body } = await officer.call('GET', `/recordings/${id}`)
    const expected = told as { flags: string[] }
    t.match(body, expected, JSON.stringify(facts))
    t.equal(body.flags.length, expected.flags.length, body.flags.join())
    const event = (await bureau.eventsOf('recording.sealed')).at(-1)
    t.same(event?.details.flags, body.flags)
    t.equal(event?.details.deviceTimeText ?? null, body.deviceTimeText)
  }

  const [noSuchDay] = table[2]!
  const { recordings } = (await officer.call('GET', '/recordings?limit=200')).body
  const shown = recordings.find((one: { deviceTimeText: string }) => one.deviceTimeText?.includes('02-30'))
  const html = await receiptPage(bureau, shown.id, noSuchDay)
  t.ok(html.includes('2026-02-30T10:00:00+08:00（日历上没有这个时间）'))
  t.match((await bureau.eventsOf('receipt.issued'))[0]?.details, {
    deviceTime: null,
    deviceTimeText: shown.deviceTimeText,
  })
})

t.test(
  'the page says that a time is unknown or cannot be relied on, and each flag in a sentence',
  { skip },
  async (t) => {
    const { bureau, ingest } = await openOffice(t, { port: await freePort() })
    const clean = 'DSJ0001_012345_20261120083000_0001.MP4'
    await dock(ingest, { filename: 'unknown.mp4' })
    await dock(ingest, { filename: 'no-such-day.mp4', deviceTime: '2026-02-30T10:00:00+08:00' })
    await dock(ingest, { filename: 'reset.mp4', deviceTime: '1980-01-01T00:00:00+08:00', clockOffsetMs: '0' })
    await dock(ingest, { filename: clean, deviceTime: '2026-11-20T08:30:00+08:00', clockOffsetMs: '0' })
    await dock(ingest, { filename: 'uncorrected.mp4', deviceTime: '2026-11-20T08:30:00+08:00' })
    await dock(ingest, { filename: Buffer.from('\u202egpj.学校') })
    const browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
    t.teardown(() => browser.close())
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
    await page.goto(`${bureau.base}/watch`)
    await page.fill('#sign-in [name=account]', bureau.people.custodian.account)
    await page.fill('#sign-in [name=password]', bureau.people.custodian.password)
    await page.click('#sign-in button')
    await page.locator('#rows tr').nth(5).waitFor()
    if (pictures) await page.screenshot({ path: join(pictures, 'names-and-times.png') })

    const recordedOf = (name: string) => page.locator('#rows tr', { hasText: name }).locator('td').first().textContent()
    t.match(await recordedOf('unknown.mp4'), /^未知（交存时间 \d{4}/)
    t.match(await recordedOf('no-such-day.mp4'), /^未知（设备所示 2026-02-30T10:00:00\+08:00，交存时间 \d{4}/)
    t.match(await recordedOf('reset.mp4'), /^1980\/1\/1 00:00:00（设备时钟不可信）$/)
    t.match(await recordedOf(clean), /^2026\/11\/20 08:30:00$/)
    t.match(await recordedOf('uncorrected.mp4'), /^2026\/11\/20 08:30:00（未校正）$/)
    t.equal(await page.locator('#rows td', { hasText: '【U+202E】gpj.学校' }).count(), 1)

    await page.locator('#rows tr', { hasText: 'reset.mp4' }).locator('button').click()
    await page.locator('#facts dd', { hasText: '1980/1/1 00:00:00（设备时钟不可信）' }).waitFor()
    const facts = () => page.locator('#facts').textContent()
    t.match(await facts(), /提示设备时钟不可信：/)
    t.match(await facts(), /提示无法从文件名识别/)
    await page.click('#language')
    t.match(await facts(), /Recorded1980.*\(the device's clock cannot be relied on\)/)
    t.match(await facts(), /NoteThe file name does not say in a known form/)
    t.notMatch(await facts(), /[a-z]_[a-z]/, 'no flag without its sentence')
  },
)
