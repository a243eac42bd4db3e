import { createPrivateKey, createPublicKey, hash, sign } from 'node:crypto'
import { type EventBody, leafHash } from '../../../services/ledger/format/entry.ts'
import { fileDigestBytes } from '../../../services/ledger/format/file-digest.ts'
import {
  filesRootOf,
  type HandInHead,
  type HandInLine,
  handInHeadBytes,
  lineDigest,
} from '../../../services/ledger/format/hand-in-list.ts'
import { inclusionProof, rootOfPerfect } from '../../../services/ledger/format/merkle.ts'
import type { ShownHandIn } from '../../../services/ledger/verify/shown-hand-in.ts'

/** The docks' lists of a sound case, really signed. */

const pkcs8Ed25519 = Buffer.from('302e020100300506032b657004220420', 'hex')
const dockKey = createPrivateKey({
  key: Buffer.concat([pkcs8Ed25519, Buffer.alloc(32, 7)]),
  format: 'der',
  type: 'pkcs8',
})
/** Of the dock with the id `dock`, as its registration says it. */
export const dockPublicKey = createPublicKey(dockKey)
  .export({ format: 'der', type: 'spki' })
  .subarray(-32)
  .toString('hex')

/** A recording's file, as its dock saw it. */
export interface ListedFixture {
  readonly serial: string
  readonly openedAt: string
  readonly clockOffsetMs: number
  readonly file: Pick<HandInLine, 'name' | 'bytes' | 'sha256'>
}

/** Details of `hand_in.opened`: the file is the first of three lines. */
export function openedDetails(listed: ListedFixture) {
  const { serial, openedAt, clockOffsetMs } = listed
  const filesRoot = filesRootOf(digestsOf(linesOf(listed))).toString('hex')
  const origin = { kind: 'mass_storage', from: '槽位 3' } as const
  const head: HandInHead = { v: 2, serial, openedAt, clockOffsetMs, origin, user: null, count: 3, filesRoot }
  const bytes = handInHeadBytes(head)
  return {
    ...{ files: 3, bytes: 9_000_000, openedAt, clockOffsetMs, listSha256: hash('sha256', bytes) },
    signature: sign(null, bytes, dockKey).toString('base64'),
    head: { v: 2, origin, user: null, filesRoot },
  }
}

/** Details of `recording.sealed` of that file, when its dock signed the digest as it had read it. */
export function signedDetails(listed: ListedFixture, sha256: string) {
  const filesRoot = filesRootOf(digestsOf(linesOf(listed))).toString('hex')
  const signed = fileDigestBytes({ v: 1, filesRoot, number: 0, sha256, sm3: null })
  const dockDigest = { sm3: null, signature: sign(null, signed, dockKey).toString('base64') }
  return { listedSha256: null, declaredSha256: sha256, dockDigest }
}

/** The lines that a package of these events shows, as its maker does: of each list those that its uploads claim. */
export function shownLists(bodies: readonly EventBody[], lists: readonly ListedFixture[]): ShownHandIn[] {
  const idOf = (body: EventBody, type: string) => body.subjects.find((one) => one.type === type)?.id ?? ''
  const opened = bodies.filter(({ kind, details }) => kind === 'hand_in.opened' && details.head !== undefined)
  const ids = new Map(opened.map((body) => [idOf(body, 'hand_in'), idOf(body, 'device')]))
  return [...ids].sort().map(([handInId, device]) => {
    const claimed = bodies.filter(
      (body) => body.kind === 'upload.created' && idOf(body, 'hand_in') === handInId && body.details.onList === true,
    )
    const numbers = [
      ...new Set(claimed.flatMap(({ details }) => (typeof details.line === 'number' ? details.line : []))),
    ]
    const lines = linesOf(lists.find(({ serial }) => serial === device)!)
    const hashes = Buffer.concat(digestsOf(lines).map(leafHash))
    const read = (level: number, index: number) =>
      rootOfPerfect(hashes.subarray(index * 2 ** level * 32, (index + 1) * 2 ** level * 32))
    return {
      handInId,
      lines: numbers.sort().map((number) => ({
        line: lines[number]!,
        path: inclusionProof(number, lines.length, read).map((one) => one.toString('hex')),
        salt: saltOf(number).toString('hex'),
      })),
    }
  })
}

function linesOf({ file }: ListedFixture): HandInLine[] {
  const other = { name: 'eA==', bytes: 1, sha256: null, deviceTime: null, mark: false }
  return [
    { number: 0, ...file, deviceTime: null, mark: false },
    { number: 1, ...other },
    { number: 2, ...other },
  ]
}

function digestsOf(lines: readonly HandInLine[]): Buffer[] {
  return lines.map((line, number) => lineDigest(line, saltOf(number)))
}

function saltOf(number: number): Buffer {
  return Buffer.alloc(32, number + 1)
}
