import { createHash } from 'node:crypto'
import { encodeEntryBundle } from '../../../services/ledger/format/bundle.ts'
import { canonicalText, type JsonValue } from '../../../services/ledger/format/canonical.ts'
import { checkpointText } from '../../../services/ledger/format/checkpoint.ts'
import { cosign } from '../../../services/ledger/format/cosignature.ts'
import { commitmentOf, leafHash, makeLeafData } from '../../../services/ledger/format/entry.ts'
import {
  type NoteSigner,
  parseSignerKey,
  signatureTypes,
  signBytes,
  signerKeyText,
} from '../../../services/ledger/format/keys.ts'
import { linkTag } from '../../../services/ledger/format/links.ts'
import {
  appendToFrontier,
  emptyFrontier,
  frontierOf,
  inclusionProof,
  rootOf,
} from '../../../services/ledger/format/merkle.ts'
import { joinNote } from '../../../services/ledger/format/note.ts'
import { encodeProof } from '../../../services/ledger/format/proof.ts'
import { growTiles, readerOfTiles, type Tile, tilePath } from '../../../services/ledger/format/tiles.ts'
import { vrfProve, vrfPublicKey } from '../../../services/ledger/format/vrf.ts'

/** When the witnesses of the sample cosign, POSIX seconds. */
export const sampleCosignedAt = 1_790_000_000

export const sampleOrigin = 'sample.example/ledger'

/** An event as it is to be entered. The members after `details` are for logs that are wrong in themselves. */
export interface PlannedEvent {
  readonly kind: string
  readonly actor: string
  readonly actorRole: string
  readonly onBehalfOf?: string
  readonly subjects: readonly { readonly type: string; readonly id: string }[]
  readonly details: { readonly [name: string]: JsonValue }
  /** What its actor signs: the body of the last earlier event of this kind about this subject (`type:id`). */
  readonly signs?: {
    readonly object: string
    readonly kind: string
    readonly subject: string
    /** Members of the statement that are other than they should be. */
    readonly instead?: { readonly [name: string]: JsonValue }
  }
  /** Its time; else that of its leaf. */
  readonly at?: string
  /** Commit this text instead of an event. */
  readonly body?: string
  /** Put these bytes into the tree instead of a leaf. */
  readonly entry?: Buffer
  /** Give these numbers instead of the next ones, by `type:id`; null leaves the link out. */
  readonly numbers?: Readonly<Record<string, number | null>>
}

export interface SampleLeaf {
  readonly body: string
  readonly salt: Buffer
  readonly subjects: readonly string[]
  readonly entry: Buffer
}

export type SampleLog = ReturnType<typeof makeSampleLog>

/** Bytes that only look random: the same for the same seed and name. */
export function seededBytes(seed: string, name: string): (size: number) => Buffer {
  let count = 0
  return (size) => {
    const parts: Buffer[] = []
    for (let have = 0; have < size; have += 32) {
      parts.push(createHash('sha256').update(`${seed}\n${name}\n${count}`).digest())
      count += 1
    }
    return Buffer.concat(parts).subarray(0, size)
  }
}

/** Leaves of the first checkpoint that the sample log's present keys sign; it had one key until then. */
export const sampleRotation = 280

/** The signing keys of a sample: the log's, those of three witnesses (the first has two kinds), and strangers'. */
export function sampleSigners(seed: string) {
  const signer = (name: string, type: number, salt = '') =>
    parseSignerKey(signerKeyText(name, seededBytes(seed, `key ${name} ${type} ${salt}`)(32), type))
  const log = [signer(sampleOrigin, signatureTypes.ed25519), signer(sampleOrigin, signatureTypes.cosignatureMlDsa44)]
  const earlierLog = [signer(sampleOrigin, signatureTypes.ed25519, 'earlier')]
  return {
    /** The present keys. */
    log,
    earlierLog,
    /** Those that sign a checkpoint of this size. */
    logAt: (size: number) => (size < sampleRotation ? earlierLog : log),
    witnesses: [
      signer('witness-a.example', signatureTypes.cosignatureEd25519),
      signer('witness-a.example', signatureTypes.cosignatureMlDsa44),
      signer('witness-b.example', signatureTypes.cosignatureMlDsa44),
      signer('witness-c.example', signatureTypes.cosignatureEd25519),
    ],
    strangerLog: signer('stranger.example/ledger', signatureTypes.ed25519),
    /** Names itself as the log, but its key is in no policy. */
    falseLog: signer(sampleOrigin, signatureTypes.ed25519, 'false'),
    strangerWitness: signer('stranger.example', signatureTypes.cosignatureEd25519),
  }
}

/** The secrets of each seed's VRF key: a proof takes milliseconds, and most logs of a corpus are of one seed. */
const provenSecrets = new Map<string, Map<string, { proof: Buffer; output: Buffer }>>()

