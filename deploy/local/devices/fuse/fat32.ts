import { fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { type FatNode, readEntries } from './fat32-entries.ts'
import { type Attributes, type Entry, type FileSystem, FileSystemError } from './file-system.ts'

const freeCluster = 0
const firstOfNoMore = 0x0ffffff8

/** What has been read of a folder so far. */
interface Reading {
  readonly nodes: FatNode[]
  readonly cursor: Iterator<FatNode>
}

/**
 * FAT32 of an image, as Microsoft's specification has it, as far as a card's reader needs it: listing, reading, taking away.
 * It follows chains blindly, like the cheap driver that it stands for: a chain that ends in itself has no end.
 */
export class Fat32 implements FileSystem<FatNode> {
  readonly root: FatNode
  readonly #image: number
  readonly #clusterBytes: number
  readonly #dataAt: number
  readonly #tables: readonly number[]
  readonly #clusters: number
  readonly #readings = new Map<FatNode, Reading>()
  readonly #nodes = new Map<string, FatNode>()
  readonly #chains = new Map<number, number[]>()
  readonly #table: Buffer

  constructor(path: string) {
    this.#image = openSync(path, 'r+')
    const boot = this.#bytes(0, 512)
    const sectorBytes = boot.readUInt16LE(11)
    const tableBytes = boot.readUInt32LE(36) * sectorBytes
    const firstTable = boot.readUInt16LE(14) * sectorBytes
    const tables = boot[16]!
    this.#clusterBytes = boot[13]! * sectorBytes
    this.#tables = Array.from({ length: tables }, (_, index) => firstTable + index * tableBytes)
    this.#dataAt = firstTable + tables * tableBytes
    this.#clusters = Math.floor((boot.readUInt32LE(32) * sectorBytes - this.#dataAt) / this.#clusterBytes)
    this.#table = this.#bytes(firstTable, (this.#clusters + 2) * 4)
    const firstCluster = boot.readUInt32LE(44)
    this.root = { firstCluster, kind: 'folder', name: Buffer.alloc(0), bytes: 0, modifiedMs: 0, slots: [] }
  }

  attributes({ kind, bytes, modifiedMs }: FatNode): Attributes {
    return { kind, bytes, modifiedMs }
  }

  child(folder: FatNode, name: Buffer): FatNode | null {
    for (let index = 0; ; index++) {
      const node = this.#nodeAt(folder, index)
      // Names of FAT are alike in capitals and small letters.
      if (!node || node.name.toString('latin1').toLowerCase() === name.toString('latin1').toLowerCase()) return node
    }
  }

  entry(folder: FatNode, index: number): Entry | null {
    return this.#nodeAt(folder, index)
  }

  reopen(folder: FatNode): void {
    this.#readings.delete(folder)
  }

  read({ firstCluster, bytes }: FatNode, offset: number, size: number): Buffer {
    const end = Math.min(bytes, offset + size)
    if (end <= offset) return Buffer.alloc(0)
    const chain = this.#chainOf(firstCluster)
    const parts: Buffer[] = []
    for (let at = offset; at < end; ) {
      const index = Math.floor(at / this.#clusterBytes)
      const cluster = chain[index]
      if (cluster === undefined) throw new FileSystemError('EIO')
      // Clusters that lie side by side are read at once.
      let next = index + 1
      while (next * this.#clusterBytes < end && chain[next] === cluster + next - index) next++
      const length = Math.min(next * this.#clusterBytes, end) - at
      parts.push(this.#bytes(this.#at(cluster) + (at % this.#clusterBytes), length))
      at += length
    }
    return Buffer.concat(parts)
  }

  link(): Buffer {
    throw new FileSystemError('EINVAL')
  }

  unlink(folder: FatNode, name: Buffer): void {
    const node = this.child(folder, name)
    if (!node) throw new FileSystemError('ENOENT')
    for (const slot of node.slots) writeSync(this.#image, Buffer.of(0xe5), 0, 1, slot)
    for (const cluster of node.firstCluster === 0 ? [] : this.#chainOf(node.firstCluster)) {
      this.#table.writeUInt32LE(freeCluster, cluster * 4)
      for (const table of this.#tables) writeSync(this.#image, Buffer.alloc(4), 0, 4, table + cluster * 4)
    }
    // The count of free clusters is a hint; unknown is always true (FSI_Free_Count, sector 1).
    writeSync(this.#image, Buffer.alloc(4, 0xff), 0, 4, 512 + 488)
    this.#chains.delete(node.firstCluster)
    this.#readings.delete(folder)
    this.#nodes.delete(keyOf(node))
  }

  sync(): void {
    fsyncSync(this.#image)
  }

  space(): { blockBytes: number; blocks: number; free: number } {
    let free = 0
    for (let cluster = 2; cluster < this.#clusters + 2; cluster++) if (this.#next(cluster) === freeCluster) free++
    return { blockBytes: this.#clusterBytes, blocks: this.#clusters, free }
  }

  #nodeAt(folder: FatNode, index: number): FatNode | null {
    let reading = this.#readings.get(folder)
    if (!reading) {
      reading = { nodes: [], cursor: readEntries(this.#clustersOf(folder)) }
      this.#readings.set(folder, reading)
    }
    while (reading.nodes.length <= index) {
      const next = reading.cursor.next()
      if (next.done) return null
      const key = keyOf(next.value)
      const node = this.#nodes.get(key) ?? next.value
      this.#nodes.set(key, node)
      reading.nodes.push(node)
    }
    return reading.nodes[index]!
  }

  *#clustersOf({ firstCluster }: FatNode): Generator<{ bytes: Buffer; at: number }> {
    for (let cluster = firstCluster; cluster >= 2 && cluster < firstOfNoMore; cluster = this.#next(cluster)) {
      yield { bytes: this.#bytes(this.#at(cluster), this.#clusterBytes), at: this.#at(cluster) }
    }
  }

  #chainOf(firstCluster: number): number[] {
    const known = this.#chains.get(firstCluster)
    if (known) return known
    const chain: number[] = []
    for (let cluster = firstCluster; cluster >= 2 && cluster < firstOfNoMore; cluster = this.#next(cluster)) {
      if (chain.length > this.#clusters) throw new FileSystemError('EIO')
      chain.push(cluster)
    }
    this.#chains.set(firstCluster, chain)
    return chain
  }

  #next(cluster: number): number {
    return this.#table.readUInt32LE(cluster * 4) & 0x0fffffff
  }

  #at(cluster: number): number {
    return this.#dataAt + (cluster - 2) * this.#clusterBytes
  }

  #bytes(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    readSync(this.#image, bytes, 0, length, at)
    return bytes
  }
}

/** The same file read again is the same node. */
function keyOf({ slots, bytes, firstCluster }: FatNode): string {
  return `${slots.at(-1)}:${firstCluster}:${bytes}`
}
