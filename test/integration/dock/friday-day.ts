import type { Test } from 'tap'
import type { SlotCard } from '../../../services/dock/screen/schemas.ts'
import { openBrowser, openPage } from '../../browser/console/browser.ts'
import { fingersOn } from '../../browser/console/fingers.ts'
import { signInAs } from '../access/accounts.ts'
import type { Bureau } from '../access/bureau.ts'
import { openFriday } from './friday-place.ts'

/** The administrator has registered the devices, and the supervisor enters who is out with which. */
async function begin(t: Test, bureau: Bureau): Promise<void> {
  const { administrator, supervisor } = await signInAs(bureau, 'administrator', 'supervisor')
  const { world, people } = bureau
  const { officer, officer2 } = people
  const devices = [
    { serial: 'ZJ00001', kind: 'recorder', keeper: officer },
    { serial: 'ZJ00002', kind: 'recorder', keeper: officer2 },
    { serial: 'ZJ00003', kind: 'recorder', keeper: officer2 },
    { serial: 'ZJ00004', kind: 'recorder', keeper: null },
    { serial: 'ZJ00005', kind: 'recorder', keeper: officer },
    { serial: 'ZJ00009', kind: 'recorder', keeper: officer2 },
    { serial: 'HP00001', kind: 'drone', keeper: officer },
  ]
  for (const { serial, kind, keeper } of devices) {
    t.equal((await administrator.call('POST', '/devices', { serial, kind })).status, 201, serial)
    if (keeper)
      await world.db.updateTable('device').set({ holder_id: keeper.id }).where('serial', '=', serial).execute()
  }
  const today = new Date(world.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
  const isOut = ({ serial, keeper }: (typeof devices)[number]) => keeper !== null && serial !== 'ZJ00005'
  const lines = devices.filter(isOut).map(({ serial, keeper }) => `${keeper!.account},${serial},${today},08:30,17:30`)
  const roster = await supervisor.call('POST', '/rosters', { csv: ['person,device,day,from,to', ...lines].join('\n') })
  t.equal(roster.status, 200)
}

/** The place of the Friday, and somebody who looks at its wall and touches it. */
export async function openDay(t: Test) {
  const place = await openFriday(t, (bureau) => begin(t, bureau))
  const { bureau, screen, later } = place
  const { world, people } = bureau
  const { page, problems } = await openPage(await openBrowser(t), `${screen.address}/`, { hasTouch: true })
  const fingers = fingersOn(page)
  const slotAt = (slot: number) => page.locator(`.card[data-slot="${slot}"]`)
  const wallSays = (slot: number, word: string) => slotAt(slot).locator('.card-word', { hasText: word }).waitFor()
  const cardAt = (slot: number, is: (card: SlotCard) => boolean) =>
    later(async () => (await screen.state()).slots.find((card) => card.slot === slot && is(card)))
  const eventsAbout = async (kind: string, subject: string) =>
    (await bureau.eventsOf(kind)).filter(({ subjects }) => subjects.includes(subject))
  /** Touches that `work` takes. */
  const touches = async (work: () => Promise<unknown>) => {
    const before = fingers.count()
    await work()
    return fingers.count() - before
  }
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const close = () => fingers.touch(button(/关闭/))
  const text = (words: string) => page.getByText(words).first().waitFor()
  return {
    ...place,
    world,
    people,
    page,
    problems,
    fingers,
    slotAt,
    wallSays,
    cardAt,
    eventsAbout,
    touches,
    button,
    close,
    text,
  }
}
