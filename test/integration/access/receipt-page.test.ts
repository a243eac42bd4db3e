import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import decodeQR from 'qr/decode.js'
import t, { type Test } from 'tap'
import { issueReceipt } from '../../../services/custody/receipts/receipt.ts'
import { cosign } from '../../../services/ledger/format/cosignature.ts'
import { signatureTypes } from '../../../services/ledger/format/keys.ts'
import { generateSignerKey, joinNote, parseSignerKey, splitNote } from '../../../services/ledger/format/note.ts'
import { type Policy, parsePolicy } from '../../../services/ledger/format/policy.ts'
import { judgeAnswer } from '../../../services/ledger/format/witness-protocol.ts'
import { newestPublished } from '../../../services/ledger/log/witnessed.ts'
import { storeCosignatures } from '../../../services/ledger/witness/cosignatures.ts'
import { createUpload, footage, hex, openIngestWorld, patch, signedList } from '../../support/ingest.ts'
import { copyAndVerify } from '../../support/populate.ts'
import { type Bureau, openBureau } from './bureau.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const skip = executablePath ? false : 'no Chromium on this machine'
/** Where pictures of the page go, when somebody wants to look at them. */
const pictures = process.env.CUSTODY_TEST_PICTURES
const hostileName = Buffer.from('DSJ0001_012345_20261120083000_0001_<script>alert(1)</script>"&一二三.MP4')

const witness = generateSignerKey('witness.test/1', signatureTypes.cosignatureEd25519)

/** A bureau and a recording of its first officer with three copies, all of its events archived. */
async function openOffice(t: Test) {
  let policy: Policy | null = null
  const bureau = await openBureau(t, {
    policy: () => {
      const text = `witness one ${witness.verifierKey}\nquorum one\n`
      policy = parsePolicy(text)
      return text
    },
  })
  const { world, people } = bureau
  const ingest = await openIngestWorld(t, {}, { world, sequencer: false })
  await world.db.updateTable('device').set({ holder_id: people.officer.id }).execute()
  const bytes = footage(90_000, 'receipt')
  const listed = { name: hostileName.toString('base64'), bytes: bytes.length, sha256: hex(bytes), mark: true }
  const list = {
    ...{ serial: 'DSJ0001', openedAt: '2026-11-20T18:00:00+08:00', clockOffsetMs: -2500, files: [listed] },
    origin: { kind: 'card', from: '2 号槽 <b>' },
  }
  const headers = { 'content-type': 'application/json' }
  const opened = await ingest.call('POST', '/hand-ins', { headers, body: signedList(ingest.dock, list) })
  const { id: handIn } = (await opened.json()) as { id: string }
  const facts = { filename: hostileName, handIn, handInNumber: '0', deviceTime: '2026-11-20T08:30:00+08:00' }
  const path = await createUpload(ingest, bytes.length, facts)
  await patch(ingest, path, 0, bytes)
  const recordingId = await world.until(async () => {
    const state = (await (await ingest.call('GET', path)).json()) as { recordingId: string | null }
    return state.recordingId
  })
  await copyAndVerify(world, recordingId, bytes)
  await world.db
    .insertInto('archive_progress')
    .values(['backup-a', 'backup-b'].map((store) => ({ store: store as 'backup-a', archived_to: 1_000_000 })))
    .execute()
  return { bureau, recordingId, policy: policy! as Policy }
}

async function witnessNow({ world }: Bureau, policy: Policy): Promise<void> {
  const { size, note } = (await newestPublished(world.db))!
  const { text } = splitNote(note)
  const signer = parseSignerKey(witness.signerKey)
  const nowSeconds = Math.floor(world.clock.now().getTime() / 1000)
  const line = joinNote(text, [{ ...signer, signature: cosign(signer, text, nowSeconds) }]).slice(text.length + 1)
  const keys = policy.witnesses.map(({ key }) => key)
  const { cosignatures } = judgeAnswer(line, text, keys, nowSeconds)
  await storeCosignatures(world.db, policy, { witness: 'one', size, cosignatures, at: world.clock.now() })
}

