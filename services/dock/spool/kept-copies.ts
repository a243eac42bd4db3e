import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption'
import { Fault, isFault } from '../../foundation/errors.ts'
import { syncFolder } from '../../foundation/platform.ts'

/** Nothing was dropped: there is no room for another file's bytes. */
export class SpoolFull extends Error {}

/**
 * Whole files on the spool's disk, encrypted for the station and for the bureau's recovery key (a dead station's disk can be
 * read by it). A copy has its name only once every byte of it is on the disk.
 */
export interface KeptCopies {
  /** Encrypts to the disk what `source` gives. @throws SpoolFull; what `source` throws: nothing is kept then */
  keep(name: string, bytes: number, source: AsyncIterable<Buffer>): Promise<void>
  /** The plain bytes from `from` on. */
  read(name: string, from: number): AsyncIterable<Buffer>
  remove(name: string): Promise<void>
  /** Whether it is there, whole. */
  has(name: string): boolean
  /** Looks into the folder: what is not there any more, or has another length, is not there for `has` either. */
  lookAgain(): Promise<void>
  /** `usedBytes` counts what is being written too. */
  usage(): Promise<{ usedBytes: number; sizeBytes: number }>
}

/** Of the copy of a list's file. `id`: of the list, ours. */
export const copyName = ({ id }: { readonly id: string }, { number }: { readonly number: number }) =>
  `${id}-${number}.age`

const megabyte = 1024 * 1024
/** age adds 16 bytes to each 64 KiB, and its header. */
const encryptedBytes = (bytes: number) => bytes + Math.ceil(bytes / 65_536 + 1) * 16 + 1024

/**
 * @param options.identity the station's own age identity (AGE-SECRET-KEY-1…)
 * @param options.recoveryRecipient the bureau's recovery key (age1…)
 * @param options.bytesMax how much of the disk may be used; the disk's own free space is a limit besides
 */
export async function openKeptCopies(options: {
  folder: string
  bytesMax: number
  identity: string
  recoveryRecipient: string
}): Promise<KeptCopies> {
  const { folder, bytesMax, identity } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await syncFolder(dirname(folder), process.platform)
  const encrypter = new Encrypter()
  encrypter.addRecipient(await identityToRecipient(identity))
  encrypter.addRecipient(options.recoveryRecipient)
  const sizes = new Map<string, number>()
  for (const name of await readdir(folder)) {
    // Begun before a power cut, never whole.
    if (name.endsWith('.part')) await rm(join(folder, name))
    else sizes.set(name, (await stat(join(folder, name))).size)
  }
  const writing = new Set<string>()
  const usedBytes = () => [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
  const reserve = async (name: string, bytes: number) => {
    const { bavail, bsize } = await statfs(folder)
    const wanted = encryptedBytes(bytes)
    // A little is left for the database, which must be able to say so.
    if (usedBytes() + wanted > bytesMax || wanted > bavail * bsize - 64 * megabyte) {
      throw new SpoolFull(`there is no room for ${bytes} more bytes in ${folder}`)
    }
    sizes.set(name, wanted)
  }
  return {
    async keep(name, bytes, source) {
      await reserve(name, bytes)
      writing.add(name)
      const part = join(folder, `${name}.part`)
      try {
        sizes.set(name, await writeEncrypted(encrypter, part, source))
        await rename(part, join(folder, name))
        await syncFolder(folder, process.platform)
      } catch (error) {
        sizes.delete(name)
        await rm(part, { force: true })
        throw isNoSpace(error) ? new SpoolFull(`the disk of ${folder} is full`, { cause: error }) : error
      } finally {
        writing.delete(name)
      }
    },
    read: (name, from) => decrypted(join(folder, name), identity, from),
    async remove(name) {
      await rm(join(folder, name), { force: true })
      sizes.delete(name)
    },
    has: (name) => sizes.has(name),
    async lookAgain() {
      const kept = [...sizes].filter(([name]) => !writing.has(name))
      // A folder that cannot be read says nothing of what lies in it.
      await readdir(folder)
      for (const [name, bytes] of kept) {
        const found = await stat(join(folder, name)).catch(unlessMissing)
        if (found?.size !== bytes && sizes.get(name) === bytes) sizes.delete(name)
      }
    },
    usage: async () => {
      const { bavail, bsize } = await statfs(folder)
      const used = usedBytes()
      return { usedBytes: used, sizeBytes: Math.min(bytesMax, used + bavail * bsize) }
    },
  }
}

/** Whether a copy still decrypts to the bytes with this digest (hex): then it can stand in for the file on the device. */
export async function keptCopyHolds(
  { copies }: { copies: KeptCopies },
  name: string,
  sha256: string,
): Promise<boolean> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of copies.read(name, 0)) hash.update(chunk)
  } catch (error) {
    if (isFault(error, 'bytes_differ')) return false
    throw error
  }
  return hash.digest('hex') === sha256
}

async function writeEncrypted(encrypter: Encrypter, path: string, source: AsyncIterable<Buffer>): Promise<number> {
  const iterator = source[Symbol.asyncIterator]()
  const plain = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
  const file = await open(path, 'w', 0o600)
  let bytes = 0
  try {
    for await (const chunk of await encrypter.encrypt(plain)) {
      await file.writeFile(chunk)
      bytes += chunk.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return bytes
}

async function* decrypted(path: string, identity: string, from: number): AsyncIterable<Buffer> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const file = createReadStream(path, { highWaterMark: 256 * 1024 })
  try {
    const source = file[Symbol.asyncIterator]()
    const encrypted = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await source.next()
        if (done) controller.close()
        else controller.enqueue(value as Buffer)
      },
    })
    let at = 0
    for await (const chunk of await decrypter.decrypt(encrypted)) {
      const skipped = Math.min(chunk.length, Math.max(0, from - at))
      at += chunk.length
      if (skipped < chunk.length) yield Buffer.from(chunk.buffer, chunk.byteOffset + skipped, chunk.length - skipped)
    }
  } catch (cause) {
    throw new Fault('bytes_differ', `the copy ${path} cannot be decrypted`, { cause })
  } finally {
    file.destroy()
  }
}

function unlessMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
