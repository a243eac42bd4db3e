import { mkdtemp, open, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../foundation/log.ts'
import { decodeName } from '../../foundation/name-decoding.ts'
import { chooseProfile } from '../profiles/choose-profile.ts'
import type { Profile } from '../profiles/profile.ts'
import { counterOf, isListed } from '../profiles/seen-name.ts'
import type { DeviceTalk } from './device-talk.ts'
import { seenFile } from './look.ts'
import { belowStore, type MtpPort, readListing, readSerial, readSpace } from './mtp-listing.ts'
import { runProgram } from './mtp-program.ts'
import type { MtpSettings } from './settings.ts'
import { ReadFailed, type SeenFile, type Volume, VolumeGone } from './source.ts'
import { type FoundFile, walkLimits } from './walk.ts'

const pieceBytes = 1024 * 1024

export interface MtpVolumeDeps {
  readonly settings: MtpSettings
  readonly profiles: readonly Profile[]
  readonly log: Logger
  readonly talk: DeviceTalk['talk']
  /** For so long a file stays on the station that was only begun to be read. */
  readonly keptMs: number
  /** Whether the device is still found at its port. */
  readonly isThere: (port: MtpPort) => Promise<boolean>
}

/**
 * A device that speaks PTP or MTP as a volume: read, never changed.
 *
 * @throws VolumeGone, ReadFailed
 */
export async function mtpVolume(deps: MtpVolumeDeps, port: MtpPort, id: string): Promise<Volume> {
  const { settings, profiles, talk } = deps
  const ask = (args: readonly string[]) =>
    talk(() => asked(deps, port, () => runProgram(question(settings, port, args))))
  const summary = await ask(['--summary']).catch(unlessGone)
  const space = await ask(['--storage-info']).catch(unlessGone)
  const listing = async () => readListing(await ask(['--parsable', '--list-files']), walkLimits.files)
  const files = await listing()
  const profile = await profileOf(profiles, files)
  const serial = summary === null ? null : readSerial(summary.toString('utf8'))
  const kept = keptFile(deps, port)
  return {
    id,
    slot: null,
    uuid: serial === null ? null : `mtp-${serial}`,
    origin: { kind: 'mtp', from: port.model },
    facts: { serial, officerNumber: null, officerName: null, batteryPercent: null, clockOffsetMs: null },
    profile: profile?.name ?? null,
    runningMax: profile?.runningMax ?? null,
    counterOf: (path) => counterOf(profile, path),
    ...readSpace(space?.toString('latin1') ?? ''),
    list: async () => footageOf(profile, await listing()),
    read: kept.read,
    remove: null,
    release: kept.forget,
  }
}

function question(
  { program, workFolder, timeLimitMs }: MtpSettings,
  { port, model }: MtpPort,
  args: readonly string[],
) {
  const argv = [...program, '--quiet', '--port', port, '--camera', model, ...args]
  return { argv, folder: workFolder, timeLimitMs }
}

/** What the device's absence explains is no failure to read. */
async function asked<T>({ isThere }: MtpVolumeDeps, port: MtpPort, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof ReadFailed) || (await isThere(port))) throw error
    throw new VolumeGone(`${port.model} at ${port.port} is gone`, { cause: error })
  }
}

/** Not every device can say what it is, or how full. */
function unlessGone(error: unknown): null {
  if (error instanceof ReadFailed) return null
  throw error
}

async function profileOf(profiles: readonly Profile[], files: readonly FoundFile[]): Promise<Profile | null> {
  const paths = files.map(({ path }) => belowStore(path))
  const names = paths.map((path) => decodeName(path).toLowerCase())
  return chooseProfile(profiles, {
    label: null,
    has: async (path, what) => {
      const wanted = path.toLowerCase()
      return names.some((name) => (what === 'folder' ? name.startsWith(`${wanted}/`) : name === wanted))
    },
    samples: async () => paths.slice(0, 50),
  })
}

