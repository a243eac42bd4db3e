import type { Attributes, Entry, NodeKind } from './file-system.ts'

// Structures of include/uapi/linux/fuse.h, little-endian.

export const inHeaderBytes = 40
const outHeaderBytes = 16

/** `fuse_out_header`: the answer to a request, with its bytes or an error's number. */
export function outHeader(request: Buffer, reply: Buffer | number): Buffer {
  const header = Buffer.alloc(outHeaderBytes)
  header.writeUInt32LE(outHeaderBytes + (Buffer.isBuffer(reply) ? reply.length : 0), 0)
  header.writeInt32LE(Buffer.isBuffer(reply) ? 0 : -reply, 4)
  request.copy(header, 8, 8, 16)
  return header
}

/** Version 7.31, reads of up to 1 MiB (FUSE_MAX_PAGES). */
export function initReply(request: Buffer): Buffer {
  const asyncRead = 1 << 0
  const maxPages = 1 << 22
  const reply = Buffer.alloc(64)
  reply.writeUInt32LE(7, 0)
  reply.writeUInt32LE(31, 4)
  request.copy(reply, 8, inHeaderBytes + 8, inHeaderBytes + 12)
  reply.writeUInt32LE(request.readUInt32LE(inHeaderBytes + 12) & (asyncRead | maxPages), 12)
  reply.writeUInt16LE(16, 16)
  reply.writeUInt16LE(12, 18)
  reply.writeUInt32LE(128 * 1024, 20)
  reply.writeUInt32LE(1, 24)
  reply.writeUInt16LE(256, 28)
  return reply
}

/** `fuse_entry_out`; nothing is cached by the kernel, so that a fault shows at once. */
export function entryReply(number: bigint, attributes: Attributes): Buffer {
  const head = Buffer.alloc(40)
  head.writeBigUInt64LE(number, 0)
  return Buffer.concat([head, attr(number, attributes)])
}

export function attributeReply(number: bigint, attributes: Attributes): Buffer {
  return Buffer.concat([Buffer.alloc(16), attr(number, attributes)])
}

/** FOPEN_DIRECT_IO: past the page cache, as sizes and faults are asked for. */
export function openReply(): Buffer {
  const reply = Buffer.alloc(16)
  reply.writeUInt32LE(1, 8)
  return reply
}

export function statfsReply(space: { blockBytes: number; blocks: number; free: number }): Buffer {
  const reply = Buffer.alloc(80)
  reply.writeBigUInt64LE(BigInt(space.blocks), 0)
  reply.writeBigUInt64LE(BigInt(space.free), 8)
  reply.writeBigUInt64LE(BigInt(space.free), 16)
  reply.writeUInt32LE(space.blockBytes, 40)
  reply.writeUInt32LE(1024, 44)
  reply.writeUInt32LE(space.blockBytes, 48)
  return reply
}

const modes: Readonly<Record<NodeKind, number>> = { file: 0o100755, folder: 0o040755, link: 0o120777 }

export function dirent({ name, kind }: Entry, offset: number): Buffer {
  const part = Buffer.alloc(Math.ceil((24 + name.length) / 8) * 8)
  part.writeBigUInt64LE(BigInt(offset), 0)
  part.writeBigUInt64LE(BigInt(offset), 8)
  part.writeUInt32LE(name.length, 16)
  part.writeUInt32LE(modes[kind] >> 12, 20)
  name.copy(part, 24)
  return part
}

function attr(number: bigint, { kind, bytes, modifiedMs }: Attributes): Buffer {
  const reply = Buffer.alloc(88)
  reply.writeBigUInt64LE(number, 0)
  reply.writeBigUInt64LE(BigInt(bytes), 8)
  reply.writeBigUInt64LE(BigInt(Math.ceil(bytes / 512)), 16)
  const seconds = BigInt(Math.floor(modifiedMs / 1000))
  const nanoseconds = Math.round((modifiedMs - Number(seconds) * 1000) * 1e6)
  for (const [at, nanosecondsAt] of [
    [24, 48],
    [32, 52],
    [40, 56],
  ] as const) {
    reply.writeBigInt64LE(seconds, at)
    reply.writeUInt32LE(nanoseconds, nanosecondsAt)
  }
  reply.writeUInt32LE(modes[kind], 60)
  reply.writeUInt32LE(1, 64)
  reply.writeUInt32LE(4096, 80)
  return reply
}
