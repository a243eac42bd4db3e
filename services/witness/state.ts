import { mkdir, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../foundation/errors.ts'
import { sha256 } from '../foundation/hash.ts'
import { createDurably } from './durable.ts'

/** The last checkpoint of a log that this witness cosigned. */
export interface LogState {
  readonly size: number
  readonly root: Buffer
  /** The checkpoint with the log's and our signatures; null before the first. */
  readonly note: string | null
  readonly cosignedAt: Date | null
}

/** A state as it was read: `version` says which one, so that it is replaced only while it is still the last. */
export interface ReadState extends LogState {
  readonly version: number
}

const versionsKept = 3

/** "The origin hash is the SHA-256 hash of the log's origin, hex encoded, in lowercase." */
export function logId(origin: string): string {
  return sha256(origin).toString('hex')
}

/** Begins the state of a log that was never cosigned. One that is there stays as it is. */
export async function beginState(folder: string, origin: string, emptyRoot: Buffer): Promise<void> {
  await mkdir(folderOf(folder, origin), { recursive: true, mode: 0o700 })
  if ((await versionsOf(folder, origin)).length > 0) return
  await createDurably(pathOf(folder, origin, 0), stateText(origin, emptyState(emptyRoot)))
}

/**
 * The last state of a log. It is never guessed: without it this witness could be led to cosign a second history.
 *
 * @throws bad_config when it is gone or damaged
 */
export async function readState(folder: string, origin: string): Promise<ReadState> {
  for (let attempt = 0; ; attempt += 1) {
    const version = (await versionsOf(folder, origin)).at(-1)
    if (version === undefined) throw lost(folderOf(folder, origin), 'is gone')
    const text = await readFile(pathOf(folder, origin, version), 'utf8').catch((error: NodeJS.ErrnoException) => {
      // Another process has written newer ones and cleaned up between our two looks.
      if (error.code === 'ENOENT' && attempt < 10) return null
      throw error
    })
    if (text !== null) return { ...parseState(text, pathOf(folder, origin, version), origin), version }
  }
}

/**
 * Puts `next` in the place of `last`, on the disk when this resolves. False, and nothing changed, when another request or
 * another process has replaced `last` already: "checking the old size against the latest checkpoint and persisting the new
 * checkpoint must be performed atomically". Each version is a file of its own that only one can create, so there is no lock
 * that a killed process could leave behind.
 */
export async function replaceState(folder: string, origin: string, last: ReadState, next: LogState): Promise<boolean> {
  const version = last.version + 1
  if (!(await createDurably(pathOf(folder, origin, version), stateText(origin, next)))) return false
  const versions = await versionsOf(folder, origin)
  // A process that slept while others went on and cleaned up could make an old number anew: it is not the last, so it counts for nothing.
  if (versions.at(-1) !== version) return false
  for (const old of versions.slice(0, -versionsKept)) {
    await unlink(pathOf(folder, origin, old)).catch(() => undefined)
  }
  return true
}

async function versionsOf(folder: string, origin: string): Promise<number[]> {
  const names = await readdir(folderOf(folder, origin)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names
    .flatMap((name) => /^(\d{1,15})\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other)
}

function folderOf(folder: string, origin: string): string {
  return join(folder, 'logs', logId(origin))
}

function pathOf(folder: string, origin: string, version: number): string {
  return join(folderOf(folder, origin), `${version}.json`)
}

function emptyState(root: Buffer): LogState {
  return { size: 0, root, note: null, cosignedAt: null }
}

function stateText(origin: string, state: LogState): string {
  const { size, root, note, cosignedAt } = state
  const value = { origin, size, root: root.toString('hex'), note, cosignedAt: cosignedAt?.toISOString() ?? null }
  return `${JSON.stringify(value)}\n`
}

function parseState(text: string, path: string, origin: string): LogState {
  try {
    const value = JSON.parse(text) as { origin: string; size: number; root: string; note: string; cosignedAt: string }
    const isSound = value.origin === origin && Number.isSafeInteger(value.size) && /^[0-9a-f]{64}$/.test(value.root)
    if (!isSound) throw lost(path, 'is damaged')
    return {
      size: value.size,
      root: Buffer.from(value.root, 'hex'),
      note: value.note,
      cosignedAt: value.cosignedAt === null ? null : new Date(value.cosignedAt),
    }
  } catch (cause) {
    throw lost(path, 'is damaged', cause)
  }
}

function lost(path: string, what: string, cause?: unknown): Fault {
  const message = `what this witness cosigned last, ${path}, ${what}: nothing is cosigned until it is put back from a backup; see "The legal office's witness" in deploy/RUNBOOK.md`
  return new Fault('bad_config', message, { cause })
}
