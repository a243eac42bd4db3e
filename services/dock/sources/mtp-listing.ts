import { VolumeDamaged } from './source.ts'
import type { FoundFile } from './walk.ts'

/** A device that gphoto2 has found. */
export interface MtpPort {
  readonly model: string
  /** `usb:001,005`: another one each time that it is plugged in. */
  readonly port: string
}

/**
 * Reads what `gphoto2 --auto-detect` prints: a head, a line of dashes, then a device a line.
 *
 *     Canon EOS 90D                  usb:001,005
 *
 * Only what is on a cable counts. Each mounted file system with a folder DCIM stands there too, as a `Mass Storage Camera` at
 * `disk:/…`: a card or a recorder that another source takes in already.
 */
export function readPorts(text: string): readonly MtpPort[] {
  const lines = text.split('\n')
  const dashes = lines.findIndex((line) => /^-{10,}\s*$/.test(line))
  return lines.slice(dashes + 1).flatMap((line) => {
    const { model, port } = /^(?<model>.*?\S)\s{2,}(?<port>usb:\S*)\s*$/.exec(line)?.groups ?? {}
    return dashes < 0 || !model || !port ? [] : [{ model, port }]
  })
}

/** What `--summary` says of a device's own serial; null where it says none. */
export function readSerial(text: string): string | null {
  const serial = /^\s*Serial Number:\s*([!-~]{1,64})\s*$/m.exec(text)?.[1] ?? null
  return serial === null || /^0*$/.test(serial) ? null : serial
}

/** The sums over all stores that `--storage-info` names, in bytes. */
export function readSpace(text: string): { readonly sizeBytes: number; readonly freeBytes: number } {
  const sum = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}=(\\d{1,13}) KB$`, 'gm'))].reduce(
      (all, one) => all + Number(one[1]) * 1024,
      0,
    )
  return { sizeBytes: sum('totalcapacity'), freeBytes: sum('free') }
}

const fileLine = /^FILENAME='\/(.*)'(?: PERMS=\S+)? +FILESIZE= *(\d{1,15})(?: .*?)?(?: FILEMTIME=(\d{1,12}))? *$/

/**
 * Reads what `gphoto2 --parsable --list-files` prints, a file a line, names as the device has them. Paths are without the
 * slash at their beginning, in their order.
 *
 *     FILENAME='/store_00010001/DCIM/100/IMG_0001.JPG' PERMS=rd FILESIZE=     4711 FILETYPE=image/jpeg FILEMTIME=1795894988
 *
 * @throws VolumeDamaged for a line that cannot be understood, for a name that stands in it more than once, and for too many files
 */
export function readListing(printed: Buffer, filesMax: number): readonly FoundFile[] {
  const files: FoundFile[] = []
  const seen = new Set<string>()
  for (const line of printed.toString('latin1').split('\n')) {
    if (line === '') continue
    const [, text, bytes, seconds] = fileLine.exec(line) ?? []
    if (text === undefined) throw new VolumeDamaged(`its listing cannot be understood: ${line.slice(0, 200)}`)
    // Of two files with one name only one can ever be asked for.
    if (seen.size === seen.add(text).size) throw new VolumeDamaged('a folder names a file twice')
    if (seen.size > filesMax) throw new VolumeDamaged(`more than ${filesMax} files`)
    const path = Buffer.from(text, 'latin1')
    const name = path.subarray(path.lastIndexOf(0x2f) + 1)
    // No clock stands at 0: the device says no time then.
    const modifiedMs = seconds === undefined || Number(seconds) === 0 ? null : Number(seconds) * 1000
    files.push({ path, name, bytes: Number(bytes), modifiedMs: modifiedMs ?? 0 })
  }
  return files.sort((a, b) => Buffer.compare(a.path, b.path))
}

/** The path below a store of the device (`store_00010001`): what a profile knows. */
export function belowStore(path: Buffer): Buffer {
  const store = /^store_[0-9a-f]{8}\//.exec(path.toString('latin1'))
  return store ? path.subarray(store[0].length) : path
}
