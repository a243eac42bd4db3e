import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { identityBlock } from '../../../deploy/local/devices/gbk.ts'
import { makeVolume, makeWall } from '../../../deploy/local/devices/make-volume.ts'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { openSources } from '../../../services/dock/sources/open-sources.ts'
import { systemClock } from '../../../services/foundation/clock.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { wallSettings } from '../../support/devices/watch-source.ts'
import { footage, openIngestWorld } from '../../support/ingest.ts'
import { openFront } from './front.ts'
import { openStation } from './station.ts'

const program = fileURLToPath(new URL('../../../deploy/local/devices/vendor-device.mjs', import.meta.url))
const password = 'geheim-口令'
const offMs = 3_600_000

/** A station with a recorder that shows no storage before its vendor's program has opened it. */
async function openLockedPlace(t: Test, secret: string, { serial = 'DSJ0001', saysNothing = false } = {}) {
  const world = await openIngestWorld(t)
  const front = await openFront(t, () => world.origin)
  const wall = await makeWall(await mkdtemp(join(tmpdir(), 'wall-')))
  const statePath = join(wall.folder, 'state.json')
  const identity = identityBlock({ serial })
  const state = { idCode: 'BWC7', block: identity.toString('base64'), offsetMs: offMs, batteryPercent: 71, password }
  await writeFile(statePath, JSON.stringify({ ...state, isOpen: false }))
  const files = [
    { path: 'RECORD/ID.DAT', bytes: identity },
    { path: 'RECORD/DSJ-DSJ0001-P00231-20261126140322-0001.MP4', bytes: footage(40_000, 'locked') },
  ]
  const device = await makeVolume(wall, { fs: 'fat32', files, label: 'BWC_0001' })
  const argv = [process.execPath, program, statePath]
  const profiles = (await readProfiles([ownProfiles])).map((profile) =>
    profile.name === 'recorder-locked'
      ? {
          ...profile,
          calls: saysNothing ? null : { argv, timeLimitMs: 60_000 },
          unlock: {
            argv: [...argv, '--unlock'],
            timeLimitMs: 60_000,
            secret: 'bwc-unlock',
            secretBy: 'stdin' as const,
          },
        }
      : profile,
  )
  const port = join(wall.devices, 'locked-03')
  const settings = {
    source: 'devices' as const,
    ...wallSettings(wall, 'agent'),
    locked: { [port]: { profile: 'recorder-locked', slot: 3 } },
  }
  const log = openLog({ service: 'dock', level: 'silent' })
  const secrets = new Map([['bwc-unlock', secret]])
  const station = await openStation(t, {
    origin: front.origin,
    token: world.dock.token,
    signingKey: world.dock.key,
    sources: openSources([settings], { profiles, clock: systemClock, log, secrets }).sources,
  })
  t.teardown(async () => {
    await device.discard()
    await rm(wall.folder, { recursive: true })
  })
  const stateNow = async () => JSON.parse(await readFile(statePath, 'utf8')) as { isOpen: boolean; offsetMs: number }
  return { world, front, station, device, port, stateNow }
}

