import { createRunningHash, type RunningHash, type Sha256Digest } from '../foundation/hash.ts'
import { type CommittedBytes, committedBytes, type LedgerRecording, recordingsOf } from '../ledger/format/recordings.ts'
import type { ReadEvent } from '../ledger/verify/events.ts'
import type { Bag } from './bag.ts'
import type { Findings } from './findings.ts'
import {
  type EventLine,
  type OriginalClaim,
  type PackageFiles,
  type PlayableClaim,
  paths,
  type RecordingLine,
} from './package-files.ts'

/** What became of a recording's files. */
export interface CheckedRecording {
  readonly id: string
  readonly bytes: number | null
  readonly sha256: string | null
  readonly original: 'proven' | 'faulty' | 'absent'
  readonly playable: 'proven' | 'faulty' | 'absent'
  /** By the ledger: it lies in quarantine, or is not in this case (any more). */
  readonly withheld: LedgerRecording['withheld']
}

/** Stage 6: recordings, originals and playable forms against what the ledger says of them. */
export async function checkMedia(
  bag: Bag,
  files: PackageFiles,
  events: readonly ReadEvent<EventLine>[],
  findings: Findings,
): Promise<CheckedRecording[]> {
  const read = events.flatMap(({ shown, body }) => (body ? [{ index: shown.index, body }] : []))
  const known = recordingsOf(files.claims.caseNumber, read)
  const disclosed = files.subjects.flatMap(({ subject }) =>
    subject.startsWith('recording:') ? [subject.slice(10)] : [],
  )
  const lineIds = files.recordings.map(({ id }) => id)
  for (const id of disclosed) {
    if (!lineIds.includes(id))
      findings.add('recording_differs', `recording ${id}`, `it has no line in ${paths.recordings}`)
  }
  const checked: CheckedRecording[] = []
  for (const [at, line] of files.recordings.entries()) {
    const where = `recording ${line.id}`
    if (lineIds.indexOf(line.id) !== at) findings.add('recording_differs', where, 'it has two lines')
    else if (!disclosed.includes(line.id)) findings.add('recording_differs', where, 'it is no disclosed subject')
    checked.push(await checkRecording(bag, line, known.get(line.id), files.claims.withFootage, findings))
  }
  return checked
}

async function checkRecording(
  bag: Bag,
  { id, original, playable }: RecordingLine,
  known: LedgerRecording | undefined,
  withFootage: boolean,
  findings: Findings,
): Promise<CheckedRecording> {
  const where = `recording ${id}`
  const sealed = known?.sealings.length === 1 ? committedBytes(known.sealings[0]!.details) : null
  if (!known || !sealed) {
    findings.add('recording_differs', where, `${known?.sealings.length ?? 0} events seal it, or one without a digest`)
    return { id, bytes: null, sha256: null, original: 'faulty', playable: 'faulty', withheld: null }
  }
  if (withFootage && !original && !known.withheld) findings.add('media_missing', where, 'the package names no file')
  const mayLackPlayable = known.withheld !== null || known.readyRenditions.length === 0 || known.isRenditionDamaged
  if (withFootage && !playable && !mayLackPlayable)
    findings.add('rendition_missing', where, 'the package names no file')
  return {
    id,
    ...sealed,
    withheld: known.withheld,
    original: original ? await checkOriginal(bag, original, known, sealed, findings) : 'absent',
    playable: playable ? await checkPlayable(bag, playable, known, sealed, findings) : 'absent',
  }
}

async function checkOriginal(
  bag: Bag,
  claim: OriginalClaim,
  known: LedgerRecording,
  sealed: CommittedBytes,
  findings: Findings,
): Promise<'proven' | 'faulty'> {
  const wrong = originalFault(claim, known, sealed)
  if (wrong !== null) findings.add('recording_differs', `recording ${known.id}`, wrong)
  if (!bag.has(claim.path)) {
    findings.add('media_missing', claim.path)
    return 'faulty'
  }
  const { sha256, bytes } = await bag.digest(claim.path)
  if (sha256 === sealed.sha256 && bytes === sealed.bytes) return wrong === null ? 'proven' : 'faulty'
  const had = `${bytes} bytes with SHA-256 ${sha256}`
  findings.add('media_differs', claim.path, `${had}; sealed were ${sealed.bytes} bytes with ${sealed.sha256}`)
  return 'faulty'
}

function originalFault(claim: OriginalClaim, known: LedgerRecording, sealed: CommittedBytes): string | null {
  const folder = `data/originals/${known.id}/`
  const isOwnPath = claim.path.startsWith(folder) && /^original(\.[A-Za-z0-9]+)?$/.test(claim.path.slice(folder.length))
  if (!isOwnPath) return `its original is said to be ${JSON.stringify(claim.path)}`
  if (claim.bytes !== sealed.bytes) return `${claim.bytes} bytes are said, the ledger sealed ${sealed.bytes}`
  if (claim.sha256 !== sealed.sha256) return `SHA-256 ${claim.sha256} is said, the ledger sealed ${sealed.sha256}`
  if (claim.sm3 !== known.sm3) return `SM3 ${claim.sm3} is said, the ledger has ${known.sm3}`
  return null
}

async function checkPlayable(
  bag: Bag,
  claim: PlayableClaim,
  known: LedgerRecording,
  sealed: CommittedBytes,
  findings: Findings,
): Promise<'proven' | 'faulty'> {
  const where = `recording ${known.id}`
  const pieces = known.pieces(claim.renditionId)
  const wrong = playableFault(claim, known.id, pieces)
  if (wrong !== null) findings.add('recording_differs', where, wrong)
  const isReady = known.readyRenditions.some(({ id }) => id === claim.renditionId)
  if (!isReady) findings.add('rendition_missing', where, `its rendition ${claim.renditionId} was never ready`)
  if (pieces?.length === 0) findings.add('rendition_missing', where, `its rendition ${claim.renditionId} has no files`)
  const others = known.inputs(claim.renditionId).filter((input) => input !== sealed.sha256)
  if (others.length > 0) findings.add('rendition_other_original', where, `it is made of ${others[0]}`)
  if (!bag.has(claim.path)) {
    findings.add('rendition_missing', claim.path)
    return 'faulty'
  }
  const compared = comparePieces(pieces ?? [])
  const { sha256 } = await bag.pass(claim.path, compared.update)
  const differs = compared.difference()
  if (pieces && differs !== null) findings.add('rendition_differs', claim.path, differs)
  if (pieces && differs === null && claim.sha256 !== sha256) {
    findings.add(
      'recording_differs',
      where,
      `SHA-256 ${claim.sha256} is said of its playable form, which has ${sha256}`,
    )
  }
  const isSound = wrong === null && isReady && others.length === 0 && claim.sha256 === sha256
  return pieces && pieces.length > 0 && differs === null && isSound ? 'proven' : 'faulty'
}

function playableFault(claim: PlayableClaim, id: string, pieces: readonly CommittedBytes[] | null): string | null {
  const start = `data/playable/${id}.`
  const isOwnPath = claim.path.startsWith(start) && /^[A-Za-z0-9]+$/.test(claim.path.slice(start.length))
  if (!isOwnPath) return `its playable form is said to be ${JSON.stringify(claim.path)}`
  if (!pieces) return `the ledger's entries of rendition ${claim.renditionId} cannot be read`
  const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0)
  return claim.bytes === bytes ? null : `${claim.bytes} bytes are said of its playable form, the ledger has ${bytes}`
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
