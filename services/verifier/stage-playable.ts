import { createRunningHash, type RunningHash, type Sha256Digest } from '../foundation/hash.ts'
import {
  type CommittedBytes,
  type LedgerRecording,
  playableExtensions,
  type RenditionTrack,
} from '../ledger/format/recordings.ts'
import type { Bag } from './bag.ts'
import type { Findings } from './findings.ts'
import type { PlayableClaim } from './package-files.ts'

/** What a recording's files are compared with. */
export interface MediaCheck {
  readonly bag: Bag
  readonly known: LedgerRecording
  readonly sealed: CommittedBytes
  readonly withFootage: boolean
  readonly findings: Findings
}

export interface CheckedPlayables {
  /** Of all tracks together. */
  readonly state: 'proven' | 'faulty' | 'absent'
  /** Paths of those that are as they were made. */
  readonly provenPaths: readonly string[]
}

/** Checks the playable forms of one line of recordings.jsonl: all tracks of one rendition, each of them once. */
export async function checkPlayables(check: MediaCheck, claims: readonly PlayableClaim[]): Promise<CheckedPlayables> {
  const { known, withFootage, findings } = check
  const where = `recording ${known.id}`
  const first = claims[0]
  if (!first) {
    const mayLackAll = known.withheld !== null || known.readyRenditions.length === 0 || known.isRenditionDamaged
    if (withFootage && !mayLackAll) findings.add('rendition_missing', where, 'the package names no file')
    return { state: 'absent', provenPaths: [] }
  }
  const id = first.renditionId
  const tracks = known.tracks(id)
  if (!tracks || claims.some(({ renditionId }) => renditionId !== id)) {
    const what = tracks ? 'it names more than one rendition' : `the ledger's entries of rendition ${id} cannot be read`
    findings.add('recording_differs', where, what)
    return { state: 'faulty', provenPaths: [] }
  }
  const isComplete = isCompleteRendition(check, { id, tracks }, new Set(claims.map(({ track }) => track)))
  const byNumber = new Map(tracks.map((one) => [one.track, one]))
  const provenPaths: string[] = []
  for (const [at, claim] of claims.entries()) {
    const before = claims[at - 1]?.track ?? -1
    if (claim.track <= before) findings.add('recording_differs', where, `track ${claim.track} follows track ${before}`)
    else if (await isAsMade(check, claim, byNumber.get(claim.track))) provenPaths.push(claim.path)
  }
  return { state: isComplete && provenPaths.length === claims.length ? 'proven' : 'faulty', provenPaths }
}

/** Whether the rendition is ready, was made of this original, and has all its tracks among those named. */
function isCompleteRendition(
  { known, sealed, withFootage, findings }: MediaCheck,
  { id, tracks }: { readonly id: string; readonly tracks: readonly RenditionTrack[] },
  named: ReadonlySet<number>,
): boolean {
  const where = `recording ${known.id}`
  const missing = [
    ...(known.readyRenditions.includes(id) ? [] : ['was never ready']),
    ...tracks.filter(({ pieces }) => pieces.length === 0).map(({ track }) => `has no files of track ${track}`),
    ...tracks.filter(({ track }) => !named.has(track)).map(({ track }) => `has a track ${track} that is not here`),
  ]
  for (const what of withFootage ? missing : []) findings.add('rendition_missing', where, `its rendition ${id} ${what}`)
  const other = known.inputs(id).find((input) => input !== sealed.sha256)
  if (other !== undefined) findings.add('rendition_other_original', where, `it is made of ${other}`)
  return missing.length === 0 && other === undefined
}

/** Checks one track: its line against the ledger, then its file against the committed pieces. */
async function isAsMade(
  { bag, known, withFootage, findings }: MediaCheck,
  claim: PlayableClaim,
  track: RenditionTrack | undefined,
): Promise<boolean> {
  const where = `recording ${known.id}`
  const wrong = claimFault(claim, known.id, track)
  if (wrong !== null) findings.add('recording_differs', where, wrong)
  if (!bag.has(claim.path)) {
    if (withFootage) findings.add('rendition_missing', claim.path)
    return false
  }
  if (!track) return false
  const compared = comparePieces(track.pieces)
  const { sha256 } = await bag.pass(claim.path, compared.update)
  const differs = compared.difference()
  if (differs !== null) findings.add('rendition_differs', claim.path, differs)
  else if (claim.sha256 !== sha256) {
    const what = `SHA-256 ${claim.sha256} is said of its track ${claim.track}, which has ${sha256}`
    findings.add('recording_differs', where, what)
  }
  return wrong === null && differs === null && claim.sha256 === sha256
}

function claimFault(claim: PlayableClaim, id: string, track: RenditionTrack | undefined): string | null {
  const path = `data/playable/${id}-${claim.track}.${playableExtensions[claim.kind]}`
  if (claim.path !== path) return `its track ${claim.track} is said to be at ${JSON.stringify(claim.path)}, not ${path}`
  if (!track) return `the ledger has no track ${claim.track} of rendition ${claim.renditionId}`
  if (track.kind !== null && claim.kind !== track.kind)
    return `its track ${claim.track} is said to be ${claim.kind}, the ledger says ${track.kind}`
  const bytes = track.pieces.reduce((sum, piece) => sum + piece.bytes, 0)
  if (claim.bytes === bytes) return null
  return `${claim.bytes} bytes are said of its track ${claim.track}, the ledger has ${bytes}`
}

/** Compares bytes that come in chunks with pieces that follow each other. */
function comparePieces(pieces: readonly CommittedBytes[]): {
  update: (chunk: Uint8Array) => void
  difference: () => string | null
} {
  let at = 0
  let running: RunningHash<Sha256Digest> | null = null
  let found: string | null = null
  /** Ends the piece that is full, and those without bytes that follow it. */
  const settle = () => {
    while (found === null && at < pieces.length) {
      const piece = pieces[at]!
      const current: RunningHash<Sha256Digest> = running ?? createRunningHash({ sm3: false })
      running = current
      if (current.bytes() < piece.bytes) return
      if (current.digest().sha256.toString('hex') !== piece.sha256)
        found = `piece ${at + 1} of ${pieces.length} differs`
      running = null
      at += 1
    }
  }
  return {
    update: (chunk) => {
      let rest = chunk
      while (found === null && rest.length > 0) {
        settle()
        if (found !== null) return
        if (at >= pieces.length) {
          found = 'it has bytes behind its last piece'
          return
        }
        const take = Math.min(rest.length, pieces[at]!.bytes - running!.bytes())
        running!.update(rest.subarray(0, take))
        rest = rest.subarray(take)
      }
    },
    difference: () => {
      settle()
      return found ?? (at < pieces.length ? `it ends within piece ${at + 1} of ${pieces.length}` : null)
    },
  }
}