t.test('a locked recorder is opened when it appears, and its clock set after its list was signed', async (t) => {
  const { world, front, station, device, port, stateNow } = await openLockedPlace(t, password)
  const { until } = world
  await writeFile(port, '')
  await until(async () => (await stateNow()).isOpen)
  // What it opened shows up as storage by itself.
  await device.plugIn(3, 'agent')
  const events = (kind: string) => front.saidAt(/\/docks\/me\/reports$/).filter(({ body }) => body.kind === kind)
  await until(() => events('clock_set').every(({ status }) => status === 204) && events('clock_set').length === 1)
  t.match(events('unlocked'), [{ status: 204, body: { serial: 'DSJ0001', profile: 'recorder-locked', ok: true } }])
  const { body } = events('clock_set')[0]!
  t.ok(Math.abs(Number(body.offsetMs) - offMs) < 60_000, 'as far as it was off')
  t.ok(Math.abs((await stateNow()).offsetMs) < 60_000, 'it is right now')
  const [list] = front.saidAt(/POST \/hand-ins$/)
  t.ok(Math.abs(Number(list!.body.clockOffsetMs) - offMs) < 60_000, 'the list says what it was')
  const told = front.said.map(({ path, body: { kind } }) => `${path} ${kind ?? ''}`)
  t.ok(told.indexOf('/hand-ins ') < told.indexOf('/docks/me/reports clock_set'), 'measured, listed, then set')
  await until(() => station.agent.model.slot(3).card.files.sent === 1)
  t.match(station.agent.model.slot(3), { isClockSet: true, card: { serial: 'DSJ0001', batteryPercent: 71 } })
  const kinds = await world.db.selectFrom('event').select('kind').where('kind', 'like', 'station.%').execute()
  t.same(kinds.map(({ kind }) => kind).sort(), ['station.clock_set', 'station.device_unlocked'])

  // The bus is reset: a clock that is right is left alone.
  await device.pull('lazy')
  await until(() => station.agent.model.slot(3).card.word !== 'ready')
  await device.plugIn(3, 'agent')
  await until(
    () => station.agent.model.slot(3).insertedAt !== null && station.agent.model.slot(3).card.files.sent === 1,
  )
  t.equal(events('clock_set').length, 1)
  t.same(front.refused(), [])
})

t.test('one that does not open is shown and reported', async (t) => {
  const { world, front, station, port, stateNow } = await openLockedPlace(t, 'pa55')
  await writeFile(port, '')
  await world.until(() => station.agent.model.slot(3).card.attention?.word === 'unlock_failed')
  const report = await world.until(() => front.saidAt(/reports$/).find(({ status }) => status === 204))
  t.match(report.body, { kind: 'unlocked', serial: 'DSJ0001', ok: false })
  t.notMatch(JSON.stringify(station.agent.model.slot(3)), /pa55/, 'no secret is shown')
  t.equal((await stateNow()).isOpen, false)
  await rm(port)
  await world.until(() => station.agent.model.slot(3).card.attention?.word === 'pulled_out')
})

t.test('one that names itself and is none of ours gets no secret', async (t) => {
  const { world, front, station, port, stateNow } = await openLockedPlace(t, password, { serial: 'XX0001' })
  await writeFile(port, '')
  const { model } = station.agent
  await world.until(() => model.slot(3).card.attention?.word === 'unlock_failed')
  t.match(model.slot(3).card.attention?.detail, /XX0001/)
  t.equal((await stateNow()).isOpen, false)
  t.same(front.saidAt(/reports$/), [], 'the command was not used')
})

t.test('one that says nothing of itself is opened only for somebody who says that it is ours', async (t) => {
  const { world, front, station, port, stateNow } = await openLockedPlace(t, password, { saysNothing: true })
  const { model } = station.agent
  const isAsked = () => world.until(() => model.slot(3).card.word === 'asking')
  await writeFile(port, '')
  await isAsked()
  await model.whose(3, { answer: 'foreign', words: '联合执法单位的设备' })
  await world.until(() => model.slot(3).card.word === 'unread')
  await rm(port)
  await world.until(() => model.slot(3).card.word !== 'unread')
  t.equal((await stateNow()).isOpen, false)
  const used = () => front.saidAt(/reports$/).filter(({ body }) => body.kind === 'unlocked')
  t.same(used(), [], 'no secret was given away')
  await writeFile(port, '')
  await isAsked()
  await model.whose(3, { answer: 'ours', serial: 'DSJ0001' })
  await world.until(async () => (await stateNow()).isOpen && used().some(({ status }) => status === 204))
  t.match(used(), [{ body: { serial: 'DSJ0001', profile: 'recorder-locked', ok: true } }])
})
