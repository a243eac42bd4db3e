export const mountTable = '/proc/self/mountinfo'

/** One line of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export interface Mount {
  readonly id: number
  /** `major:minor` of what is mounted. */
  readonly device: string
  readonly mountPoint: string
  /** `vfat`, `exfat`, `fuseblk`, `fuse.exfat`. */
  readonly fileSystem: string
  /** What was mounted: `/dev/sdb1`. */
  readonly source: string
  /** Where the system says it by itself: it is a card or stick. */
  readonly isRemovable?: boolean
  /** Where the system says them by itself. */
  readonly identity?: { readonly uuid: string | null; readonly label: string | null }
}

/**
 * Reads a mount table. What stands over another mount at the same place hides it and is the one that counts. A line that
 * cannot be read is left out: it is none of ours.
 *
 *     36 35 8:17 / /media/card rw,relatime shared:1 - vfat /dev/sdb1 rw,utf8
 */
export function parseMountTable(text: string): readonly Mount[] {
  const mounts = new Map<string, Mount>()
  for (const line of text.split('\n')) {
    const [before, after] = line.split(' - ')
    const [id, , device, , mountPoint] = before!.split(' ')
    const [fileSystem, source] = after?.split(' ') ?? []
    if (!mountPoint || !fileSystem || source === undefined) continue
    const place = unescaped(mountPoint)
    mounts.set(place, { id: Number(id), device: device!, mountPoint: place, fileSystem, source: unescaped(source) })
  }
  return [...mounts.values()]
}

/** Blank, tab, newline and backslash stand as `\040`; the text is Latin-1 of the raw bytes. */
function unescaped(field: string): string {
  const raw = field.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
  return Buffer.from(raw, 'latin1').toString('utf8')
}
