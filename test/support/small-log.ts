import { randomBytes } from 'node:crypto'
import {
  appendToFrontier,
  consistencyProof,
  emptyFrontier,
  type Frontier,
  type HashReader,
  nodeHash,
  rootOf,
} from '../../services/ledger/format/merkle.ts'
import { generateSignerKey, parseSignerKey, verifierKeyText } from '../../services/ledger/format/note.ts'
import { signCheckpoint } from '../../services/ledger/format/signed-checkpoint.ts'
import { addCheckpointText } from '../../services/ledger/format/witness-protocol.ts'

/** A log in memory: random leaves, any size of it signed. */
export interface SmallLog {
  readonly origin: string
  readonly verifierKey: string
  root(size: number): Buffer
  note(size: number): string
  /** Body of add-checkpoint between two sizes; `change` puts something else in the place of a part. */
  request(oldSize: number, size: number, change?: { proof?: readonly Buffer[]; note?: string }): string
  /** The same keys and the first `size` leaves, other leaves after them: the other history. */
  fork(size: number): SmallLog
}

const leavesMax = 64

/** Makes one of 64 leaves. */
export function makeSmallLog(origin = 'ledger.test/small'): SmallLog {
  const { signerKey } = generateSignerKey(origin)
  return logOf(origin, signerKey, newLeaves(leavesMax))
}

function newLeaves(count: number): Buffer[] {
  return Array.from({ length: count }, () => randomBytes(32))
}

function logOf(origin: string, signerKey: string, leaves: readonly Buffer[]): SmallLog {
  const signer = parseSignerKey(signerKey)
  const root = (size: number) => rootOf(frontierAt(leaves, size))
  const read: HashReader = (level, index) =>
    level === 0 ? leaves[index]! : nodeHash(read(level - 1, index * 2), read(level - 1, index * 2 + 1))
  const note = (size: number) => signCheckpoint({ origin, size, root: root(size) }, signer)
  return {
    origin,
    verifierKey: verifierKeyText(origin, signer.publicKey),
    root,
    note,
    request: (oldSize, size, change = {}) =>
      addCheckpointText({ oldSize, proof: consistencyProof(oldSize, size, read), note: note(size), ...change }),
    fork: (size) => logOf(origin, signerKey, [...leaves.slice(0, size), ...newLeaves(leaves.length - size)]),
  }
}

function frontierAt(leaves: readonly Buffer[], size: number): Frontier {
  return appendToFrontier(emptyFrontier, leaves.slice(0, size))
}
