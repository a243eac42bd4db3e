import { randomBytes } from 'node:crypto'
import { Fault } from '../../services/foundation/errors.ts'
import { encodeEntryBundle } from '../../services/ledger/format/bundle.ts'
import { canonicalText, type JsonValue } from '../../services/ledger/format/canonical.ts'
import { commitmentOf, leafHash, makeLeafData } from '../../services/ledger/format/entry.ts'
import { linkTag } from '../../services/ledger/format/links.ts'
import { parseLogKeys } from '../../services/ledger/format/log-keys.ts'
import { appendToFrontier, emptyFrontier, rootOf } from '../../services/ledger/format/merkle.ts'
import { generateSignerKey, parseSignerKey } from '../../services/ledger/format/note.ts'
import { signCheckpoint } from '../../services/ledger/format/signed-checkpoint.ts'
import { growTiles, parseTilePath, tilePath } from '../../services/ledger/format/tiles.ts'
import { vrfGenerateKey, vrfProve, vrfPublicKey } from '../../services/ledger/format/vrf.ts'
import type { ShownHandIn } from '../../services/ledger/verify/shown-hand-in.ts'
import type { DisclosedSubject } from '../../services/ledger/verify/subjects.ts'

export interface LoggedEvent {
  id: string
  index: number | null
  kind: string
  at: string
  actor: string
  actorRole: string
  subjects: { type: string; id: string }[]
  details: Record<string, JsonValue>
  body: string
  salt: string
  leafHash: string | null
}

/** A chain that a test may change. */
export interface OpenChain {
  case: { number: string }
  checkpoint: string
  subjects: { -readonly [K in keyof DisclosedSubject]: DisclosedSubject[K] }[]
  events: LoggedEvent[]
  loose: LoggedEvent[]
  handIns: ShownHandIn[]
}

/** What the log itself does wrong at a leaf. */
export interface LogFault {
  readonly index: number
  /** How much the subject's number grows: 0 when somebody took its last row out of the database, 2 when one is skipped. */
  readonly steps?: { readonly subject: string; readonly by: number }
  /** The subject whose link is left out. */
  readonly unlinked?: string
  /** Committed in the place of the event's body. */
  readonly body?: string
  /** Signed in the place of the leaf. */
  readonly data?: Buffer
}

/** A log in memory, with the case 'C1', its recording 'r1' and other events between theirs. */
export function makeLog(size: number, ...faults: readonly LogFault[]) {
  const keys = generateSignerKey('test.log')
  const vrfSecretKey = vrfGenerateKey()
  const secrets = new Map<string, { output: Buffer; proof: Buffer }>()
  const numbers = new Map<string, number>()
  const entries: Buffer[] = []
  const all: LoggedEvent[] = []

  const secretOf = (subject: string) => {
    const known = secrets.get(subject) ?? vrfProve(vrfSecretKey, Buffer.from(subject))
    secrets.set(subject, known)
    return known
  }
  for (let index = 0; index < size; index++) {
    const event = eventAt(index)
    const wrong = faults.find((fault) => fault.index === index)
    const salt = randomBytes(32)
    const links = event.subjects.flatMap(({ type, id }) => {
      const subject = `${type}:${id}`
      if (wrong?.unlinked === subject) return []
      const n = (numbers.get(subject) ?? 0) + (wrong?.steps?.subject === subject ? wrong.steps.by : 1)
      numbers.set(subject, n)
      return [linkTag(secretOf(subject).output, n)]
    })
    const body = wrong?.body ?? canonicalText(event)
    const data = wrong?.data ?? makeLeafData({ commitment: commitmentOf(salt, body), links, randomBytes })
    entries.push(data)
    all.push({ ...event, index, body, salt: salt.toString('hex'), leafHash: leafHash(data).toString('hex') })
  }
  const files = tilesOf(entries)
  const root = rootOf(appendToFrontier(emptyFrontier, entries.map(leafHash)))
  const checkpoint = signCheckpoint({ origin: 'test.log', size, root }, parseSignerKey(keys.signerKey))
  /** A subject of the log with its true secret. */
  const disclose = (subject: string): DisclosedSubject => {
    const { output, proof } = secretOf(subject)
    return { subject, secret: output.toString('hex'), proof: proof.toString('hex') }
  }
  const subjects = ['case:C1', 'recording:r1'].map(disclose)
  const events = all.filter(({ subjects }) => subjects.some(({ type }) => type === 'case' || type === 'recording'))
  const chain: OpenChain = { case: { number: 'C1' }, checkpoint, subjects, events, loose: [], handIns: [] }
  return {
    chain: () => structuredClone(chain),
    files,
    entries,
    root,
    signer: parseSignerKey(keys.signerKey),
    disclose,
    /** Any event of the log, with what its leaf committed. */
    eventAt: (index: number): LoggedEvent => structuredClone(all[index]!),
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

type Details = LoggedEvent['details']

function eventAt(index: number) {
  const common = { id: `e${index}`, at: new Date(index * 1000).toISOString(), actor: 'a', actorRole: 'service' }
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
