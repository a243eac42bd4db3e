import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DockedFile } from '../../../deploy/local/demo/dock-client.ts'
import { type Screen, screenAt } from '../../../deploy/local/demo/screen.ts'
import type { Plays, ShiftDevice } from '../../../deploy/local/demo/shift.ts'
import { startDemoStation } from '../../../deploy/local/demo/station.ts'
import { type Docked, emptyWall, makeDemoWall } from '../../../deploy/local/demo/wall.ts'
import { buildIngest } from '../../../services/ingest/app.ts'
import { startIngest } from '../../../services/ingest/start.ts'
import { footage, type IngestWorld, openIngestWorld, testSettings } from '../../support/ingest.ts'
import type { Teardown } from '../../support/stack.ts'
import { type Bureau, openBureau } from '../access/bureau.ts'
import { makeWitness, witnessNow } from '../receipts/place.ts'
import { keepWorking } from './friday-workers.ts'
import { openFront } from './front.ts'

export interface FridayPlace {
  readonly bureau: Bureau
  readonly screen: Screen
  readonly spoolFolder: string
  /** A device with files of bytes of its own, each of so many. */
  device(serial: string, plays: Plays | null, sizes: readonly number[]): ShiftDevice
  plugIn(device: ShiftDevice, slot: number): Promise<Docked>
  /** Sets every clock of the bureau and of the station to `HH:MM` in Asia/Shanghai, so many days after that Friday. */
  at(time: string, daysLater?: number): void
  /** Waits while all clocks run a hundred times as fast, so that nothing rests: a minute or two of the day goes by. */
  later<T>(condition: () => Promise<T | null | undefined | false> | T | null | undefined | false): Promise<T>
  /** The witness' PC is switched on: from now on it signs what is new. */
  switchWitness(isOn: boolean): void
  /** Ends the station by SIGKILL and cuts every connection of the bureau where it stands; then all are started again. */
  powerCut(): Promise<void>
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const zoneMs = 8 * hourMs

/** @param morning what people do at 08:00, before the station is switched on */
export async function openFriday(t: Teardown, morning: (bureau: Bureau) => Promise<void>): Promise<FridayPlace> {
  const witness = makeWitness()
  const policy = `witness one ${witness.verifierKey}\nquorum one\n`
  const bureau = await openBureau(t, { movesClock: true, policy: () => policy })
  const { world } = bureau
  const folder = mkdtempSync(join(tmpdir(), 'dock-friday-'))
  const clockFile = join(folder, 'clock-offset')
  const tellClock = () => writeFileSync(clockFile, String(world.clock.now().getTime() - Date.now()))
  const friday = nextFriday(world.clock.now())
  world.clock.set(new Date(friday + 8 * hourMs))
  tellClock()

  await morning(bureau)
  const ingest = await openIngestWorld(t, {}, { world, sequencer: false })
  let target = ingest.origin
  const front = await openFront(t, () => target)
  const workers = await keepWorking(t, bureau)
  let isWitnessOn = true
  const witnessing = setInterval(() => {
    if (isWitnessOn) witnessNow({ archive: { world }, witness }).catch(() => undefined)
  }, 500)
  t.teardown(() => clearInterval(witnessing))

  const station = stationFolder(folder, ingest)
  const wall = await makeDemoWall(join(folder, 'wall'))
  const system = {
    ingest: front.origin,
    access: bureau.base,
    verifierKeys: bureau.log.verifierKeys,
    policyFile: join(folder, 'policy.txt'),
    recoveryRecipient: workers.recoveryRecipient,
    directory: folder,
  }
  writeFileSync(system.policyFile, policy)
  mkdirSync(join(folder, 'logs'))
  const environment = {
    CLOCK_OFFSET_FILE: clockFile,
    NODE_OPTIONS: `--import=${new URL('../../support/moved-clock.ts', import.meta.url).pathname}`,
  }
  const started = await startDemoStation(system, station, wall, { detached: false, environment })
  t.teardown(async () => {
    await started.process.stop()
    await emptyWall(join(folder, 'wall'))
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  })
  return {
    bureau,
    screen: screenAt(started.screen),
    spoolFolder: join(station.folder, 'spool'),
    device: (serial, plays, sizes) => deviceOf(folder, { serial, plays, sizes }, world.clock.now()),
    plugIn: async (device, slot) => (await wall.plugIn([device], slot))[0]!,
    at(time, daysLater = 0) {
      const [hours, minutes] = time.split(':').map(Number)
      world.clock.set(new Date(friday + daysLater * dayMs + hours! * hourMs + minutes! * 60_000))
      tellClock()
    },
    async later(condition) {
      const found = await world.until(async () => {
        const value = await condition()
        if (value) return { value }
        world.clock.advance(2000)
        tellClock()
        return null
      })
      return found.value as never
    },
    switchWitness(isOn) {
      isWitnessOn = isOn
    },
    async powerCut() {
      await Promise.all([started.process.stop('at-once'), ingest.stop(), bureau.stopSequencer(), workers.stop()])
      bureau.startSequencer()
      workers.start()
      target = await restartIngest(t, ingest)
      await started.process.start()
    },
  }
}

/** Midnight in Asia/Shanghai of the first Friday that begins a day after `now`, or later. */
function nextFriday(now: Date): number {
  const day = Math.floor((now.getTime() + zoneMs) / dayMs) + 2
  // Day 1 of 1970 was a Friday.
  return (day + ((((1 - day) % 7) + 7) % 7)) * dayMs - zoneMs
}

function stationFolder(folder: string, { dock }: IngestWorld) {
  const own = join(folder, 'station')
  mkdirSync(own)
  const privateKeyPem = dock.key.export({ type: 'pkcs8', format: 'pem' }).toString()
  writeFileSync(join(own, 'signing.key'), privateKeyPem, { mode: 0o600 })
  writeFileSync(join(own, 'token'), `${dock.token}\n`, { mode: 0o600 })
  return { id: dock.id, token: dock.token, privateKeyPem, folder: own }
}

/** The bureau's ingest again, on a port of its own, for the same dock. Resolves to its address. */
async function restartIngest(t: Teardown, { dbFor, storesFor, clock, log }: IngestWorld): Promise<string> {
  const deps = startIngest({
    db: dbFor('ingest'),
    store: storesFor('ingest').primary,
    clock,
    log,
    settings: testSettings,
  })
  const server = await buildIngest(deps)
  await server.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    server.server.closeAllConnections()
    await server.close()
    await deps.close()
  })
  return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
}

let madeFiles = 0

/** Named as a recorder names them, one every ten minutes since an hour ago; the third has the number after the next. */
function deviceOf(
  folder: string,
  { serial, plays, sizes }: { serial: string; plays: Plays | null; sizes: readonly number[] },
  now: Date,
): ShiftDevice {
  const files = sizes.map((bytes, index): DockedFile => {
    const number = plays === 'gap' && index === 2 ? 4 : index + 1
    const deviceTime = new Date(now.getTime() - hourMs + index * 60_000)
    const local = new Date(deviceTime.getTime() + zoneMs).toISOString().replaceAll(/\D/g, '').slice(0, 14)
    const name = `${serial}_P00231_${local}_${String(number).padStart(4, '0')}.MP4`
    const path = join(folder, `file-${++madeFiles}`)
    writeFileSync(path, footage(bytes, `${serial} ${number} ${madeFiles}`))
    return { path, rawName: Buffer.from(name), serial, mark: false, deviceTime }
  })
  const holder = { role: 'officer', name: '张伟', account: 'officer', officerNumber: 'P00231' }
  return { serial, holder, files, plays, stays: [] }
}
