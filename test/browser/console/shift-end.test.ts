import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { asksFor, card, docked } from '../../../services/console/dock-screen/gallery/cards.ts'
import { until } from '../../support/world.ts'
import { openBrowser, openPage, servePage, type Viewport, viewports } from './browser.ts'
import { fingersOn } from './fingers.ts'
import { type MovingModel, movingModel, withTwoGaps } from './moving-model.ts'

// What people do at the wall, with the touches counted that it takes.

t.setTimeout(300_000)

const browser = await openBrowser(t)

async function stand(t: Test, model: MovingModel = movingModel(), viewport: Viewport = 'wall') {
  const base = await servePage(t, 'dock', model)
  const { page, problems } = await openPage(browser, base, { hasTouch: true, viewport: viewports[viewport] })
  t.teardown(() => page.context().close())
  const slot = (number: number) => page.locator(`.card[data-slot="${number}"]`)
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const text = (words: string) => page.getByText(words).first().waitFor()
  const isGreen = (number: number) => slot(number).and(page.locator('.tone-proven')).count()
  return { page, problems, model, slot, button, text, isGreen, fingers: fingersOn(page) }
}

/** What a card reader types: no gap between its keys, however busy this machine is. */
const readCard = (page: Page, card: string) =>
  page.evaluate(
    `for (const key of [...${JSON.stringify(card)}, 'Enter']) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))`,
  )

t.test('handing in takes no touch: the card says when one may go, and when one may take it', async (t) => {
  const { model, problems, slot, isGreen, fingers } = await stand(t)
  const says = (word: string) => slot(2).locator('.card-word', { hasText: word }).waitFor()
  await says('空')
  model.move(docked(2, 'reading', 0.02))
  await says('读取中')
  model.move(docked(2, 'uploading', 0.1))
  await says('可先离开')
  await slot(2).getByText('设备留在槽内').waitFor()
  model.move(docked(2, 'copying', 0.99))
  await says('可先离开')
  model.move(docked(2, 'ready'))
  await says('可取走')
  t.equal(await isGreen(2), 1)
  model.move(docked(2, 'ready', 1, { files: { ...docked(2, 'ready').files, receipts: 13 } }))
  await slot(2).locator('.card-word', { hasNotText: '可取走' }).waitFor()
  t.equal(await isGreen(2), 0, 'one receipt is missing: nothing is green')
  t.equal(fingers.count(), 0)
  t.same(problems, [])
})

t.test('a gap is explained by two touches: the card, and the reason that the dock proposes', async (t) => {
  const { model, problems, slot, button, text, fingers } = await stand(t)
  withTwoGaps(model)
  await slot(2).locator('.card-word', { hasText: '可先离开' }).waitFor()
  await fingers.touch(slot(2))
  await fingers.touch(button(/^是，电量不足/))
  await text('已登记')
  t.equal(fingers.count(), 2)
  t.match(model.said, [{ act: 'explain', slot: 2, body: { gapId: 'gap-1', reason: 'battery', words: null } }])
  await text('编号缺 1 个')
  await fingers.touch(button('误操作'))
  await text('已说明：误操作（凭设备在槽）')
  t.equal(fingers.count(), 3, 'the second gap takes one more')
  t.same(problems, [])
})

t.test(
  'on the smallest screen, with sixty slots, fingers hit what they mean: a gap takes two touches there too',
  async (t) => {
    const model = movingModel(60)
    const { problems, slot, button, text, fingers } = await stand(t, model, 'small')
    for (const number of [1, 10, 51, 60]) {
      await fingers.touch(slot(number))
      await fingers.touch(button(/关闭/))
    }
    withTwoGaps(model)
    await slot(2).locator('.card-word', { hasText: '可先离开' }).waitFor()
    const before = fingers.count()
    await fingers.touch(slot(2))
    await fingers.touch(button(/^是，电量不足/))
    await text('已登记')
    t.equal(fingers.count() - before, 2)
    t.same(problems, [])
  },
)

t.test('an emergency pick-up takes two touches, and the card says what follows', async (t) => {
  const { page, model, problems, slot, button, text, fingers } = await stand(t)
  model.move(docked(2, 'uploading', 0.3))
  await slot(2).locator('.card-word', { hasText: '可先离开' }).waitFor()
  await fingers.touch(slot(2))
  await fingers.touch(button('出警取用'))
  await text('现在可以取走')
  t.equal(fingers.count(), 2)
  t.match(model.said, [{ act: 'pickUp', slot: 2, body: { personId: 'p3', reason: 'call_out' } }])
  await fingers.touch(button(/关闭/))
  await slot(2).locator('.card-word', { hasText: '已取用' }).waitFor()
  t.equal(await page.locator('.slot').count(), 0)
  t.same(problems, [])
})