/** Sequences the events into a tree of their number, as the sequencer does. */
export function makeSampleLog(seed: string, planned: readonly PlannedEvent[]) {
  const vrfSecretKey = Buffer.from(seededBytes(seed, 'vrf')(32))
  // Below the group's order, which begins with 0x10.
  vrfSecretKey[31] = 0x0f
  const random = seededBytes(seed, 'salts')
  const numbers = new Map<string, number>()
  const secrets = provenSecrets.get(seed) ?? new Map<string, { proof: Buffer; output: Buffer }>()
  provenSecrets.set(seed, secrets)
  const secretOf = (subject: string) => {
    const known = secrets.get(subject) ?? vrfProve(vrfSecretKey, Buffer.from(subject, 'utf8'))
    secrets.set(subject, known)
    return known
  }
  const putUp = new Map<string, string>()
  const leaves = planned.map((event, index): SampleLeaf => {
    const subjects = [...new Set(event.subjects.map(({ type, id }) => `${type}:${id}`))]
    const body = event.body ?? eventBody({ ...event, details: signedDetails(event, index, putUp) }, index)
    for (const subject of subjects) putUp.set(`${event.kind} ${subject}`, body)
    const salt = random(32)
    const links = subjects.flatMap((subject) => {
      const given = event.numbers?.[subject]
      if (given === null) return []
      const n = given ?? (numbers.get(subject) ?? 0) + 1
      numbers.set(subject, n)
      return [linkTag(secretOf(subject).output, n)]
    })
    const data = makeLeafData({ commitment: commitmentOf(salt, body), links, randomBytes: random })
    return { body, salt, subjects, entry: event.entry ?? data }
  })
  const entries = leaves.map(({ entry }) => entry)
  const rootAt = (size: number) => rootOf(appendToFrontier(emptyFrontier, entries.slice(0, size).map(leafHash)))
  const textAt = (size: number) => checkpointText({ origin: sampleOrigin, size, root: rootAt(size) })
  return {
    leaves,
    vrfPublicKey: vrfPublicKey(vrfSecretKey),
    secretOf,
    rootAt,
    textAt,
    tilesAt: (size: number) => tilesOf(entries.slice(0, size)),
    proofAt: (index: number, size: number, checkpoint: string) => {
      const tiles = tilesOf(entries.slice(0, size))
      return proofOf(tiles, index, size, checkpoint)
    },
  }
}

function signedDetails(event: PlannedEvent, index: number, putUp: ReadonlyMap<string, string>) {
  const { signs, details, kind, actor, actorRole } = event
  if (!signs) return details
  const text = putUp.get(`${signs.kind} ${signs.subject}`) ?? ''
  const statement = {
    v: 1,
    act: kind,
    object: signs.object,
    objectSha256: createHash('sha256').update(text, 'utf8').digest('hex'),
    person: actor,
    role: actorRole,
    askedAt: new Date(sampleTimeMs(index)).toISOString(),
    ...signs.instead,
  }
  return { statement, ...details }
}

/** The tlog-proof of a leaf, from the tiles of its tree. */
export function proofOf(tiles: ReadonlyMap<string, Buffer>, index: number, size: number, checkpoint: string): string {
  const read = readerOfTiles(size, (tile) => tiles.get(tilePath(tile))!)
  return encodeProof({ index, hashes: inclusionProof(index, size, read), checkpoint })
}

/** The root that tiles lead to. */
export function rootOfTiles(tiles: ReadonlyMap<string, Buffer>, size: number): Buffer {
  return rootOf(
    frontierOf(
      size,
      readerOfTiles(size, (tile: Tile) => tiles.get(tilePath(tile))!),
    ),
  )
}

/** A note with the signatures of these signers, one after another; those of type 0x01 sign the text alone. */
export function signedBy(text: string, signers: readonly NoteSigner[], timestampSeconds = sampleCosignedAt): string {
  return joinNote(
    text,
    signers.map((signer) => ({
      name: signer.name,
      keyId: signer.keyId,
      signature:
        signer.type === signatureTypes.ed25519
          ? signBytes(signer, Buffer.from(text, 'utf8'))
          : cosign(signer, text, timestampSeconds),
    })),
  )
}

/** Tiles and entry bundles of a tree by path. */
export function tilesOf(entries: readonly Buffer[]): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  const grown = growTiles({ oldSize: 0, leafHashes: entries.map(leafHash), partial: () => Buffer.alloc(0) })
  for (const { tile, bytes } of grown) {
    files.set(tilePath(tile), Buffer.from(bytes))
    if (tile.level !== 0) continue
    const slice = entries.slice(tile.index * 256, tile.index * 256 + tile.width)
    files.set(tilePath({ ...tile, level: 'entries' }), encodeEntryBundle(slice))
  }
  return files
}

/** When the event of a leaf happened, POSIX milliseconds. */
export function sampleTimeMs(index: number): number {
  return Date.UTC(2026, 8, 1, 0, 0, index * 7)
}

/** The committed text of an event that signs nothing, at its leaf. */
export function eventBody(event: PlannedEvent, index: number): string {
  const at = event.at ?? new Date(sampleTimeMs(index)).toISOString()
  const { kind, actor, actorRole, onBehalfOf, details } = event
  const subjects = event.subjects.map(({ type, id }) => ({ type, id }))
  const said = { id: `event-${index}`, kind, at, actor, actorRole, subjects, details }
  return canonicalText({ ...said, ...(onBehalfOf !== undefined && { onBehalfOf }) })
}
