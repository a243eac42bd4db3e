import t from 'tap'
import { rosterAround } from '../../../services/custody/rosters/roster.ts'
import { signInAs } from './accounts.ts'
import { openBureau } from './bureau.ts'
import { dockDevice, foundBesidesDocks } from './docked.ts'

const head = '人员,设备,日期,开始,结束'

function dayOf(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
}

t.test('a roster is entered whole or not at all, replaces its days, and counts where a dock says nobody', async (t) => {
  const bureau = await openBureau(t)
  const { world, people } = bureau
  const { administrator, officer, supervisor, custodian } = await signInAs(
    ...([bureau, 'administrator', 'officer', 'supervisor', 'custodian'] as const),
  )
  for (const serial of ['ZJ00012', 'ZJ00031'])
    await administrator.call('POST', '/devices', { serial, kind: 'recorder' })
  const enter = (lines: readonly string[], query = '') =>
    supervisor.call('POST', `/rosters${query}`, { csv: `\ufeff${[head, ...lines].join('\r\n')}\r\n` })
  const entered = async () => (await bureau.eventsOf('roster.entered')).length

  const wrong = await enter([
    'officer,ZJ00012,2026-12-01,08:30,17:30',
    'nobody,ZJ00012,2026-02-30,08:30,17:30',
    'officer2,ZJ99999,2026-12-01,8:30,17:30',
    'custodian,,2026-12-01,08:30,17:30',
    'officer2,ZJ00012,2026-12-01,12:00,18:00',
    'officer,ZJ00012,2026-12-01,08:30,17:30',
  ])
  t.equal(wrong.status, 400)
  t.same(
    wrong.body.error.details.problems.map(({ line, column }: { line: number; column: string }) => `${line} ${column}`),
    ['3 person', '3 day', '4 device', '4 from', '5 person', '6 device', '7 person'],
  )
  t.match(
    wrong.body.error.message,
    /line 3, person: no officer or assistant in service has .* nobody[\s\S]*nothing was entered$/,
  )
  t.equal(await entered(), 0)
  t.equal((await supervisor.call('POST', '/rosters', { csv: 'a,b\n1,2\n' })).status, 400)
  t.equal((await custodian.call('POST', '/rosters', { csv: head })).status, 403)

  const today = dayOf(world.clock.now())
  const lines = [`officer,ZJ00012,${today},00:00,23:59`, `officer2,,${today},22:00,06:00`]
  t.match(await enter(lines, '?preview=true'), {
    status: 200,
    body: { preview: true, added: { length: 2 }, withdrawn: [] },
  })
  t.equal(await entered(), 0, 'a preview enters nothing')
  t.match((await enter(lines)).body, { days: [today], added: { length: 2 }, unchanged: 0 })
  t.match((await enter(lines)).body, { added: [], withdrawn: [], unchanged: 2 }, 'again it changes nothing')
  t.equal(await entered(), 2)
  const [, night] = await rosterAround(world.dbFor('ingest'), world.clock.now())
  t.equal(night!.to.getTime() - night!.from.getTime(), 8 * 3_600_000, 'a night shift ends on the next day')

  const docked = await dockDevice(world, { serial: 'ZJ00012' })
  const seen = async (id: string) => (await custodian.call('GET', `/hand-ins/${id}`)).body
  t.match(await seen(docked.handInId), { user: { id: people.officer.id }, userGrade: 'roster' })
  t.match((await officer.call('GET', '/hand-ins')).body.handIns, [{ id: docked.handInId }])
  const stranger = await dockDevice(world, { serial: 'ZJ00012', user: { person: 'nobody', grade: 'confirmed' } })
  t.match(
    await seen(stranger.handInId),
    { user: null, userGrade: 'unknown' },
    'what a dock says wrongly is not made good',
  )
  t.match((await seen((await dockDevice(world, { serial: 'ZJ00031' })).handInId)).userGrade, 'unknown')
  const opened = (await bureau.eventsOf('hand_in.opened'))[0]!
  t.match(opened.details, { counts: { person: people.officer.id, grade: 'roster' }, head: { user: null } })

  t.match(
    (await enter([lines[1]!])).body,
    { added: [], withdrawn: { length: 1 }, unchanged: 1 },
    'a new list of the day',
  )
  t.match((await seen((await dockDevice(world, { serial: 'ZJ00012' })).handInId)).userGrade, 'unknown')
  t.match(await seen(docked.handInId), { userGrade: 'roster' }, 'what counted when it was opened stays')
  const before = await entered()
  const both = await Promise.all([1, 2].map(() => enter(['officer,ZJ00031,2027-03-01,08:30,17:30'])))
  t.same(both.map(({ body }) => body.added.length).sort(), [0, 1], 'two that come at once enter a line once')
  t.equal(await entered(), before + 1)
  t.match((await custodian.call('GET', '/rosters')).body.lines, [
    { personId: people.officer2.id, serial: null, day: today },
  ])
  t.same(await foundBesidesDocks(bureau), [])
})
