import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { freePort } from '../../../deploy/local/stack/free-port.ts'
import type { Teardown } from '../../support/stack.ts'
import { openBureau } from './bureau.ts'
import { addFootage } from './footage.ts'
import { makeFilm, on, openBrowser, pictures, signInOn, skip } from './watch-browser.ts'

const run = promisify(execFile)
t.test('the custodian signs in, names a purpose, watches beyond the first grant and closes', { skip }, async (t) => {
  const bureau = await openBureau(t, { port: await freePort() })
  const media = await makeFilm(t)
  const { recordingId } = await addFootage(bureau, { media, officerId: bureau.people.officer.id })
  const browser = await openBrowser(t)
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) problems.push(message.text())
  })
  const picture = async (name: string) => {
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) })
  }
  await bureau.world.db
    .updateTable('person')
    .set({ must_change_password: true })
    .where('account', '=', 'custodian')
    .execute()
  const { password } = bureau.people.custodian
  const newPassword = '资料专人的新密码一号abc'

  await page.goto(`${bureau.base}/watch`)
  await page.locator('#sign-in').waitFor()
  await picture('1-sign-in')
  await page.fill('#sign-in [name=account]', 'custodian')
  await page.fill('#sign-in [name=password]', 'wrong password')
  await page.click('#sign-in button')
  await page.locator('#notice', { hasText: '账号、密码或复核码不对' }).waitFor()
  await page.fill('#sign-in [name=password]', password)
  await page.click('#sign-in button')
  await page.locator('#change-password').waitFor()
  await picture('2-change-password')
  await page.fill('#change-password [name=old]', password)
  await page.fill('#change-password [name=new]', newPassword)
  await page.fill('#change-password [name=repeat]', newPassword)
  await page.click('#change-password button')
  await page.locator('#rows button', { hasText: '调阅' }).waitFor()
  await picture('3-list')
  await page.click('#language')
  await page.locator('#rows button', { hasText: 'View' }).waitFor()
  await page.click('#language')

  await page.click('#rows button')
  await page.locator('#purpose').waitFor()
  await picture('4-purpose')
  t.match(await page.locator('#facts').textContent(), '当班使用人officer 同志（仅登记保管人）采集方式未载入交存单')
  await page.fill('#purpose [name=purpose]', '核查当日执法过程是否完整')
  await page.click('#purpose button')
  await on(page, 'document.getElementById("film").currentTime >= 0 && document.getElementById("film").readyState >= 2')
  await page.evaluate('document.getElementById("film").muted = true')
  await page.evaluate('document.getElementById("film").playbackRate = 8')
  await page.evaluate('document.getElementById("film").play()')
  await on(page, 'document.getElementById("film").currentTime > 70')
  await picture('5-playing')
  await page.evaluate('document.getElementById("film").currentTime = 150')
  await on(page, 'document.getElementById("film").currentTime > 151')
  await page.click('#close')
  await page.locator('#notice', { hasText: '调阅已结束' }).waitFor()

  const ended = await bureau.world.until(async () => (await bureau.eventsOf('viewing.ended'))[0])
  t.match(ended.details, { endKind: 'closed' })
  t.ok(ended.details.servedMs > 75_000, `${ended.details.servedMs} ms were served`)
  t.ok((await bureau.eventsOf('viewing.renewed')).length >= 2)
  // What was on its way when the viewing ended is refused, as it should be.
  const refused = (await bureau.eventsOf('viewing.refused')).filter(({ details }) => details.reason !== 'ended')
  t.same(refused, [], 'the page asks for nothing that is not granted')
  t.ok(ended.subjects.includes(`recording:${recordingId}`))
  t.same(problems, [])
})

