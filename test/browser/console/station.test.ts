import t from 'tap'
import { makeDevice, type TestDevice, type TestFile } from '../../integration/dock/test-volume.ts'
import { footage } from '../../support/ingest.ts'
import { openStationPlace } from './station-place.ts'

// The desk and the forms of a slot, touched in a browser, with the agent and a bureau behind them.

t.setTimeout(300_000)

const place = await openStationPlace(t)
const { world, front, model, wall, reader, printed, page, touch, says, button, card, read } = place
const { until } = world

const file = (name: string, more: Partial<TestFile> = {}): TestFile => ({ name, bytes: footage(30_000, name), ...more })
const reports = (kind: string) => front.saidAt(/reports$/).filter(({ body }) => body.kind === kind)

/** A recorder of ours with a hole in its running numbers, whose battery is low once it is asked again. */
function recorder(serial: string, options: Partial<TestDevice> = {}): TestDevice {
  const files = [1, 3].map((runningNumber) =>
    file(`${serial}_012345_2026112008300${runningNumber}_000${runningNumber}.MP4`, { runningNumber }),
  )
  const condition = async () => ({ batteryPercent: 32, clockOffsetMs: 900, freeBytes: null })
  return makeDevice(serial, files, { condition, ...options })
}

t.test('a card is imported by touches: its device by label or touch, who imports it by card or touch', async (t) => {
  await touch(button('介质导入'))
  await says('没有插入存储卡')
  const volume = reader.plugIn(makeDevice(null, [file('DJI_0001.MP4')], { uuid: '12AB-34CD' }), 1)
  await button(/12AB-34CD/).waitFor()
  const isOfSomebody = () => page.locator('.desk-begin').isEnabled()

  await read('DEV-NONE001')
  await says('标签上的设备不在登记册内')
  t.equal(await page.getByText('已读工作卡').count(), 0, 'a label is no work card')
  await touch(page.locator('.choices').nth(1).getByRole('button', { name: '下一页' }))
  await touch(button(/^LY00001/))
  await page.locator('button[aria-pressed="true"]', { hasText: 'LY00001' }).waitFor()
  await read('DEV-HP00002')
  await page.locator('button[aria-pressed="true"]', { hasText: 'HP00002' }).waitFor()

  t.equal(await isOfSomebody(), false)
  await read('00FF00FF')
  await says('已读工作卡')
  await touch(button('导入'))
  await says('卡号或采集站码不对')
  t.equal(await isOfSomebody(), false, 'a card that nobody has is read anew')
  front.fail(/identify/, 503, Number.POSITIVE_INFINITY)
  await read('00FF00FF')
  await touch(button('导入'))
  await says('连不上服务器，暂不能认卡：请点选姓名')
  front.heal()
  await touch(button(/^张伟/))
  await touch(button('导入'))
  await says(/原卡须留存/)
  const head = await world.db.selectFrom('hand_in').where('device_serial', '=', 'HP00002').select('head').execute()
  t.match(JSON.parse(head[0]!.head.toString()), {
    origin: { from: '由张伟（012345，点选姓名，未核验）从航拍器 HP00002 取出存储卡导入' },
  })

  await touch(button('打印回执'))
  await says('已送打印机')
  t.match(printed, [/HP00002.*由取出的存储卡导入/s])
  for (const key of 'A1-7') await touch(page.locator('.letters').getByText(key, { exact: true }))
  await touch(button('删除'))
  await touch(button('资料管理员'))
  t.equal(await button('登记留存原卡').isDisabled(), true, 'the place is missing')
  await touch(button('资料室保险柜'))
  await touch(button('登记留存原卡'))
  await says('原卡已留存：封条 A1-，资料管理员，资料室保险柜')
  await until(() => reports('card_kept').some(({ status }) => status === 204))
  t.equal(await page.locator('.pick-up').count(), 0, 'nobody takes a sealed card along')
  reader.pull(volume.id)
  await touch(button(/关闭/))
  await touch(button('返回'))
})

t.test('words of one’s own go with the reason; who takes a device is said before or after it is lifted', async (t) => {
  const volume = wall.plugIn(recorder('DSJ0001'), 5)
  await until(() => model.slot(5).card.check !== null)
  await touch(card(5))
  await touch(button('写补充说明'))
  await page.locator('textarea').fill('更换电池')
  // The last of the reasons, with the most beside it: nothing of the form may be cut off.
  await touch(button('其他'))
  await says('已说明：其他')
  t.match(model.slot(5).gaps, [{ explained: { reason: 'other', words: '更换电池' } }])
  await touch(page.locator('.files tbody button').first())
  await touch(button('写补充说明'))
  await page.locator('textarea').fill('试机')
  await touch(button('与执法无关（1 个）'))
  await says('“试机”')
  t.match(model.slot(5).statements, [{ kind: 'not_enforcement', words: '试机' }])

  await touch(button('登记谁取用'))
  await touch(button('返回'))
  wall.pull(volume.id)
  await says('已取走')
  await button(/刷卡/).waitFor({ state: 'detached' })
  t.equal(await button(/待编号事项/).count(), 0, 'what rests on a device in its slot cannot be said any more')
  await touch(button('打印回执'))
  await says('已送打印机')
  t.match(printed.at(-1), /DSJ0001/)
  await touch(button('登记谁取用'))
  await touch(button(/^张伟/))
  await says('张伟 取用，点此更改')
  t.match(model.slot(5).card.check, { taker: { name: '张伟' } })
  await touch(button(/关闭/))
})

t.test('what was chosen and written for one device is not said of the next in the same slot', async (t) => {
  const first = wall.plugIn(recorder('LX00001'), 6)
  await until(() => model.slot(6).card.gaps === 1)
  await touch(card(6))
  await touch(button('写补充说明'))
  await page.locator('textarea').fill('前一台')
  await touch(page.locator('.files tbody button').first())
  wall.pull(first.id)
  wall.plugIn(recorder('LX00002'), 6)
  await page.locator('.slot-device', { hasText: 'LX00002' }).waitFor()
  await page.locator('textarea').waitFor({ state: 'detached' })
  t.equal(await page.locator('.files tr.chosen').count(), 0)
  await touch(button('误操作'))
  await says('已说明：误操作')
  t.match(model.slot(6).gaps, [{ explained: { reason: 'operating_error', words: null } }])
  await touch(button(/关闭/))
})

t.test('a label that is scanned at a slot says whose device it is, and is no work card', async (t) => {
  const tried: string[] = []
  page.on('request', (request) => request.url().endsWith('/session') && tried.push(request.method()))
  wall.plugIn(makeDevice(null, [file('x.MP4')], { uuid: '77AA-0001' }), 7)
  await until(() => model.slot(7).card.word === 'asking')
  await touch(card(7))
  await says('点选设备，或扫设备标签')
  await button(/^HP00001/).waitFor()
  await read('DEV-NONE001')
  await says('标签上的设备不在登记册内')
  await read('DEV-DSJ0002')
  await button(/刷卡/).waitFor()
  t.equal(model.slot(7).card.serial, 'DSJ0002')
  t.same(tried, [])
  front.fail(/identify/, 503, Number.POSITIVE_INFINITY)
  await read('04A1B2C3')
  await says('连不上服务器，暂不能认卡认码')
  t.same(tried, ['POST'])
})
