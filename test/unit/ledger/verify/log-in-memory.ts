import { randomBytes } from 'node:crypto'
import { Fault } from '../../../../services/foundation/errors.ts'
import { encodeEntryBundle } from '../../../../services/ledger/format/bundle.ts'
import { canonicalText } from '../../../../services/ledger/format/canonical.ts'
import { commitmentOf, leafHash, makeLeafData } from '../../../../services/ledger/format/entry.ts'
import { linkTag } from '../../../../services/ledger/format/links.ts'
import { parseLogKeys } from '../../../../services/ledger/format/log-keys.ts'
import { appendToFrontier, emptyFrontier, rootOf } from '../../../../services/ledger/format/merkle.ts'
import { generateSignerKey, parseSignerKey } from '../../../../services/ledger/format/note.ts'
import { signCheckpoint } from '../../../../services/ledger/format/signed-checkpoint.ts'
import { growTiles, parseTilePath, tilePath } from '../../../../services/ledger/format/tiles.ts'
import { vrfGenerateKey, vrfProve, vrfPublicKey } from '../../../../services/ledger/format/vrf.ts'
import type { DisclosedEvent, VerifiableChain } from '../../../../services/ledger/verify/case.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
export type OpenChain = {
  case: { number: string }
  checkpoint: string | null
  subjects: { subject: string; secret: string | null; proof: string | null }[]
  events: Mutable<DisclosedEvent>[]
}

/**
 * A log in memory, with the case 'C1', its recording 'r1' and other events between theirs. At the leaf `takenBack.index`
 * the sequencer believes that the subject's last number was never given: somebody took its row out of the database.
 */
export function makeLog(size: number, takenBack?: { index: number; subject: string }) {
  const keys = generateSignerKey('test.log')
  const vrfSecretKey = vrfGenerateKey()
  const secrets = new Map<string, { output: Buffer; proof: Buffer }>()
  const numbers = new Map<string, number>()
  const entries: Buffer[] = []
  const events: DisclosedEvent[] = []

  const secretOf = (subject: string) => {
    const known = secrets.get(subject) ?? vrfProve(vrfSecretKey, Buffer.from(subject))
    secrets.set(subject, known)
    return known
  }
  for (let index = 0; index < size; index++) {
    const event = eventAt(index)
    const salt = randomBytes(32)
    const links = event.subjects.map(({ type, id }) => {
      const subject = `${type}:${id}`
      const isTakenBack = takenBack?.index === index && takenBack.subject === subject
      const n = (numbers.get(subject) ?? 0) + (isTakenBack ? 0 : 1)
      numbers.set(subject, n)
      return linkTag(secretOf(subject).output, n)
    })
    const body = canonicalText(event)
    const data = makeLeafData({ commitment: commitmentOf(salt, body), links, randomBytes })
    entries.push(data)
    const shown = { ...event, index, body, salt: salt.toString('hex'), leafHash: leafHash(data).toString('hex') }
    if (event.subjects.some(({ type }) => type === 'case' || type === 'recording')) events.push(shown)
  }
  const files = tilesOf(entries)
  const root = rootOf(appendToFrontier(emptyFrontier, entries.map(leafHash)))
  const checkpoint = signCheckpoint({ origin: 'test.log', size, root }, parseSignerKey(keys.signerKey))
  const subjects = ['case:C1', 'recording:r1'].map((subject) => {
    const { output, proof } = secretOf(subject)
    return { subject, secret: output.toString('hex'), proof: proof.toString('hex') }
  })
  const chain: VerifiableChain = { case: { number: 'C1' }, checkpoint, subjects, events }
  return {
    chain: () => structuredClone(chain) as OpenChain,
    files,
    entries,
    root,
    signer: parseSignerKey(keys.signerKey),
    trust: {
      log: parseLogKeys(keys.verifierKey),
      vrfPublicKey: vrfPublicKey(vrfSecretKey),
      readTile: async (path: string) => {
        const bytes = files.get(path)
        if (!bytes) throw new Fault('not_found', `no ${path}`)
        return bytes
      },
    },
  }
}

type Details = DisclosedEvent['details']

function eventAt(index: number) {
  const common = { id: `e${index}`, at: new Date(index * 1000).toISOString(), actor: 'a', actorRole: 'officer' }
  if (index % 7 === 3) {
    const subjects = [
      { type: 'recording', id: 'r1' },
      { type: 'case', id: 'C1' },
    ]
    return { ...common, kind: 'recording.attached', subjects, details: { number: index } as Details }
  }
  if (index % 7 === 5) {
    return {
      ...common,
      kind: 'recording.verified',
      subjects: [{ type: 'recording', id: 'r1' }],
      details: {} as Details,
    }
  }
  return {
    ...common,
    kind: 'session.opened',
    subjects: [{ type: 'person', id: `p${index % 3}` }],
    details: {} as Details,
  }
}

function tilesOf(entries: readonly Buffer[]): Map<string, Buffer> {
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

/** Changes one byte of a stored file. */
export function spoil(files: Map<string, Buffer>, path: string, offset: number): void {
  const bytes = files.get(path)
  if (!bytes) throw new Error(`no ${path}: ${[...files.keys()].map((key) => tilePath(parseTilePath(key)))}`)
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset)
}
