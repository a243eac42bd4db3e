import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Docked } from '../../../deploy/local/demo/wall.ts'
import { findMissingHandIns, findUnreadFiles } from '../../../services/custody/hand-ins/overdue.ts'
import { inFull } from '../../support/in-full.ts'
import { signInAs } from '../access/accounts.ts'
import { openDay } from './friday-day.ts'
import type { FridayPlace } from './friday-place.ts'

// A Friday on which everything comes together, up to Monday morning: who does what, by how many touches of the glass, what the
// screen says, and what stands in the ledger. The station is the real program, on devices that are really mounted; only its
// clock and the bureau's are moved.

t.setTimeout(900_000)

const kilobyte = 1000
const long = 3_000_000

type Day = Awaited<ReturnType<typeof openDay>>

const sealedOf = async ({ eventsAbout }: Day, serial: string) =>
  (await eventsAbout('recording.sealed', `device:${serial}`)).length
const openedOf = async ({ eventsAbout }: Day, serial: string) =>
  (await eventsAbout('hand_in.opened', `device:${serial}`)).length

// Its steps are tried one by one by the other tests of the dock; the whole evening is played by `npm run proofs`.
const skip = inFull ? false : 'played in full by npm run proofs -- tests/in-full'

t.test('a Friday evening, and the Monday after it', { skip }, async (t) => {
  const day = await openDay(t)
  const { at, later, plugIn, device, cardAt, wallSays, touches, fingers, slotAt, button, close, text } = day
  const { world, bureau, people } = day
  const docked: Docked[] = []
  const put = async (slot: number, ...of: Parameters<FridayPlace['device']>) => {
    const one = await plugIn(device(...of), slot)
    docked.push(one)
    return one
  }

  await t.test('17:40, a cut cable: no touch; another slot, and it goes on where it was', async (t) => {
    at('17:40')
    const { volume } = await put(1, 'ZJ00001', 'cut_cable', [long])
    await cardAt(1, ({ bytes }) => bytes.read >= long / 4)
    await volume!.pull('gone')
    await wallSays(1, '需处理')
    await slotAt(1).getByText('还有 1 个未收完，请放回').waitFor()
    await volume!.plugIn(2)
    await cardAt(2, ({ files }) => files.sent === 1)
    await later(async () => (await sealedOf(day, 'ZJ00001')) === 1)
    t.equal(await openedOf(day, 'ZJ00001'), 1, 'one list')
    t.equal(fingers.count(), 0)
    await later(async () => (await volume!.holds()).join() === 'ZFYINFO.DAT')
    await wallSays(2, '可取走')
  })

  await t.test(
    '17:50, the witness is switched off: receipts are provisional, nothing is cleared, people go home',
    async (t) => {
      at('17:50')
      day.switchWitness(false)
      const { volume } = await put(3, 'ZJ00002', 'gap', [kilobyte, kilobyte, kilobyte])
      await cardAt(3, ({ word }) => word === 'provisional')
      await wallSays(3, '临时回执')
      await slotAt(3).getByText('可取走，勿清空').waitFor()
      t.equal((await volume!.holds()).length, 4, 'it holds all it held')
      t.same(await day.eventsAbout('clearing.announced', 'device:ZJ00002'), [])

      const took = await touches(async () => {
        await fingers.touch(slotAt(3))
        await text('编号缺 1 个')
        await fingers.touch(button('误操作'))
        await text('已说明：误操作（凭设备在槽）')
      })
      t.equal(took, 2, 'its gap is explained by two touches')
      await close()
      const [said] = await later(async () => {
        const found = await day.eventsAbout('gap.explained', 'device:ZJ00002')
        return found.length > 0 && found
      })
      t.match(said!.details, { reason: 'operating_error', grade: 'slot' })
    },
  )

  await t.test('a drone’s card names nobody: two touches say whose it is', async (t) => {
    await put(4, 'HP00001', null, [2 * kilobyte])
    await cardAt(4, ({ word }) => word === 'asking')
    await wallSays(4, '请认领')
    t.equal(await openedOf(day, 'HP00001'), 0, 'not one file of it was looked at')
    const took = await touches(async () => {
      await fingers.touch(slotAt(4))
      await fingers.touch(button(/HP00001/))
    })
    t.equal(took, 2)
    await close()
    await later(async () => (await sealedOf(day, 'HP00001')) === 1)
    t.match((await bureau.eventsOf('station.volume_stated')).at(-1)!.details, { answer: 'ours', by: { grade: 'slot' } })
  })

  await t.test(
    'a recorder of another district’s brigade: two touches; it waits for two people, and is safe',
    async (t) => {
      await put(5, 'XX99001', null, [3 * kilobyte])
      await cardAt(5, ({ word }) => word === 'asking')
      const took = await touches(async () => {
        await fingers.touch(slotAt(5))
        await fingers.touch(button('联合执法单位的设备'))
      })
      t.equal(took, 2)
      await close()
      await cardAt(5, ({ attention }) => attention?.word === 'quarantined')
      await slotAt(5).getByText('1 个文件待核实').waitFor()
      t.equal((await bureau.eventsOf('recording.quarantined')).length, 1)
    },
  )

  await t.test(
    'an assistant without an account puts his recorder in: no touch, and nobody’s name is made up',
    async (t) => {
      await put(6, 'ZJ00004', null, [4 * kilobyte])
      await cardAt(6, ({ word }) => word === 'provisional')
      await slotAt(6).getByText('使用人不明').waitFor()
      const [opened] = await day.eventsAbout('hand_in.opened', 'device:ZJ00004')
      t.notOk(opened!.subjects.some((subject) => subject.startsWith('person:')))
    },
  )

  await t.test(
    'the supervisor sits in a meeting: what waits for a second person waits, and everybody may leave',
    async (t) => {
      const { custodian } = await signInAs(bureau, 'custodian')
      const { recordings } = (await custodian.call('GET', '/recordings?quarantined=true')).body
      const proposal = { outcome: 'accept', reason: '联合执法，对方记录仪，周一复核' }
      const asked = await custodian.call('POST', `/quarantine/${recordings[0].id}/proposals`, proposal)
      t.equal(asked.status, 201, JSON.stringify(asked.body))
      const used = (await day.screen.cards()).filter(({ word }) => word !== 'taken')
      t.same(
        used.filter(({ mayLeave }) => !mayLeave).map(({ slot }) => slot),
        [],
      )
    },
  )

  await t.test('18:05, the power is cut while a recorder is read: afterwards it goes on by itself', async (t) => {
    at('18:05')
    const before = fingers.count()
    const { volume } = await put(7, 'ZJ00003', 'emergency', [long])
    await cardAt(7, ({ bytes }) => bytes.read >= long / 4)
    await volume!.setFaults({ readDelayMs: 1000 })
    await day.powerCut()
    await volume!.setFaults({})
    await cardAt(7, ({ word }) => word === 'provisional')
    await wallSays(7, '临时回执')
    t.equal(await openedOf(day, 'ZJ00003'), 1)
    t.equal(await sealedOf(day, 'ZJ00003'), 1)
    await cardAt(3, ({ word, gaps }) => word === 'provisional' && gaps === 0)
    t.equal(fingers.count(), before, 'nobody had to touch anything for it')
  })

  let nightly: Docked | null = null
  await t.test('22:40, a call: two touches, and the recorder goes along unread', async (t) => {
    at('22:40')
    nightly = await put(8, 'ZJ00005', 'emergency', [kilobyte, 2 * long])
    await nightly.volume!.setFaults({ readDelayMs: 1000 })
    await cardAt(8, ({ files }) => files.read === 1)
    const took = await touches(async () => {
      await fingers.touch(slotAt(8))
      await fingers.touch(button('出警取用'))
      await text('现在可以取走')
    })
    t.equal(took, 2)
    await nightly.volume!.pull('gone')
    await close()
    await wallSays(8, '已取用')
    const [taken] = await later(async () => {
      const found = await bureau.eventsOf('station.emergency_taking')
      return found.length > 0 && found
    })
    t.match(taken!.details, { reason: 'call_out', remaining: 1 })
  })

  await t.test(
    'Saturday evening: the witness is a day late; cleared is only what lies on the station’s own disk',
    async (t) => {
      at('19:30', 1)
      const kept = () => readdirSync(join(day.spoolFolder, 'copies')).length
      for (const serial of ['ZJ00002', 'ZJ00003', 'ZJ00004']) {
        const { volume } = docked.find((one) => one.device.serial === serial)!
        await later(async () => (await volume!.holds()).join() === 'ZFYINFO.DAT')
      }
      t.equal(kept(), 5)
      const cleared = await later(async () => {
        const found = await bureau.eventsOf('recording.cleared')
        return found.filter(({ details }) => details.basis === 'before_witness').length === 5 && found
      })
      t.equal(cleared.filter(({ details }) => details.basis === 'witnessed').length, 1, 'that of 17:40')
    },
  )

  await t.test('Monday morning: what never came is named, and everything is witnessed', async (t) => {
    at('08:20', 3)
    t.equal(await findMissingHandIns(world.db, world.clock), 1)
    t.equal(await findUnreadFiles(world.db, world.clock), 1)
    const { custodian, supervisor, officer2, officer } = await signInAs(
      bureau,
      'custodian',
      'supervisor',
      'officer2',
      'officer',
    )
    const gapOf = async (serial: string) =>
      (await custodian.call('GET', `/gaps?deviceSerial=${serial}`)).body.gaps[0] as { id: string; kind: string }
    const missing = await gapOf('ZJ00009')
    t.match(missing, { kind: 'missing_hand_in', kindWords: { zh: '应交未交' }, person: { id: people.officer2.id } })

    // The night's recorder is back: the rest follows in any slot, and nobody touches anything.
    await nightly!.volume!.plugIn(9)
    await later(async () => (await sealedOf(day, 'ZJ00005')) === 2)
    t.equal(await openedOf(day, 'ZJ00005'), 1)

    day.switchWitness(true)
    await later(() => readdirSync(join(day.spoolFolder, 'copies')).length === 0)
    await later(async () => (await nightly!.volume!.holds()).join() === 'ZFYINFO.DAT')
    const took = await touches(async () => {
      await cardAt(4, ({ files }) => files.receipts === 1)
      await fingers.touch(slotAt(4))
      await fingers.touch(button('清空'))
    })
    t.equal(took, 2, 'the drone’s card is cleared when somebody says so')

    const unread = await gapOf('ZJ00005')
    const explain = (who: typeof officer, id: string, words: string) =>
      who.call('POST', `/gaps/${id}/explanations`, { reason: 'other', words })
    t.equal((await explain(officer2, missing.id, '设备在维修，未出勤')).status, 201)
    t.equal((await explain(officer, unread.id, '22:40 出警取用，周一早上补交')).status, 201)
    for (const { id } of [missing, unread]) {
      t.equal((await custodian.call('POST', `/gaps/${id}/decision`, { accept: true })).status, 204)
    }
    const { recordings } = (await custodian.call('GET', '/recordings?quarantined=true')).body
    const decided = await supervisor.call('POST', `/quarantine/${recordings[0].id}/decision`, { confirmed: true })
    t.match(decided, { status: 200, body: { outcome: 'accept' } })
  })

  await t.test('the devices hold exactly what had no right to be cleared', async (t) => {
    const holds = async (serial: string) =>
      (await docked.find((one) => one.device.serial === serial)!.volume!.holds()).filter(
        (path) => path !== 'ZFYINFO.DAT',
      )
    for (const serial of ['ZJ00001', 'ZJ00002', 'ZJ00003', 'ZJ00004', 'ZJ00005', 'HP00001']) {
      await later(async () => (await holds(serial)).length === 0)
    }
    t.equal((await holds('XX99001')).length, 1, 'a device of others is never cleared here')
    t.same(await bureau.eventsOf('alarm.raised'), [])
    // While the power was off nobody answered the page.
    t.same(
      day.problems.filter((problem) => !problem.includes('net::ERR_')),
      [],
    )
  })
})
