import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { identityBlock } from '../../../deploy/local/devices/gbk.ts'
import type { Profile } from '../../../services/dock/profiles/profile.ts'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { askDevice, clockOf } from '../../../services/dock/vendor/ask-device.ts'
import { vendorDevice } from '../../../services/dock/vendor/calls.ts'
import { measureClockOffset, setDeviceClock } from '../../../services/dock/vendor/device-clock.ts'
import { HelperFailed, HelperRefused, startHelper } from '../../../services/dock/vendor/helper-program.ts'
import { CommandFailed, runCommand } from '../../../services/dock/vendor/run-command.ts'
import { unlockDevice } from '../../../services/dock/vendor/unlock.ts'
import { systemClock } from '../../../services/foundation/clock.ts'
import { rejectsAs } from '../../support/devices/watched-wall.ts'

const program = fileURLToPath(new URL('../../../deploy/local/devices/vendor-device.mjs', import.meta.url))
const argv = [process.execPath, program, '{device}']
const locked = (await readProfiles([ownProfiles])).find(({ name }) => name === 'recorder-locked')!
const password = 'geheim-口令'

async function device(t: Test, state: Record<string, unknown> = {}, timeLimitMs = 20_000) {
  const folder = await mkdtemp(join(tmpdir(), 'vendor-'))
  const path = join(folder, 'state.json')
  const identity = { serial: 'ZJ00001', officerNumber: 'P00231', officerName: '张三' }
  const block = identityBlock(identity).toString('base64')
  await writeFile(
    path,
    JSON.stringify({ idCode: 'BWC7', block, offsetMs: 37_000, batteryPercent: 71, password, isOpen: false, ...state }),
  )
  const helper = startHelper({ argv, timeLimitMs }, { device: path })
  t.teardown(async () => {
    await helper.end()
    await rm(folder, { recursive: true })
  })
  const profile: Profile = { ...locked, calls: { argv, timeLimitMs } }
  const stateNow = async () => JSON.parse(await readFile(path, 'utf8'))
  return { path, profile, calls: vendorDevice(helper), stateNow }
}

t.test('the eight calls', async (t) => {
  const { calls, stateNow } = await device(t)
  const idCode = await calls.getIdCode()
  t.equal(idCode, 'BWC7')
  await calls.initDevice(idCode)
  t.match((await calls.getInfo()).identity, { serial: 'ZJ00001', officerName: '张三' })
  t.same(await calls.readResolution(), { width: 1920, height: 1080 })
  t.equal(await calls.readBatteryPercent(), 71)
  await rejectsAs(t, HelperFailed, calls.setMassStorage('wrong'), 'a wrong password')
  await calls.setMassStorage(password)
  t.equal((await stateNow()).isOpen, true)
  await calls.writeInfo(identityBlock({ serial: 'ZJ00009' }), password)
  t.equal((await calls.getInfo()).identity?.serial, 'ZJ00009')
  await rejectsAs(t, HelperFailed, calls.writeInfo(Buffer.alloc(88), password), 'not 89 bytes')
})

t.test('what a device says of itself, asked in one go', async (t) => {
  const { profile, path } = await device(t)
  const facts = await askDevice(profile, path, systemClock)
  t.match(facts, { serial: 'ZJ00001', officerNumber: 'P00231', officerName: '张三', batteryPercent: 71 })
  t.ok(Math.abs(facts.clockOffsetMs! - 37_000) < 5000)
  const silent = await device(t, { offsetMs: null })
  t.equal((await askDevice(silent.profile, silent.path, systemClock)).clockOffsetMs, null)
})

t.test('the offset is measured by the shortest of several round trips', async (t) => {
  // The device answers half-way; the station's clock runs by hand: round trips of 400, 20, 100, 20 and 1000 ms.
  const trips = [400, 20, 100, 20, 1000]
  let nowMs = 1_000_000
  const clock = { now: () => new Date(nowMs) }
  const asked: number[] = []
  const calls = {
    getInfo: async () => {
      const trip = trips[asked.length]!
      asked.push(trip)
      // Only the short ones are answered exactly half-way.
      const deviceTimeMs = nowMs + (trip === 20 ? 10 : trip * 0.9) - 5000
      nowMs += trip
      return { identity: null, deviceTimeMs }
    },
  } as unknown as Parameters<typeof measureClockOffset>[0]
  t.same(await measureClockOffset(calls, clock), { offsetMs: -5000, uncertaintyMs: 10 })
  t.equal(asked.length, 5)
})