t.test('a card that is shown while somebody writes stays out of the words, and is no seal number', async (t) => {
  const { page, model, problems, slot, button, fingers } = await stand(t)
  // A reader is a keyboard to the browser: its keys go wherever the focus is, with no gap between them.
  const session = await page.context().newCDPSession(page)
  const read = (card: string) =>
    Promise.all(
      [...card, 'Enter'].flatMap((key) => {
        const text = key === 'Enter' ? '\r' : key
        return [
          session.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text, timestamp: 1000 }),
          session.send('Input.dispatchKeyEvent', { type: 'keyUp', key, timestamp: 1000 }),
        ]
      }),
    )
  withTwoGaps(model)
  await fingers.touch(slot(2))
  await fingers.touch(button('补充说明'))
  const field = page.locator('textarea')
  await field.fill('电池')
  await read('04A1B2C3')
  await page.locator('.sign-in.signed').waitFor()
  t.equal(await field.inputValue(), '电池')
  await fingers.touch(button('误操作'))
  await page.getByText('已登记').first().waitFor()
  t.match(
    model.said.find(({ act }) => act === 'explain'),
    { body: { words: '电池' } },
  )
  await fingers.touch(button(/关闭/))

  model.move(asksFor(3, 'card_to_seal'))
  await fingers.touch(slot(3))
  const [seal, keeper] = [page.getByLabel('封条号'), page.getByLabel('保管人')]
  await keeper.fill('赵敏')
  await read('A0012873')
  await page.getByText('请再扫一次同一封条').waitFor()
  t.equal(await button('登记留存原卡').isDisabled(), true, 'it may be a work card')
  await read('A0012873')
  await page.getByText('两次读到 A0012873').waitFor()
  t.same([await seal.inputValue(), await keeper.inputValue()], ['A0012873', '赵敏'], 'a seal goes into its own field')
  await read('04A1B2C3')
  t.same([await seal.inputValue(), await keeper.inputValue()], ['A0012873', '赵敏'], 'and a card after it into none')
  t.same(problems, [])
})

t.test('whose volume it is takes two touches; somebody else’s and what is no device do too', async (t) => {
  const { model, slot, button, fingers } = await stand(t)
  for (const [name, answer] of [
    [/ZJ00010/, { answer: 'ours', serial: 'ZJ00010' }],
    ['联合执法单位的设备', { answer: 'foreign', words: '联合执法单位的设备' }],
    ['不是执法设备', { answer: 'not_a_device' }],
  ] as const) {
    model.move(asksFor(5, 'unknown_volume'))
    await slot(5).locator('.card-word', { hasText: '请认领' }).waitFor()
    const before = fingers.count()
    await fingers.touch(slot(5))
    await fingers.touch(button(name))
    await button(/打印回执/).waitFor()
    t.equal(fingers.count() - before, 2)
    t.match(model.said.at(-1), { act: 'whose', slot: 5, body: answer })
    await fingers.touch(button(/关闭/))
  }
})

t.test('a work card is read without a touch, a dock code by its pad; wrong ones are said so', async (t) => {
  const { page, model, slot, button, text, fingers } = await stand(t)
  withTwoGaps(model)
  await slot(2).locator('.card-word', { hasText: '可先离开' }).waitFor()
  await fingers.touch(slot(2))
  await button(/刷卡或输入六位采集站码/).waitFor()
  await readCard(page, '99999999')
  await text('卡号或采集站码不对')
  await readCard(page, model.codes.card)
  await text('王强（凭卡）')
  await fingers.touch(button('退出'))
  await fingers.touch(button(/刷卡或输入六位采集站码/))
  for (const digit of model.codes.code) await fingers.touch(page.locator('.keys button', { hasText: digit }))
  await text('王强（凭码）')
  t.same(
    model.said.filter(({ act }) => act === 'signIn').map(({ body }) => body),
    [{ card: '99999999' }, { card: model.codes.card }, { code: model.codes.code }],
  )
  await fingers.touch(button(/关闭/))
  await page.locator('.wall').waitFor()
  const signedOut = () => model.said.filter(({ act }) => act === 'signOut').length
  await until(() => signedOut() === 2, { timeoutMs: 30_000 })
  t.equal(signedOut(), 2, 'by the button, and again when the slot was closed')
})

t.test('files are said to be no enforcement only when they were chosen; a printer without paper is said', async (t) => {
  const { page, model, slot, button, text, fingers } = await stand(t)
  model.move(docked(2, 'uploading', 0.5))
  await slot(2).locator('.card-word', { hasText: '可先离开' }).waitFor()
  await fingers.touch(slot(2))
  await button('与执法无关').waitFor()
  t.equal(await button('与执法无关').isDisabled(), true)
  await fingers.touch(page.locator('.files tbody button').nth(0))
  await fingers.touch(page.locator('.files tbody button').nth(2))
  await fingers.touch(button('与执法无关（2 个）'))
  await text('与执法无关：2 个（凭设备在槽）')
  t.match(model.said, [{ act: 'say', body: { kind: 'not_enforcement', numbers: [1, 3] } }])
  await fingers.touch(button('打印回执'))
  await text('打印机没有打印')
})

t.test('a slot that nobody touches closes by itself after a minute', async (t) => {
  const { page, slot, fingers } = await stand(t)
  await page.clock.install()
  await page.reload()
  await fingers.touch(slot(8))
  await page.locator('.slot').waitFor()
  await page.clock.fastForward(50_000)
  t.equal(await page.locator('.slot').count(), 1)
  await page.clock.fastForward(11_000)
  await page.locator('.wall').waitFor()
  t.equal(await page.locator('.slot').count(), 0)
})

t.test('a card that is pulled out has its sentence, and what to do, at the top of the wall', async (t) => {
  const { model, text, page } = await stand(t)
  model.move(asksFor(7, 'pulled_out', 3))
  await text('设备被拔出，还有 3 个文件未收完。放回任一空槽，从断处续传')
  model.move(card(7))
  await text('没有需要处理的槽位')
  model.changeHead({ server: 'offline', spool: { usedBytes: 1e9, sizeBytes: 5e11, state: 'ok', waitingBytes: 8e8 } })
  await text('服务器未连接：资料加密存在本站')
  await page.getByText('待传 800 MB').waitFor()
})