t.test('a still needs a viewing too, a closed page ends it, and it all fits on a phone', { skip }, async (t) => {
  const bureau = await openBureau(t, { port: await freePort() })
  const { recordingId } = await addFootage(bureau, { kind: 'still', still: await makeStill(t) })
  const browser = await openBrowser(t)
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } })
  await page.goto(`${bureau.base}/watch?recording=${recordingId}`)
  await signInOn(page, bureau)
  await page.fill('#purpose [name=purpose]', '核对现场照片')
  await page.click('#purpose button')
  await on(page, 'document.getElementById("still").naturalWidth > 0')
  if (pictures) await page.screenshot({ path: join(pictures, '6-still-phone.png') })
  t.notOk(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), 'nothing sticks out')
  await page.goto('about:blank')
  const ended = await bureau.world.until(async () => (await bureau.eventsOf('viewing.ended'))[0])
  t.match(ended.details, { endKind: 'closed', stills: 1 })
})

t.test('while the ledger signs nothing the page says so and shows nothing', { skip }, async (t) => {
  const bureau = await openBureau(t, { port: await freePort() })
  const { recordingId } = await addFootage(bureau)
  const browser = await openBrowser(t)
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  await page.goto(`${bureau.base}/watch?recording=${recordingId}`)
  await signInOn(page, bureau)
  await bureau.stopSequencer()
  await page.fill('#purpose [name=purpose]', '核查当日执法过程')
  await page.click('#purpose button')
  await page.locator('#notice', { hasText: '流转日志暂时没有签名' }).waitFor()
  if (pictures) await page.screenshot({ path: join(pictures, '7-ledger-behind.png') })
  t.ok(await page.locator('#player').isHidden())
})

t.test(
  'the list opens what cannot be viewed with its reason, and an unknown case or a blank purpose is said',
  {
    skip,
  },
  async (t) => {
    const bureau = await openBureau(t, { port: await freePort() })
    await addFootage(bureau, { name: 'notes.txt', rendition: 'not_playable', why: 'text' })
    await addFootage(bureau, { name: 'other.mp4', quarantineReason: 'digest_differs' })
    await addFootage(bureau, { name: 'watch.mp4' })
    const browser = await openBrowser(t)
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } })
    await page.goto(bureau.base)
    await signInOn(page, bureau, '#list')
    const row = (name: string) => page.locator('#rows tr', { hasText: name })
    // On the phone too: the list comes some time after the sign-in.
    await row('other.mp4').getByText('待核实', { exact: true }).waitFor()
    const detailsOf = async (name: string) => {
      await row(name).getByRole('button', { name: '详情' }).click()
      await page.locator('#watch').waitFor()
      t.ok(await page.locator('#purpose').isHidden(), `no viewing of ${name} is offered`)
      const said = await page.locator('#facts').textContent()
      await page.click('#language')
      const saidInEnglish = await page.locator('#facts').textContent()
      await page.click('#language')
      await page.click('#back')
      return `${said}${saidInEnglish}`
    }
    const notPlayable = await detailsOf('notes.txt')
    t.match(notPlayable, /无法播放：文本文件，不是音像资料/)
    t.match(notPlayable, /not playable: no video or sound in it/)
    const quarantined = await detailsOf('other.mp4')
    t.match(quarantined, /待核实：校验值与交存单不一致。/)
    t.match(quarantined, /in quarantine: the digest is not the one/)

    await page.fill('#filter [name=caseId]', '综执检〔2099〕9999号')
    await page.click('#filter button')
    await page.locator('#empty', { hasText: '没有符合条件的音像资料' }).waitFor()
    t.equal(await page.locator('#rows tr').count(), 0)
    t.ok(await page.locator('#notice').isHidden())
    await page.fill('#filter [name=caseId]', ' ')
    await page.click('#filter button')
    await row('watch.mp4').getByRole('button', { name: '调阅' }).click()
    await page.fill('#purpose [name=purpose]', '      ')
    await page.click('#purpose button')
    await page.locator('#notice', { hasText: '请填写至少 4 个字的事由。' }).waitFor()
  },
)

async function makeStill(t: Teardown): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-still-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=640x360', '-frames:v', '1', 'still.jpg']
  await run('ffmpeg', ['-v', 'error', '-y', ...picture], { cwd: folder })
  return readFile(join(folder, 'still.jpg'))
}
