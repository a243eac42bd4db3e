import { readSync, writeSync } from 'node:fs'
import { type Entry, errorNumbers, type FileSystem, FileSystemError } from './file-system.ts'
import {
  attributeReply,
  dirent,
  entryReply,
  inHeaderBytes,
  initReply,
  openReply,
  outHeader,
  statfsReply,
} from './replies.ts'

// Opcodes of the kernel's protocol (include/uapi/linux/fuse.h) that a card's driver needs. Everything else is ENOSYS.
const op = {
  lookup: 1,
  forget: 2,
  getattr: 3,
  readlink: 5,
  unlink: 10,
  open: 14,
  read: 15,
  statfs: 17,
  release: 18,
  fsync: 20,
  flush: 25,
  init: 26,
  opendir: 27,
  readdir: 28,
  releasedir: 29,
  fsyncdir: 30,
  interrupt: 36,
  destroy: 38,
  batchForget: 42,
} as const
const withoutReply: readonly number[] = [op.forget, op.batchForget, op.interrupt]

/**
 * Serves a mount of the kernel on an open /dev/fuse until it is unmounted.
 *
 * @param beforeEach may throw a FileSystemError that answers the request instead; told the opcode's name
 */
export function serve<Node extends object>(
  device: number,
  files: FileSystem<Node>,
  beforeEach: (request: 'read' | 'other') => void,
): void {
  const request = Buffer.alloc(256 * 1024)
  const nodes = new NodeNumbers(files.root)
  for (;;) {
    let length: number
    try {
      length = readSync(device, request)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENODEV') return // unmounted
      if (code === 'ENOENT' || code === 'EINTR' || code === 'EAGAIN') continue
      throw error
    }
    const opcode = request.readUInt32LE(4)
    if (withoutReply.includes(opcode)) continue
    const reply = answer(files, nodes, request.subarray(0, length), beforeEach)
    try {
      writeSync(device, Buffer.concat([outHeader(request, reply), ...(Buffer.isBuffer(reply) ? [reply] : [])]))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error // who asked has gone
    }
    if (opcode === op.destroy) return
  }
}

/** Bytes of the answer, or the error's number. */
function answer<Node extends object>(
  files: FileSystem<Node>,
  nodes: NodeNumbers<Node>,
  request: Buffer,
  beforeEach: (request: 'read' | 'other') => void,
): Buffer | number {
  const opcode = request.readUInt32LE(4)
  try {
    if (opcode === op.init) return initReply(request)
    beforeEach(opcode === op.read ? 'read' : 'other')
    return reply(files, nodes, opcode, request)
  } catch (error) {
    if (error instanceof FileSystemError) return errorNumbers[error.errorName]
    throw error
  }
}

function reply<Node extends object>(
  files: FileSystem<Node>,
  nodes: NodeNumbers<Node>,
  opcode: number,
  request: Buffer,
): Buffer {
  const node = nodes.node(request.readBigUInt64LE(16))
  const body = request.subarray(inHeaderBytes)
  switch (opcode) {
    case op.lookup: {
      const child = files.child(node, nameIn(body))
      if (!child) throw new FileSystemError('ENOENT')
      return entryReply(nodes.number(child), files.attributes(child))
    }
    case op.getattr:
      return attributeReply(nodes.number(node), files.attributes(node))
    case op.readlink:
      return files.link(node)
    case op.unlink:
      files.unlink(node, nameIn(body))
      return Buffer.alloc(0)
    case op.opendir:
      files.reopen(node)
      return openReply()
    case op.open:
      return openReply()
    case op.read:
      return files.read(node, Number(body.readBigUInt64LE(8)), body.readUInt32LE(16))
    case op.readdir:
      return listing(files, node, Number(body.readBigUInt64LE(8)), body.readUInt32LE(16))
    case op.statfs:
      return statfsReply(files.space())
    case op.fsync:
    case op.fsyncdir:
      files.sync()
      return Buffer.alloc(0)
    case op.flush:
    case op.release:
    case op.releasedir:
    case op.destroy:
      return Buffer.alloc(0)
    default:
      throw new FileSystemError('ENOSYS')
  }
}

function listing<Node extends object>(files: FileSystem<Node>, folder: Node, from: number, size: number): Buffer {
  const parts: Buffer[] = []
  let bytes = 0
  for (let index = from; ; index++) {
    const entry: Entry | null = files.entry(folder, index)
    if (!entry) break
    const part = dirent(entry, index + 1)
    if (bytes + part.length > size) break
    parts.push(part)
    bytes += part.length
  }
  return Buffer.concat(parts)
}

function nameIn(body: Buffer): Buffer {
  return Buffer.from(body.subarray(0, body.indexOf(0)))
}

/** The kernel knows nodes by numbers; 1 is the root. None is ever forgotten: a simulated card lives for one test. */
class NodeNumbers<Node extends object> {
  readonly #nodes: Node[]
  readonly #numbers = new Map<Node, bigint>()

  constructor(root: Node) {
    this.#nodes = [root]
    this.#numbers.set(root, 1n)
  }

  node(number: bigint): Node {
    // statfs and what follows an unmount come without a node.
    return this.#nodes[Math.max(0, Number(number) - 1)]!
  }

  number(node: Node): bigint {
    const known = this.#numbers.get(node)
    if (known !== undefined) return known
    const number = BigInt(this.#nodes.push(node))
    this.#numbers.set(node, number)
    return number
  }
}
