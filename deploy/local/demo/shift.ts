// What the 57 devices of the bureau hold when their shift ends, and what happens to each of them at the dock.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeShortClips } from '../footage/short-clips.ts'
import { generateFootage, requireFont } from '../footage.ts'
import { allAccounts, allDevices, type DemoAccount, type DemoDevice } from './bureau.ts'
import type { DockedFile } from './dock-client.ts'
import type { Advance } from './progress.ts'

/** What happens to a device besides being docked. */
export type Plays = 'cut_cable' | 'bad_file' | 'gap' | 'emergency' | 'not_cleared' | 'never_handed_in'

export interface ShiftDevice {
  readonly serial: string
  readonly holder: DemoAccount
  /** In the order of its list; none of a device that nobody hands in. */
  readonly files: readonly DockedFile[]
  readonly plays: Plays | null
  /** What has no right to be cleared when all is over, and why. */
  readonly stays: readonly { readonly file: DockedFile; readonly why: string }[]
}

/** The first four are recorders, so that each names itself. */
const plays: Readonly<Record<string, Plays>> = {
  ZJ00003: 'gap',
  ZJ00004: 'cut_cable',
  ZJ00005: 'bad_file',
  ZJ00006: 'emergency',
  ZJ00046: 'never_handed_in',
  SX00008: 'not_cleared',
}
/** Read slowly, it takes long enough for a hand at the cable. */
const longBytes = 24_000_000
/** So large that a part of it can be out of order. */
const badBytes = 600_000
const everyMs = 60_000

interface Planned {
  readonly number: number
  readonly bytesMin?: number
  readonly mark?: boolean
}

/**
 * Makes what all devices of the bureau hold, in `folder`: real films of every kind on some, of which the demo's story is told, and
 * short ones on the others.
 *
 * @param advance told how many per cent are made
 */
export async function makeShift(
  folder: string,
  advance: Advance,
): Promise<{ devices: ShiftDevice[]; files: readonly DockedFile[] }> {
  const realPart = 80
  const made = await generateFootage(folder, { onProgress: (share) => advance(share * realPart) })
  const files = made.map((file): DockedFile => ({ ...file, serial: file.deviceSerial }))
  const devices = await planShift({ devices: allDevices, accounts: allAccounts }, files, {
    folder: join(folder, 'short'),
    begun: new Date(Math.floor((Date.now() - 3_600_000) / 60_000) * 60_000),
    onMade: (share) => advance(realPart + share * (100 - realPart)),
  })
  return { devices, files }
}

/**
 * The devices in the order of the register. Those that `real` has footage of hold it; each of the others holds a second of film
 * of its own, made in `folder`.
 *
 * @param begun when the first recording of each began
 */
async function planShift(
  bureau: { devices: readonly DemoDevice[]; accounts: readonly DemoAccount[] },
  real: readonly DockedFile[],
  made: { folder: string; begun: Date; onMade: (share: number) => void },
): Promise<ShiftDevice[]> {
  const realOf = Map.groupBy(real, ({ serial }) => serial)
  const shift = bureau.devices.map((device): ShiftDevice => {
    const holder = bureau.accounts.find(({ account }) => account === device.holder)!
    const play = plays[device.serial] ?? null
    const files =
      realOf.get(device.serial) ?? plannedOf(play).map((one, index) => fileOf(device, holder, { ...one, index }, made))
    return { serial: device.serial, holder, files, plays: play, stays: staysOf(play, files) }
  })
  await mkdir(made.folder, { recursive: true })
  const clips = shift
    .filter(({ serial }) => !realOf.has(serial))
    .flatMap(({ serial, plays: play, files }) =>
      files.map(({ path }, index) => ({ path, words: `${serial} ${index + 1}`, ...plannedOf(play)[index] })),
    )
  await makeShortClips(clips, requireFont(), (count) => made.onMade(count / clips.length))
  return shift
}

function plannedOf(play: Plays | null): readonly Planned[] {
  if (play === 'never_handed_in') return []
  if (play === 'gap') return [{ number: 1 }, { number: 2 }, { number: 4 }]
  if (play === 'cut_cable') return [{ number: 1, bytesMin: longBytes }]
  if (play === 'bad_file') return [{ number: 1 }, { number: 2, bytesMin: badBytes }]
  if (play === 'emergency')
    return [
      { number: 1, mark: true },
      { number: 2, bytesMin: longBytes },
    ]
  return [{ number: 1 }]
}

function staysOf(play: Plays | null, files: readonly DockedFile[]): ShiftDevice['stays'] {
  const why: Readonly<Partial<Record<Plays, string>>> = {
    bad_file: 'bad sectors: it could not be read, twice',
    emergency: 'taken along in an emergency: the rest goes on when it is docked again',
    not_cleared: 'cards of cameras are cleared when somebody says so, and nobody did',
  }
  if (play === null || why[play] === undefined) return []
  const staying = play === 'bad_file' ? files.slice(-1) : files
  return staying.map((file) => ({ file, why: why[play]! }))
}

/** The file as this device would name it. */
function fileOf(
  { serial, kind }: DemoDevice,
  { officerNumber }: DemoAccount,
  { number, mark = false, index }: Planned & { index: number },
  { folder, begun }: { folder: string; begun: Date },
): DockedFile {
  // Each begins when the one before has ended: only what is meant to be a gap is one.
  const deviceTime = new Date(begun.getTime() + index * everyMs)
  const local = new Date(deviceTime.getTime() + 8 * 3_600_000).toISOString().replaceAll(/\D/g, '').slice(0, 14)
  const running = String(number).padStart(4, '0')
  const names: Readonly<Record<DemoDevice['kind'], string>> = {
    recorder: `${serial}_${officerNumber}_${local}_${running}${mark ? '_IMP' : ''}.MP4`,
    camera: `MVI_${running}.MOV`,
    audio_pen: `REC_${running}.M4A`,
    drone: `DJI_${local}_${running}_V.MP4`,
  }
  const name = names[kind]
  return { path: join(folder, `${serial}_${name}`), rawName: Buffer.from(name), serial, mark, deviceTime }
}
