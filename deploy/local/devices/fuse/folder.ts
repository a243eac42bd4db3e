import { fsyncSync, lstatSync, openSync, readdirSync, readlinkSync, readSync, unlinkSync } from 'node:fs'
import { type Attributes, type Entry, type FileSystem, FileSystemError, type NodeKind } from './file-system.ts'

export interface FolderNode {
  readonly path: Buffer
}

/** A folder of this machine as a volume: for what FAT cannot hold (links, names of any bytes) and for files that grow. */
export class FolderFiles implements FileSystem<FolderNode> {
  readonly root: FolderNode
  readonly #nodes = new Map<string, FolderNode>()
  readonly #entries = new Map<FolderNode, readonly Entry[]>()
  readonly #open = new Map<FolderNode, number>()

  constructor(path: string) {
    this.root = { path: Buffer.from(path) }
  }

  attributes({ path }: FolderNode): Attributes {
    const stat = orNotThere(() => lstatSync(path))
    const kind = stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'file'
    return { kind, bytes: stat.size, modifiedMs: stat.mtimeMs }
  }

  child(folder: FolderNode, name: Buffer): FolderNode | null {
    const path = below(folder, name)
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null
    const key = path.toString('latin1')
    const node = this.#nodes.get(key) ?? { path }
    this.#nodes.set(key, node)
    return node
  }

  reopen(folder: FolderNode): void {
    const kindOf = (entry: { isDirectory(): boolean; isSymbolicLink(): boolean }): NodeKind =>
      entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'file'
    const entries = readdirSync(folder.path, { encoding: 'buffer', withFileTypes: true })
    this.#entries.set(
      folder,
      entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) })),
    )
  }

  entry(folder: FolderNode, index: number): Entry | null {
    return this.#entries.get(folder)?.[index] ?? null
  }

  read(node: FolderNode, offset: number, size: number): Buffer {
    const open = this.#open.get(node) ?? openSync(node.path, 'r')
    this.#open.set(node, open)
    const bytes = Buffer.alloc(size)
    return bytes.subarray(0, readSync(open, bytes, 0, size, offset))
  }

  link({ path }: FolderNode): Buffer {
    return readlinkSync(path, 'buffer')
  }

  unlink(folder: FolderNode, name: Buffer): void {
    orNotThere(() => unlinkSync(below(folder, name)))
  }

  sync(): void {
    for (const open of this.#open.values()) fsyncSync(open)
  }

  space(): { blockBytes: number; blocks: number; free: number } {
    // As a card of its own: what else lies on this machine's disk is not on it.
    const blocks = 16 * 1024 * 1024
    return { blockBytes: 4096, blocks, free: blocks - blocksBelow(this.root.path) }
  }
}

function blocksBelow(path: Buffer): number {
  const stat = lstatSync(path)
  if (!stat.isDirectory()) return Math.ceil(stat.size / 4096)
  return readdirSync(path, { encoding: 'buffer' }).reduce((sum, name) => sum + blocksBelow(below({ path }, name)), 0)
}

function below({ path }: FolderNode, name: Buffer): Buffer {
  return Buffer.concat([path, Buffer.from('/'), name])
}

function orNotThere<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new FileSystemError('ENOENT')
    throw error
  }
}