function footageOf(profile: Profile | null, files: readonly FoundFile[]): SeenFile[] {
  return files.flatMap((file) => {
    const below = belowStore(file.path)
    if (!isListed(profile, below)) return []
    const modifiedMs = file.modifiedMs === 0 ? null : file.modifiedMs
    return [{ ...seenFile(profile, { ...file, path: below }), path: file.path, modifiedMs }]
  })
}

/**
 * Reads files by fetching each as a whole into the work folder: gphoto2 gives no part of one. A file that was only begun to be
 * read stays there for `keptMs`, so that it is fetched once. It lies there in the clear: nothing stays when its reading is given
 * up.
 */
function keptFile(deps: MtpVolumeDeps, port: MtpPort) {
  let kept: { readonly file: SeenFile; readonly folder: string } | null = null
  let timer: NodeJS.Timeout | undefined
  const forget = async () => {
    clearTimeout(timer)
    const { folder } = kept ?? {}
    kept = null
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
  const forgetBehind = () => {
    forget().catch((error: unknown) => deps.log.error({ error, port }, 'a fetched file could not be removed'))
  }
  async function* read(file: SeenFile, from: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    clearTimeout(timer)
    if (kept && !isSame(kept.file, file)) await forget()
    kept ??= { file, folder: await fetchFile(deps, port, file, signal) }
    signal.addEventListener('abort', forgetBehind, { once: true })
    const handle = await open(join(kept.folder, wholeName), 'r')
    let at = from
    try {
      while (at < file.bytes) {
        signal.throwIfAborted()
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, at)
        if (bytesRead === 0) throw new ReadFailed(`it ends at ${at} of ${file.bytes} bytes`)
        at += bytesRead
        yield buffer.subarray(0, bytesRead)
      }
    } finally {
      await handle.close()
      // Read to its end, another reading is to be one of the device.
      if (at >= file.bytes || signal.aborted) await forget()
      else timer = setTimeout(forgetBehind, deps.keptMs).unref()
    }
  }
  return { read, forget }
}

function isSame(one: SeenFile, other: SeenFile): boolean {
  return one.path.equals(other.path) && one.bytes === other.bytes && one.modifiedMs === other.modifiedMs
}

const wholeName = 'whole'
/** What the names of all folders begin with into which files are fetched. */
export const fetchedPrefix = 'fetched-'

/** @returns a folder with the file, of the length that the listing said. @throws ReadFailed, VolumeGone */
async function fetchFile(deps: MtpVolumeDeps, port: MtpPort, file: SeenFile, signal: AbortSignal): Promise<string> {
  const { settings } = deps
  const what = `reading ${file.path.toString('latin1')}`
  // gphoto2 takes a name without a dot for the number of a file.
  if (!file.name.includes(0x2e)) throw new ReadFailed(`${what}: gphoto2 cannot ask for a name without a dot`)
  const { bavail, bsize } = await statfs(settings.workFolder)
  if (bavail * bsize < file.bytes) throw new ReadFailed(`${what}: no room for it in ${settings.workFolder}`)
  const folder = await mkdtemp(join(settings.workFolder, fetchedPrefix))
  try {
    const above = file.path.subarray(0, Math.max(0, file.path.lastIndexOf(0x2f)))
    const rawArguments = [
      Buffer.concat([Buffer.from('--folder=/'), above]),
      Buffer.concat([Buffer.from('--get-file='), file.name]),
    ]
    const timeLimitMs = settings.timeLimitMs + Math.ceil((file.bytes / settings.bytesPerSecondMin) * 1000)
    const run = { ...question(settings, port, [`--filename=${wholeName}`]), rawArguments, folder, timeLimitMs, signal }
    await deps.talk(() => asked(deps, port, () => runProgram(run)))
    const { size } = await stat(join(folder, wholeName)).catch(() => ({ size: -1 }))
    if (size !== file.bytes) throw new ReadFailed(`${what}: ${size} bytes came of ${file.bytes}`)
    return folder
  } catch (error) {
    await rm(folder, { recursive: true })
    throw error
  }
}