t.test('a clock is set only by a station whose own is proven, and never before it was measured', async (t) => {
  const { calls, stateNow } = await device(t)
  const planned: number[] = []
  const beforeSet = async ({ offsetMs }: { offsetMs: number }) => {
    t.equal((await stateNow()).offsetMs, 37_000, 'it is kept before it is done')
    planned.push(offsetMs)
  }
  const options = { clock: systemClock, password, beforeSet }
  for (const stationClock of ['unproven', 'off'] as const) {
    t.equal(await setDeviceClock(calls, { ...options, stationClock }), null)
    t.equal((await stateNow()).offsetMs, 37_000, 'untouched')
  }
  const set = await setDeviceClock(calls, { ...options, stationClock: 'proven' })
  t.ok(Math.abs(set!.offsetMs - 37_000) <= set!.uncertaintyMs + 1000, 'what it was is kept')
  t.ok(Math.abs((await stateNow()).offsetMs) < 10_000, 'and it is right now')
  t.same(planned, [set!.offsetMs])
  const mute = await device(t, { offsetMs: null })
  t.equal(await setDeviceClock(mute.calls, { ...options, stationClock: 'proven' }), null, 'one that cannot be measured')
  t.equal((await mute.stateNow()).offsetMs, null)
})

t.test('a clock is set only of the device that is meant, and no error repeats the password', async (t) => {
  const { profile, path, stateNow } = await device(t)
  const set = (serial: string, password: string) => {
    const secrets = new Map([['clock', password]])
    const setClock = clockOf({ ...profile, clockSecret: 'clock' }, path, { clock: systemClock, secrets })!
    return setClock({ stationClock: 'proven', serial, beforeSet: async () => undefined })
  }
  await rejectsAs(t, HelperRefused, set('ZJ00002', password), 'another one is plugged in at its path')
  t.equal((await stateNow()).offsetMs, 37_000)
  t.ok(await set('ZJ00001', password))
  const telling = await device(t, { fails: { SyncDevTime: `wrong password ${password}!` } })
  await t.rejects(telling.calls.syncTime(1, password), { message: 'SyncDevTime: wrong password [secret]!' })
})

t.test('devices and programs that fail are named, and nobody waits for them', async (t) => {
  const failing = await device(t, { fails: { ReadDeviceBatteryDumpEnergy: 'E_BUSY' } })
  await t.rejects(failing.calls.readBatteryPercent(), { message: /E_BUSY/ })
  t.equal(await failing.calls.getIdCode(), 'BWC7', 'the next question is answered')
  const odd = await device(t, { batteryPercent: 250 })
  await t.rejects(odd.calls.readBatteryPercent(), { message: /not what was asked/ })
  const dying = await device(t, { dies: ['GetZFYInfo'] })
  await t.rejects(dying.calls.getInfo(), { message: /ended with 9/ })
  await t.rejects(dying.calls.getIdCode(), { message: /ended with 9/ })
  const silent = await device(t, { silent: ['GetZFYInfo'] }, 1500)
  await t.rejects(silent.calls.getInfo(), { message: /did not answer GetZFYInfo within 1500 ms/ })
  await rejectsAs(t, HelperFailed, silent.calls.getIdCode(), 'it was ended')
  const missing = startHelper({ argv: ['/no/such/program'], timeLimitMs: 1000 }, {})
  await t.rejects(missing.ask('GetIDCode', {}, {}), { message: /cannot be started/ })
})

t.test('a device is unlocked with the station’s secret, which nobody sees', async (t) => {
  const { path, stateNow } = await device(t)
  const unlock = { argv: [...argv, '--unlock'], timeLimitMs: 20_000, secret: 'bwc-unlock', secretBy: 'stdin' } as const
  await rejectsAs(
    t,
    CommandFailed,
    unlockDevice({ unlock: { ...unlock, argv: [...unlock.argv] } }, path, new Map()),
    'no secret',
  )
  const wrong = await unlockDevice(
    { unlock: { ...unlock, argv: [...unlock.argv] } },
    path,
    new Map([['bwc-unlock', 'pa55']]),
  ).then(
    () => null,
    (error: Error) => error,
  )
  t.match(wrong?.message, /ended with 3: wrong password: \[secret\]/)
  t.equal((await stateNow()).isOpen, false)
  await unlockDevice({ unlock: { ...unlock, argv: [...unlock.argv] } }, path, new Map([['bwc-unlock', password]]))
  t.equal((await stateNow()).isOpen, true)
  await rejectsAs(t, CommandFailed, unlockDevice({ unlock: null }, path, new Map()), 'a profile that opens nothing')
})

t.test('commands get no shell, no environment, and no more time than they have', async (t) => {
  const run = (args: string[], timeLimitMs = 20_000) =>
    runCommand({ argv: args, timeLimitMs }, { device: '$(reboot) ; `x` "' })
  t.equal(await run(['printf', '%s', '{device}']), '$(reboot) ; `x` "')
  t.notMatch(await run(['env']), /HOME|TAP|npm/)
  await t.rejects(run(['sh', '-c', 'sleep 60 & sleep 60'], 300), { message: /did not end within 300 ms/ })
  await t.rejects(run(['printf', '{unknown}']), { message: /no \{unknown\}/ })
  await t.rejects(run(['/no/such/program']), { message: /cannot be started/ })
  t.equal(await run(['sh', '-c', 'echo done; sleep 60 &']), 'done\n', 'what it leaves behind is not waited for')
  const secret = { text: password, by: 'environment' } as const
  const shown = await runCommand({ argv: ['printenv', 'DOCK_SECRET'], timeLimitMs: 20_000 }, {}, secret)
  t.equal(shown, '[secret]\n')
})
