import { hash } from 'node:crypto'
import { checkSpelling, malformed } from '../format/strict.ts'
import { parseTilePath, type Tile, tilePath } from '../format/tiles.ts'

/** Names of the ledger's objects in the bucket of originals: `ledger/<logId>/…`. */
export interface ArchiveNames {
  /** Lower-case hex SHA-256 of the origin. */
  readonly logId: string
  /** `ledger/<logId>/` */
  readonly prefix: string
  /** The tile's path of c2sp.org/tlog-tiles below the prefix. */
  tile(tile: Tile): string
  /** A signed note over the tree of `size` leaves. */
  checkpoint(size: number): string
  /** Events of the leaves `first` .. `first + count - 1`, encrypted. */
  events(first: number, count: number): string
  /** Beginning of the name of every batch that starts with leaf `first`. */
  eventsFrom(first: number): string
  /** The keys of those events, encrypted to the recovery key. */
  keys(first: number, count: number): string
}

export function archiveNames(origin: string): ArchiveNames {
  const logId = hash('sha256', origin)
  const prefix = `ledger/${logId}/`
  return {
    logId,
    prefix,
    tile: (tile) => `${prefix}${tilePath(tile)}`,
    checkpoint: (size) => `${prefix}checkpoint/${digits(size)}`,
    events: (first, count) => `${prefix}events/${digits(first)}-${count}`,
    eventsFrom: (first) => `${prefix}events/${digits(first)}-`,
    keys: (first, count) => `${prefix}keys/${digits(first)}-${count}.age`,
  }
}

/** What an object below `ledger/<logId>/` is, by its name. */
export type ArchiveObject =
  | { readonly kind: 'tile'; readonly tile: Tile }
  | { readonly kind: 'checkpoint'; readonly size: number }
  | { readonly kind: 'events' | 'keys'; readonly first: number; readonly count: number }

/** Reads what `archiveNames` writes, and nothing else. @throws malformed */
export function parseArchiveName(names: ArchiveNames, key: string): ArchiveObject {
  const path = key.slice(names.prefix.length)
  if (!key.startsWith(names.prefix)) throw malformed(`${key} is not of this ledger`)
  if (path.startsWith('tile/')) return { kind: 'tile', tile: parseTilePath(path) }
  const parts = /^(checkpoint|events|keys)\/(\d{16})(?:-(\d{1,9}))?(?:\.age)?$/.exec(path)
  if (parts === null) throw malformed(`${key} is not a name of the ledger's archive`)
  const [, kind, number, count] = parts as unknown as [string, string, string, string | undefined]
  const first = Number(number)
  if (kind === 'checkpoint') {
    checkSpelling(names.checkpoint(first), key, 'the name of the checkpoint')
    return { kind, size: first }
  }
  const written = kind === 'events' ? names.events(first, Number(count)) : names.keys(first, Number(count))
  checkSpelling(written, key, 'the name of the batch')
  return { kind: kind as 'events' | 'keys', first, count: Number(count) }
}

/** So wide that the order of names is the order of numbers. */
function digits(number: number): string {
  return String(number).padStart(16, '0')
}
