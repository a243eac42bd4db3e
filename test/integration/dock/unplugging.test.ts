import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { shiftFiles } from '../../../deploy/local/devices/footage-files.ts'
import { makeVolume, makeWall, type SimulatedVolume } from '../../../deploy/local/devices/make-volume.ts'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { massStorage } from '../../../services/dock/sources/mass-storage.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { wallSettings } from '../../support/devices/watch-source.ts'
import { inFull } from '../../support/in-full.ts'
import { hex } from '../../support/ingest.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { openReceiptPlace } from './cleared-place.ts'
import { keepSecuring } from './keep-securing.ts'
import { openStation } from './station.ts'

const pulls = inFull ? 200 : 10
const serials = inFull ? ['ZJ00001', 'ZJ00002', 'ZJ00003'] : ['ZJ00001', 'ZJ00002']
const filesEach = 3
/** More than one docking takes: some devices are pulled when everything is done. */
const stepsMax = 30
const ways = ['gone', 'lazy', 'dead'] as const
const seed = Number(process.env.UNPLUGGING_SEED ?? 20_261_128)

async function openWall(t: Test) {
  const opened = await openReceiptPlace(t, serials)
  const { ingest, archive } = opened.place
  const { clock, until } = archive.world
  const securing = keepSecuring(t, opened)
  const wall = await makeWall(await mkdtemp(join(tmpdir(), 'unplugging-')))
  const devices: SimulatedVolume[] = []
  t.teardown(async () => {
    for (const device of devices) await device.discard()
    await rm(wall.folder, { recursive: true })
  })
  const source = massStorage({
    settings: wallSettings(wall, 'system'),
    profiles: await readProfiles([ownProfiles]),
    log: openLog({ service: 'dock', level: 'silent' }),
  })
  let steps = 0
  const station = await openStation(t, {
    ...{ origin: opened.front.origin, token: ingest.dock.token, signingKey: ingest.dock.key, trust: opened.trust },
    sources: [source],
    now: () => clock.now().getTime(),
    onStep: () => {
      steps += 1
    },
  })
  await until(() => station.agent.model.state().server === 'online')
  return {
    ...opened,
    securing,
    until,
    model: station.agent.model,
    steps: () => steps,
    now: () => clock.now().getTime(),
    async make(options: Parameters<typeof makeVolume>[1]) {
      const device = await makeVolume(wall, options)
      devices.push(device)
      return device
    },
  }
}
type Wall = Awaited<ReturnType<typeof openWall>>

/** Plugs a device in and pulls it at the chosen step, or when nothing more happens. */
async function plugAndPull(wall: Wall, device: SimulatedVolume, slot: number, random: () => number): Promise<void> {
  const { model, until, now } = wall
  const [pluggedMs, stepsBefore] = [now(), wall.steps()]
  await device.plugIn(slot)
  const [after, how] = [Math.floor(random() * stepsMax), ways[Math.floor(random() * ways.length)]!]
  const isAtRest = () => {
    const { card, insertedAt } = model.slot(slot)
    const rests = ['ready', 'charging', 'copying', 'provisional', 'attention']
    return insertedAt !== null && insertedAt >= pluggedMs && rests.includes(card.word)
  }
  await until(() => wall.steps() - stepsBefore >= after || isAtRest())
  await new Promise((resolve) => setTimeout(resolve, random() * 30))
  await device.pull(how)
  // A driver that died leaves its mount behind: somebody takes the device away.
  if (how === 'dead') await device.pull('lazy')
  await until(() => ['taken', 'attention', 'empty', 'charging', 'ready'].includes(model.slot(slot).card.word))
}

/** One recorder: shift after shift it is docked and pulled, first while nothing may be cleared. Returns what it recorded. */
async function playRecorder(
  t: Test,
  wall: Wall,
  { serial, slot, count }: { serial: string; slot: number; count: number },
): Promise<Buffer[]> {
  const random = seededRandom(seed + slot)
  const { securing, until } = wall
  const recorded: Buffer[] = []
  for (let pulled = 0, shift = 0; pulled < count; shift++) {
    const begun = new Date(Date.UTC(2026, 10, 1 + shift, 6))
    const bytes = 100_000 + Math.floor(random() * 900_000)
    const files = shiftFiles('recorder-zfy', {
      ...{ serial, begun, bytes, count: filesEach, firstNumber: 1 + shift * filesEach },
      marked: [Math.floor(random() * filesEach)],
    })
    const footage = files.slice(0, filesEach).map((file) => file.bytes)
    recorded.push(...footage)
    for (const content of footage) securing.expect(content, { isAllowed: false })
    const device = await wall.make({ fs: 'fat32', files, label: serial })
    const unsecured = 1 + Math.floor(random() * 4)
    for (let times = 0; times < unsecured && pulled < count; times++, pulled++) {
      await plugAndPull(wall, device, slot, random)
      const held = await device.holds()
      if (held.length !== filesEach + 1) t.fail(`something was cleared that was not proven: ${held.join(' ')}`)
    }
    securing.allow(footage)
    for (; pulled < count && (await device.holds()).length > 1; pulled++) await plugAndPull(wall, device, slot, random)
    await device.plugIn(slot)
    await until(async () => (await device.holds()).length === 1)
    // What became of the last one is known, too.
    await until(() => {
      const { word, files } = wall.model.slot(slot).card
      return ['ready', 'charging'].includes(word) && files.cleared === files.total
    })
    await device.pull()
  }
  return recorded
}

t.test(
  `${pulls} times pulled out at any moment: every file arrives whole and once, nothing goes unproven`,
  async (t) => {
    const wall = await openWall(t)
    const { db } = wall.place.archive.world
    const each = (slot: number) => Math.ceil((pulls - slot + 1) / serials.length)
    const recorded = await Promise.all(
      serials.map((serial, index) => playRecorder(t, wall, { serial, slot: index + 1, count: each(index + 1) })),
    )
    const footage = recorded.flat()
    t.comment(`seed ${seed}: ${footage.length} files of ${footage.length / filesEach} shifts`)
    const uploads = await db.selectFrom('upload').select(['state', 'sha256', 'received_bytes']).execute()
    const sealed = uploads.filter(({ state }) => state === 'sealed').map(({ sha256 }) => sha256!.toString('hex'))
    t.same(sealed.sort(), footage.map(hex).sort(), 'each file is sealed, whole, and no file twice')
    // Pulled out while an upload is begun, the agent may not hear its id: such a one has no bytes, and expires.
    t.ok(
      uploads.every(
        ({ state, received_bytes }) => state === 'sealed' || (state === 'receiving' && received_bytes === 0),
      ),
    )
    const handIns = await db.selectFrom('hand_in').select('id').execute()
    t.equal(handIns.length, footage.length / filesEach, 'one list a shift, however often it was plugged in')
    const outcomes = () =>
      db.selectFrom('clearing_file').select(['clearing_id', 'number', 'outcome', 'basis']).execute()
    await wall.until(async () => (await outcomes()).every(({ outcome }) => outcome !== null))
    const cleared = (await outcomes()).filter(({ outcome }) => outcome === 'cleared')
    t.equal(cleared.length, footage.length, JSON.stringify(await outcomes()))
    t.same(new Set(cleared.map(({ basis }) => basis)), new Set(['witnessed']))
    t.same(wall.front.refused(), [], 'the bureau took all that was said')
  },
)
