import { constants } from 'node:fs'
import { access, mkdtemp, open, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { mayOthersRead } from '../../foundation/platform.ts'
import type { Finding, Surroundings } from './finding.ts'
import { textAt } from './read-tree.ts'

export type StationCode =
  | 'spool_missing'
  | 'spool_not_writable'
  | 'spool_small'
  | 'spool_in_memory'
  | 'key_missing'
  | 'key_open_to_others'
  | 'key_not_sealed'
  | 'clock_not_synchronized'
  | 'clock_unknown'
  | 'file_system_missing'
  | 'printer_missing'
  | 'printer_stopped'
  | 'station_well'

export interface StationFiles {
  readonly spoolDirectory: string
  /** The plain key; null where the TPM gives it to the service alone. */
  readonly signingKeyFile: string | null
  /** Name of the printer, `default`, or null where nothing is printed. */
  readonly printer: string | null
}

/** A shift of 46 recorders gives some 150 GB: less than that on the spool does not outlast one shift without a server. */
const spoolBytesMin = 160e9
/** Types of file systems that vanish with the power (statfs(2)). */
const memoryFileSystems: readonly number[] = [0x01021994, 0x858458f6]

/** The station itself: spool, key, clock, drivers of file systems, printer. */
export async function examineStation(surroundings: Surroundings, files: StationFiles): Promise<Finding<StationCode>[]> {
  const found = [
    ...(await examineSpool(files.spoolDirectory)),
    ...(await examineKey(surroundings, files)),
    ...(await examineClock(surroundings)),
    ...(await examineFileSystems(surroundings)),
    ...(await examinePrinter(surroundings, files.printer)),
  ]
  return found.length > 0 ? found : [{ code: 'station_well', grade: 'well', values: {} }]
}

async function examineSpool(folder: string): Promise<Finding<StationCode>[]> {
  const isThere = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
  if (!isThere) return [{ code: 'spool_missing', grade: 'fault', values: { folder } }]
  const failure = await tryWriting(folder)
  if (failure !== null) return [{ code: 'spool_not_writable', grade: 'fault', values: { folder, why: failure } }]
  const { type, blocks, bsize } = await statfs(folder)
  const found: Finding<StationCode>[] = []
  if (memoryFileSystems.includes(type)) found.push({ code: 'spool_in_memory', grade: 'fault', values: { folder } })
  const bytes = blocks * bsize
  if (bytes < spoolBytesMin) {
    const values = { folder, gigabytes: Math.round(bytes / 1e9), wanted: spoolBytesMin / 1e9 }
    found.push({ code: 'spool_small', grade: 'warning', values })
  }
  return found
}

/** Writes and syncs a file as the spool does; the reason why that fails, or null. */
async function tryWriting(folder: string): Promise<string | null> {
  try {
    await access(folder, constants.W_OK)
    const place = await mkdtemp(join(folder, 'doctor-'))
    try {
      const file = await open(join(place, 'probe'), 'wx', 0o600)
      await file.writeFile('a few bytes that are written out at once')
      await file.sync()
      await file.close()
    } finally {
      await rm(place, { recursive: true })
    }
    return null
  } catch (error) {
    return (error as Error).message
  }
}

async function examineKey(
  { root }: Surroundings,
  { signingKeyFile: file }: StationFiles,
): Promise<Finding<StationCode>[]> {
  if (file === null) return []
  const entry = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (entry === null) return [{ code: 'key_missing', grade: 'fault', values: { file } }]
  if (mayOthersRead(entry.mode, process.platform)) {
    const mode = (entry.mode & 0o777).toString(8)
    return [{ code: 'key_open_to_others', grade: 'fault', values: { file, mode } }]
  }
  const hasTpm = (await textAt(join(root, 'sys/class/tpm/tpm0/tpm_version_major'))) === '2'
  return hasTpm ? [{ code: 'key_not_sealed', grade: 'warning', values: { file } }] : []
}

async function examineClock({ run }: Surroundings): Promise<Finding<StationCode>[]> {
  const answer = await run(['timedatectl', 'show', '--property=NTPSynchronized', '--value'])
  if (answer === null || answer.status !== 0) return [{ code: 'clock_unknown', grade: 'unknown', values: {} }]
  return answer.out.trim() === 'yes' ? [] : [{ code: 'clock_not_synchronized', grade: 'warning', values: {} }]
}

/** Recorders come with FAT32 or exFAT, by the kernel or by a FUSE program. */
async function examineFileSystems({ root, run }: Surroundings): Promise<Finding<StationCode>[]> {
  const supported = ((await textAt(join(root, 'proc/filesystems'))) ?? '')
    .split('\n')
    .map((line) => line.split('\t').at(-1))
  const found: Finding<StationCode>[] = []
  for (const { type, program } of [
    { type: 'vfat', program: 'fusefat' },
    { type: 'exfat', program: 'mount.exfat-fuse' },
  ]) {
    if (supported.includes(type)) continue
    const module = await run(['modinfo', '--field', 'name', type])
    if (module?.status === 0) continue
    const fuse = supported.includes('fuse') ? await run(['which', program]) : null
    if (fuse?.status !== 0) found.push({ code: 'file_system_missing', grade: 'fault', values: { type } })
  }
  return found
}

async function examinePrinter({ run }: Surroundings, printer: string | null): Promise<Finding<StationCode>[]> {
  if (printer === null) return []
  const answer = await run(['lpstat', '-p', ...(printer === 'default' ? [] : [printer])])
  if (answer === null || answer.status !== 0 || answer.out.trim() === '') {
    return [{ code: 'printer_missing', grade: 'warning', values: { printer } }]
  }
  return /disabled/.test(answer.out) ? [{ code: 'printer_stopped', grade: 'warning', values: { printer } }] : []
}
