import t from 'tap'
import { findNumberJumps, numberJump } from '../../../services/custody/hand-ins/number-jumps.ts'
import { signInAs } from './accounts.ts'
import { openBureau } from './bureau.ts'
import { dockDevice, findGap, foundBesidesDocks } from './docked.ts'

const hourMs = 3_600_000
const nameOf = (running: number, hour = running % 24) =>
  `ZJ00012_012345_20261120${String(hour).padStart(2, '0')}0000_${String(running).padStart(4, '0')}.MP4`

t.test('numbers jump where the first new recording does not go on with the last one', (t) => {
  const jump = (names: readonly string[], last: number, known: readonly string[] = []) =>
    numberJump(
      names.map((name, number) => ({ number, name })),
      { last, known: new Set(known) },
    )
  t.equal(jump([nameOf(8)], 7), null)
  t.match(jump([nameOf(11), nameOf(10)], 7), { line: 1, missing: 2, localTime: '2026-11-20T10:00:00' }, 'by time')
  t.equal(jump([nameOf(7), nameOf(8)], 7, [nameOf(7)]), null, 'what lies there still is none')
  t.match(jump([nameOf(7), nameOf(10)], 7, [nameOf(7)]), { line: 1, missing: 2 })
  t.equal(jump([nameOf(1)], 9999), null, 'it has begun anew')
  t.equal(jump([nameOf(9000)], 7), null, 'another counter')
  t.equal(jump([nameOf(10).replace('.MP4', '.JPG')], 7), null, 'a photograph')
  t.equal(jump(['holiday.mp4'], 7), null)
  t.equal(jump([], 7), null)
  t.end()
})

t.test('missing numbers of which a dock tells nothing are found by the service, once', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { world, people } = bureau
  const { administrator } = await signInAs(bureau, 'administrator')
  for (const serial of ['ZJ00012', 'ZJ00031'])
    await administrator.call('POST', '/devices', { serial, kind: 'recorder' })
  const user = { person: people.officer.id, grade: 'confirmed' } as const
  const handIn = (serial: string, ...running: number[]) =>
    dockDevice(world, { serial, user, files: running.map((one) => ({ name: nameOf(one), bytes: 10 })) })
  const find = () => findNumberJumps(world.dbFor('worker'), world.clock)
  await handIn('ZJ00012', 6, 7)
  await handIn('ZJ00031', 6, 7)
  world.clock.advance(60_000)
  const silent = await handIn('ZJ00012', 10, 11)
  const told = await handIn('ZJ00031', 10, 11)
  await findGap(world, told, {
    ...{ gapKind: 'number', beforeNumber: null, afterNumber: 0, missingNumbers: 2 },
    ...{ fromTime: null, toTime: null, lengthMs: null, proposed: null },
  })
  t.equal(await find(), 0, 'the dock may tell of it yet')
  world.clock.advance(hourMs)
  t.equal(await find(), 1)
  t.equal(await find(), 0, 'once')
  const officer = await bureau.signIn(people.officer)
  const { gaps } = (await officer.call('GET', `/gaps?handInId=${silent.handInId}`)).body
  t.match(gaps, [{ kind: 'number', missingNumbers: 2, before: null, after: { number: 0 }, state: 'open' }])
  t.equal((await officer.call('GET', `/gaps?handInId=${told.handInId}`)).body.gaps.length, 1, 'no second one')
  t.match((await bureau.eventsOf('gap.found')).at(-1), { actor: 'expire', actorRole: 'service' })
  t.same(await foundBesidesDocks(bureau), [])
})
