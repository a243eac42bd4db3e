import { open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault } from '../../foundation/errors.ts'

/** Size and root of the last tree this log signed, kept outside the database. */
export interface Head {
  readonly size: number
  readonly root: Buffer
}

/**
 * The second place: a file on the sequencer's own disk, written durably before a signature leaves the process. With it
 * a database that was put back to an earlier state cannot make the log sign two histories.
 */
export interface HeadFile {
  read(): Promise<Head | null>
  /** Moves the head forward; the same head again is fine. @throws log_forked for a smaller or a different tree. */
  advance(next: Head): Promise<void>
}

/** The head in the file at `path` for the log `origin`. */
export function openHeadFile(path: string, origin: string): HeadFile {
  async function read(): Promise<Head | null> {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    return text === null ? null : parseHead(text, path, origin)
  }

  async function advance(next: Head): Promise<void> {
    const last = await read()
    if (last) {
      const same = last.size === next.size && last.root.equals(next.root)
      if (same) return
      if (next.size <= last.size) {
        throw new Fault(
          'log_forked',
          `this log has signed size ${last.size} with root ${last.root.toString('hex')}; it never signs size ${next.size} with root ${next.root.toString('hex')}`,
        )
      }
    }
    await writeDurably(path, `${JSON.stringify({ origin, size: next.size, root: next.root.toString('hex') })}\n`)
  }

  return { read, advance }
}

function parseHead(text: string, path: string, origin: string): Head {
  const value = parseJson(text)
  if (value === null) {
    throw new Fault('bad_config', `the ledger head in ${path} is damaged: see "ledger head" in deploy/RUNBOOK.md`)
  }
  if (value.origin !== origin) {
    throw new Fault(
      'bad_config',
      `the ledger head in ${path} belongs to the log ${String(value.origin)}, not to ${origin}`,
    )
  }
  if (!Number.isSafeInteger(value.size) || typeof value.root !== 'string' || !/^[0-9a-f]{64}$/.test(value.root)) {
    throw new Fault('bad_config', `the ledger head in ${path} is damaged: see "ledger head" in deploy/RUNBOOK.md`)
  }
  return { size: value.size as number, root: Buffer.from(value.root, 'hex') }
}

function parseJson(text: string): { origin?: unknown; size?: unknown; root?: unknown } | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : null
  } catch {
    // Empty or cut, as after a disk that lied: no restart mends it.
    return null
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  const folder = await open(join(dirname(path), '.'), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