t.test('officer, custodian, auditor and supervisor see the receipt, print it, and nobody else does', async (t) => {
  const { bureau, recordingId, policy } = await openOffice(t)
  const { world, people } = bureau
  const path = `/recordings/${recordingId}/receipt`
  const officer = await bureau.signIn(people.officer)
  t.match(await officer.call('GET', path), { status: 200, body: { state: 'not_yet', receipt: null } })
  t.match((await officer.call('GET', `${path}.html`)).bytes.toString(), /尚未出具/)
  await world.until(() => issueReceipt(world.dbFor('worker'), world.clock, recordingId))
  const read = async () => (await officer.call('GET', path)).body
  const body = await world.until(async () => {
    const answer = await read()
    return answer.state === 'provisional' ? answer : null
  })
  t.match(body, { recordingId, reason: null, receipt: { checkpoint: { witnessedAt: null } } })

  for (const role of ['custodian', 'auditor', 'supervisor'] as const) {
    const session = await bureau.signIn(people[role])
    t.equal((await session.call('GET', path)).status, 200, role)
    t.equal((await session.call('GET', `${path}.html`)).status, 200, role)
  }
  const stranger = await bureau.signIn(people.officer2)
  for (const asked of [path, `${path}.html`]) {
    t.equal((await stranger.call('GET', asked)).status, 404, 'another officer’s does not exist')
    t.equal((await bureau.call('GET', asked)).status, 401)
  }
  const html = (await officer.call('GET', `${path}.html`)).bytes.toString()
  t.notMatch(html, '<script>alert')
  t.match(html, '临时')
  t.match((await officer.call('GET', `${path}.html?lang=en`)).bytes.toString(), 'Provisional')
  t.equal((await officer.call('GET', `${path}.html?lang=fr`)).status, 400)
  t.match(html, /<dt>当班使用人<\/dt><dd class="plain">officer 同志（仅登记保管人）<\/dd>/)
  t.match(html, /<dt>采集方式<\/dt><dd class="plain">取出存储卡导入（2 号槽 &#60;b&#62;）<\/dd>/)
  const english = (await officer.call('GET', `${path}.html?lang=en`)).bytes.toString()
  t.match(english, /User of the shift<\/dt><dd class="plain">officer 同志 \(only the registered keeper\)/)
  t.match(english, /imported from the card that was taken out \(2 号槽 &#60;b&#62;\)/)

  t.test('the page', { skip }, async (t) => {
    const browser = await openBrowser(t)
    const { token } = await bureau.signIn(people.officer)
    const page = await browser.newPage({
      viewport: { width: 1366, height: 768 },
      extraHTTPHeaders: { authorization: `Bearer ${token}` },
    })
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('console', (message) => problems.push(message.text()))
    await page.goto(`${bureau.base}${path}.html`)
    await picture(page, 'receipt-provisional')
    t.equal(await page.locator('.state').textContent(), '临时')
    t.ok(await page.locator('dd', { hasText: '<script>alert(1)</script>' }).count(), 'the name stands there as it is')
    await page.click('nav a')
    t.equal(await page.locator('.state').textContent(), 'Provisional')
    await picture(page, 'receipt-english')
    await page.goto(`${bureau.base}${path}.html`)

    await witnessNow(bureau, policy)
    await page.reload()
    t.equal(await page.locator('.state').textContent(), '已外部见证')
    const { receipt } = await read()
    t.same((await qrOf(page)).split('\n'), [
      'receipt/v1',
      bureau.log.origin,
      String(receipt.index),
      receipt.leafHash,
      String(receipt.checkpoint.size),
      receipt.checkpoint.root,
      '',
    ])
    await picture(page, 'receipt-witnessed')
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true })
    if (pictures) writeFileSync(join(pictures, 'receipt.pdf'), pdf)
    t.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length, 1, 'one page of A4')
    await page.setViewportSize({ width: 390, height: 844 })
    await picture(page, 'receipt-phone')
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    t.equal(overflow, 0, 'nothing runs out of a phone’s screen')
    t.same(problems, [])
  })
})

async function picture(page: Page, name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
}

/** The QR code as a camera would read it off the screen. */
async function qrOf(page: Page): Promise<string> {
  const image = (await page.evaluate(`(async () => {
    const svg = new XMLSerializer().serializeToString(document.querySelector('figure svg'))
    const image = new Image()
    image.src = 'data:image/svg+xml;base64,' + btoa(svg)
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 400
    const context = canvas.getContext('2d')
    context.fillStyle = '#fff'
    context.fillRect(0, 0, 400, 400)
    context.drawImage(image, 0, 0, 400, 400)
    return Array.from(context.getImageData(0, 0, 400, 400).data)
  })()`)) as number[]
  return decodeQR({ width: 400, height: 400, data: Uint8ClampedArray.from(image) })
}

async function openBrowser(t: Test): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
  t.teardown(() => browser.close())
  return browser
}
