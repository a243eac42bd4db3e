import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import t from 'tap'
import { buildVerifier } from '../../../services/verifier/build.mjs'
import { verifyPath } from '../../../services/verifier/open-package.ts'
import { parseTrust } from '../../../services/verifier/trust.ts'
import { inFull } from '../../support/in-full.ts'
import { closeMutationBase, mutate, mutations, openMutationBase, randomNumbers } from '../../support/mutate-package.ts'
import { entriesOf } from '../../support/package/mutations-container.ts'
import { writeZip } from '../../support/package/zip-writer.ts'

t.setTimeout(480_000)

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const skip = executablePath ? false : 'no Chromium on this machine'

/** One of every stage, and of everything that the page does by other libraries than the command. */
const chosen = [
  'nothing',
  'flip original, mended',
  'playable form without its last segment',
  'drop an event in the middle',
  'drop the last event',
  'change body',
  'change salt',
  'subjects: another secret for the case',
  'checkpoint with a wrong signature of the log',
  'checkpoint with a wrong cosignature',
  'checkpoint with one cosignature',
  'entries: one replaced',
  'proof without a hash',
  'time-stamp with a wrong signature',
  'add file',
  'package.json: nested without end',
  'zip with an entry with a wrong CRC-32',
  'zip with a name twice',
  'zip cut',
  'no time-stamp',
  'checkpoint cosigned at second 1e9',
]

t.test(
  'the page opens from a file, asks the network for nothing, and finds what the command finds',
  { skip },
  async (t) => {
    await buildVerifier({ ifStale: true })
    const folder = await mkdtemp(join(tmpdir(), 'verifier-page-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    const base = openMutationBase(folder, 'page')
    t.teardown(() => closeMutationBase(base))
    const trustPath = join(folder, 'trust.json')
    const trust = parseTrust(await readFile(trustPath, 'utf8'))
    const { page, problems } = await openPage(t)
    for (const name of chosen.filter((_, at) => inFull || at % 2 === 0)) {
      const { files, other } = mutate(
        base,
        [mutations.find((one) => one.name === name)!],
        randomNumbers(`page ${name}`),
      )
      const zip = join(folder, 'package.zip')
      await writeFile(zip, other?.zip ?? writeZip(entriesOf(files)))
      const report = await verifyPath(zip, trust)
      t.equal(await codesOnPage(page, zip, trustPath), report.codes.join(' '), name)
      t.equal(await page.locator('#report').getAttribute('data-accepted'), String(report.accepted))
      const remarks = report.remarks.map(({ code }) => code).join(' ')
      t.equal(await page.locator('#report').getAttribute('data-remarks'), remarks, `${name}: remarks`)
      await page.click('#again')
    }
    t.same(problems, [], 'no request, no error, nothing against its policy')
  },
)

t.test('the page is Chinese first, shows findings before facts, and can be used by keyboard', { skip }, async (t) => {
  await buildVerifier({ ifStale: true })
  const folder = await mkdtemp(join(tmpdir(), 'verifier-page-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const base = openMutationBase(folder, 'words')
  t.teardown(() => closeMutationBase(base))
  const { page, problems } = await openPage(t)
  t.equal(await page.locator('html').getAttribute('lang'), 'zh-CN')
  t.equal(await page.locator('#start').isDisabled(), true, 'not without package and trust file')
  const { files } = mutate(base, [mutations.find(({ name }) => name === 'flip original, mended')!], randomNumbers('x'))
  // A text of a package is never markup.
  const claims = files.get('data/package.json')!.toString('utf8')
  files.set('data/package.json', Buffer.from(claims.replace('王敏', '<img src=x onerror=alert(1)>')))
  const zip = join(folder, 'package.zip')
  await writeFile(zip, writeZip(entriesOf(files)))
  await page.setInputFiles('#package-file', zip)
  t.equal(await page.locator('#start').isDisabled(), true, 'the trust file never comes out of the package')
  await page.click('summary')
  await page.fill('#trust-text', await readFile(join(folder, 'trust.json'), 'utf8'))
  await page.focus('#start')
  await page.keyboard.press('Enter')
  await page.locator('#report:not([hidden])').waitFor()
  t.equal(await page.evaluate('document.activeElement.id'), 'report')
  const report = page.locator('#report')
  const chinese = (await report.textContent()) ?? ''
  t.match(chinese, /核验不通过/)
  t.match(chinese, /原始件被改动/)
  t.match(chinese, /<img src=x/)
  t.equal(await page.locator('#report img').count(), 0)
  t.ok(chinese.indexOf('media_differs') < chinese.indexOf('核验时间'), 'findings first')
  await page.click('#language')
  t.equal(await page.locator('html').getAttribute('lang'), 'en')
  t.match((await report.textContent()) ?? '', /Rejected[\s\S]*What this check cannot prove/)
  t.same(problems, [])
})

t.test('what weakens the proof stands at the top of the page, then by when it existed', { skip }, async (t) => {
  await buildVerifier({ ifStale: true })
  const folder = await mkdtemp(join(tmpdir(), 'verifier-page-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const base = openMutationBase(folder, 'weak')
  t.teardown(() => closeMutationBase(base))
  const { page, problems } = await openPage(t)
  const { files } = mutate(base, [mutations.find(({ name }) => name === 'no time-stamp')!], randomNumbers('x'))
  const zip = join(folder, 'package.zip')
  await writeFile(zip, writeZip(entriesOf(files)))
  await codesOnPage(page, zip, join(folder, 'trust.json'))
  const said = (await page.locator('#report').textContent()) ?? ''
  const order = ['核验通过，但有 1 点削弱证明力', '没有第三方时间戳', '最迟于 北京时间 2026-09-21', '核验时间']
  const places = order.map((words) => said.indexOf(words))
  t.same(
    places.toSorted((a, b) => a - b),
    places,
    order.join(' < '),
  )
  t.notOk(places.includes(-1), said.slice(0, 200))
  t.same(problems, [])
})

async function openPage(t: { teardown(act: () => unknown): unknown }): Promise<{ page: Page; problems: string[] }> {
  const browser: Browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
  t.teardown(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  const problems: string[] = []
  page.on('request', (request) => {
    const isOwn = request.url().endsWith('/dist/verify.html') || request.url().startsWith('data:')
    if (!isOwn) problems.push(`request ${request.url()}`)
  })
  page.on('pageerror', (error) => problems.push(`error ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  await page.goto(pathToFileURL('services/verifier/dist/verify.html').href)
  return { page, problems }
}

async function codesOnPage(page: Page, zip: string, trust: string): Promise<string | null> {
  await page.setInputFiles('#package-file', zip)
  await page.setInputFiles('#trust-file', trust)
  await page.locator('#start:enabled').waitFor()
  await page.click('#start')
  await page.locator('#report:not([hidden]), #problem:not([hidden])').first().waitFor()
  return page.locator('#report').getAttribute('data-codes')
}
