import { createHash } from 'node:crypto'
import { canonicalText } from '../../services/ledger/format/canonical.ts'
import { checkpointText } from '../../services/ledger/format/checkpoint.ts'
import { cosign } from '../../services/ledger/format/cosignature.ts'
import { commitmentOf, leafHash, makeLeafData } from '../../services/ledger/format/entry.ts'
import {
  type NoteSigner,
  parseSignerKey,
  signatureTypes,
  signerKeyText,
  verifierKeyText,
} from '../../services/ledger/format/keys.ts'
import { linkTag } from '../../services/ledger/format/links.ts'
import { appendToFrontier, emptyFrontier, inclusionProof, rootOf } from '../../services/ledger/format/merkle.ts'
import { joinNote, signNote, splitNote } from '../../services/ledger/format/note.ts'
import { encodeProof } from '../../services/ledger/format/proof.ts'
import { vrfProve, vrfPublicKey } from '../../services/ledger/format/vrf.ts'
import { fileDigestVectors } from './file-digest-vectors.ts'
import { keySetVectors } from './key-set-vectors.ts'

/** The page that holds the vectors, from the checkout's root. */
export const vectorsPage = 'services/ledger/DESIGN.md'

const origin = 'vectors.example/ledger'
const caseName = 'case:综执检〔2026〕0231号'
const recordingName = 'recording:0198f0a5-7c1e-7d3a-9b52-3f6f2f6c1d10'
const seconds = 1_790_000_000
const leafCount = 5
const provenIndex = 3
const tagNumbers = [1, 2, 256]

/** Bytes for a vector: SHA-256 of its name. */
const bytesOf = (name: string): Buffer => createHash('sha256').update(name).digest()
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export type Vectors = ReturnType<typeof makeVectors>

/**
 * Every vector of the page, made by our code from keys and texts that are written here.
 *
 * @param given what the page has already of ML-DSA-44: base64 of the cosignature (8 bytes of time, 2420 of signature), and the
 *   log's line. Ours are hedged, each of them is another, and any valid one is a vector
 */
export function makeVectors(given?: { cosignature: string; logLine: string }) {
  const vrfSecretKey = Buffer.from('3431c2b03533e280b23232e280b34e2c3132c2b03238e280b23131e280b34500', 'hex')
  const subjects = [caseName, recordingName].map((subject) => ({
    subject,
    ...vrfProve(vrfSecretKey, Buffer.from(subject)),
  }))
  const events = Array.from({ length: leafCount }, (_, index) => {
    const body = eventBody(index)
    const salt = bytesOf(`salt ${index}`)
    const commitment = commitmentOf(salt, body)
    let padding = 0
    const entry = makeLeafData({
      commitment,
      links: subjects.map(({ output }) => linkTag(output, index + 1)),
      randomBytes: () => bytesOf(`padding ${index} ${padding++}`),
    })
    return { body, salt, commitment, entry }
  })
  const hashes = events.map(({ entry }) => leafHash(entry))
  const root = rootOf(appendToFrontier(emptyFrontier, hashes))
  const log = signerOf(origin, signatureTypes.ed25519)
  const text = checkpointText({ origin, size: leafCount, root })
  const signedByLog = signNote(text, log)
  const witnesses = [
    signerOf('witness.example/ed25519', signatureTypes.cosignatureEd25519),
    signerOf('witness.example/ml-dsa-44', signatureTypes.cosignatureMlDsa44),
  ] as const
  const cosignatures = witnesses.map((signer) => {
    const known = signer.type === signatureTypes.cosignatureMlDsa44 ? given?.cosignature : undefined
    return {
      signer,
      signature: known === undefined ? cosign(signer, text, seconds) : Buffer.from(known, 'base64'),
    }
  })
  const checkpoint = joinNote(text, [
    ...splitNote(signedByLog).signatures,
    ...cosignatures.map(({ signer, signature }) => ({ name: signer.name, keyId: signer.keyId, signature })),
  ])
  const read = (level: number, index: number) =>
    rootOf(appendToFrontier(emptyFrontier, hashes.slice(index << level, (index + 1) << level)))
  return {
    vrf: {
      secretKey: hexOf(vrfSecretKey),
      publicKey: hexOf(vrfPublicKey(vrfSecretKey)),
      subjects: subjects.map(({ subject, proof, output }) => ({
        subject,
        proof: hexOf(proof),
        secret: hexOf(output),
        tags: tagNumbers.map((n) => ({ n, tag: hexOf(linkTag(output, n)) })),
      })),
    },
    events: events.map(({ body, salt, commitment, entry }, index) => ({
      body,
      salt: hexOf(salt),
      commitment: hexOf(commitment),
      entry: entry.toString('utf8'),
      leafHash: hexOf(hashes[index]!),
    })),
    root: hexOf(root),
    checkpoint: {
      seed: hexOf(bytesOf(origin)),
      verifierKey: verifierKeyText(origin, log.publicKey, log.type),
      text,
      signedByLog,
    },
    cosignatures: cosignatures.map(({ signer, signature }) => ({
      seed: hexOf(bytesOf(signer.name)),
      verifierKey: verifierKeyText(signer.name, signer.publicKey, signer.type),
      seconds,
      signature: signature.toString('base64'),
    })),
    fileDigests: fileDigestVectors(bytesOf),
    rotation: keySetVectors(origin, bytesOf, given?.logLine),
    proof: {
      index: provenIndex,
      text: encodeProof({ index: provenIndex, hashes: inclusionProof(provenIndex, leafCount, read), checkpoint }),
    },
  }
}

function signerOf(name: string, type: number): NoteSigner {
  return parseSignerKey(signerKeyText(name, bytesOf(name), type))
}

function eventBody(index: number): string {
  return canonicalText({
    id: `vector-${index}`,
    kind: index === 0 ? 'recording.sealed' : 'recording.viewed',
    at: `2026-09-01T08:00:0${index}.250Z`,
    actor: 'dock-03',
    actorRole: 'dock',
    subjects: [caseName, recordingName].map((name) => {
      const split = name.indexOf(':')
      return { type: name.slice(0, split), id: name.slice(split + 1) }
    }),
    details:
      index === 0
        ? { bytes: 1_073_741_824, sha256: hexOf(bytesOf('media')), note: '执法记录仪 “03”\n' }
        : { second: 0.5 * index },
  })
}

const start = '<!-- vectors: written by test/support/make-vectors.ts -->\n```json\n'
const end = '\n```\n<!-- end of vectors -->'

/** The vectors as they stand in the page; null when it has none yet. */
export function vectorsOfPage(page: string): Vectors | null {
  const from = page.indexOf(start)
  const to = page.indexOf(end, from)
  return from < 0 || to < 0 ? null : (JSON.parse(page.slice(from + start.length, to)) as Vectors)
}

/** The page with these vectors between its two marks. */
export function pageWithVectors(page: string, vectors: Vectors): string {
  const from = page.indexOf(start)
  const to = page.indexOf(end, from)
  if (from < 0 || to < 0) throw new Error(`${vectorsPage} has not the marks "${start.trim()}" and "${end.trim()}"`)
  return `${page.slice(0, from + start.length)}${JSON.stringify(vectors, null, 2)}${page.slice(to)}`
}
