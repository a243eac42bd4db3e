import t from 'tap'
import { withdrawGaps } from '../../../services/custody/hand-ins/gap-withdrawal.ts'
import { findNumberJumps } from '../../../services/custody/hand-ins/number-jumps.ts'
import { signInAs } from './accounts.ts'
import { openBureau } from './bureau.ts'
import { dockDevice, findGap, foundBesidesDocks } from './docked.ts'

const hourMs = 3_600_000
const nameOf = (running: number, hour = running % 24) =>
  `ZJ00012_012345_20261120${String(hour).padStart(2, '0')}0000_${String(running).padStart(4, '0')}.MP4`
const filesOf = (running: readonly number[]) => running.map((one) => ({ name: nameOf(one), bytes: 10 }))

t.test('missing numbers of which a dock tells nothing are found by the service, once', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { world, people } = bureau
  const { administrator } = await signInAs(bureau, 'administrator')
  for (const serial of ['ZJ00012', 'ZJ00031', 'ZJ00044'])
    await administrator.call('POST', '/devices', { serial, kind: 'recorder' })
  const user = { person: people.officer.id, grade: 'confirmed' } as const
  const handIn = (serial: string, ...running: number[]) => dockDevice(world, { serial, user, files: filesOf(running) })
  const find = () => findNumberJumps(world.dbFor('worker'), world.clock)
  await handIn('ZJ00012', 6, 7)
  await handIn('ZJ00031', 6, 7)
  await handIn('ZJ00044', 6, 7)
  world.clock.advance(60_000)
  const offline = { signedAt: world.clock.now(), files: filesOf([8, 9]) }
  world.clock.advance(60_000)
  await handIn('ZJ00044', 10, 11)
  world.clock.advance(60_000)
  await dockDevice(world, { serial: 'ZJ00044', user, ...offline })
  world.clock.advance(60_000)
  await handIn('ZJ00044', 12)
  const silent = await handIn('ZJ00012', 10, 11)
  const told = await handIn('ZJ00031', 10, 11)
  await findGap(world, told, {
    ...{ gapKind: 'number', beforeNumber: null, afterNumber: 0, missingNumbers: 2 },
    ...{ fromTime: null, toTime: null, lengthMs: null, proposed: null },
  })
  t.equal(await find(), 0, 'the dock may tell of it yet')
  world.clock.advance(hourMs)
  t.equal(await find(), 1, 'and none where a dock was offline for a while')
  t.equal(await find(), 0, 'once')
  const officer = await bureau.signIn(people.officer)
  const { gaps } = (await officer.call('GET', `/gaps?handInId=${silent.handInId}`)).body
  t.match(gaps, [{ kind: 'number', missingNumbers: 2, before: null, after: { number: 0 }, state: 'open' }])
  t.equal((await officer.call('GET', `/gaps?handInId=${told.handInId}`)).body.gaps.length, 1, 'no second one')
  t.match((await bureau.eventsOf('gap.found')).at(-1), { actor: 'expire', actorRole: 'service' })
  const withdraw = () => withdrawGaps(world.dbFor('worker'), world.clock)
  await dockDevice(world, { serial: 'ZJ00012', user, signedAt: offline.signedAt, files: filesOf([8]) })
  t.equal(await withdraw(), 0, 'one number is missing still')
  const signedAt = new Date(offline.signedAt.getTime() + 1000)
  for (const serial of ['ZJ00012', 'ZJ00031']) await dockDevice(world, { serial, user, signedAt, files: offline.files })
  t.equal(await withdraw(), 2, 'the list of a dock that was offline fills them, whoever found them')
  const path = `/gaps/${gaps[0].id}`
  t.equal((await officer.call('POST', `${path}/explanations`, { reason: 'other', words: '另一站离线' })).status, 201)
  t.match((await officer.call('GET', `/gaps?handInId=${silent.handInId}`)).body.gaps, [{ state: 'withdrawn' }])
  world.clock.advance(hourMs)
  t.equal(await find(), 0)
  t.same(await foundBesidesDocks(bureau), [])

  // Of the hand-ins before, only names are read.
  await world.db
    .updateTable('hand_in')
    .set({ head: Buffer.from('not read') })
    .execute()
  await handIn('ZJ00012', 14)
  world.clock.advance(2 * hourMs)
  t.equal(await find(), 1)
})
