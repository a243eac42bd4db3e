import { type CommittedBytes, committedBytes, type LedgerRecording, recordingsOf } from '../ledger/format/recordings.ts'
import type { ReadEvent } from '../ledger/verify/events.ts'
import type { Bag } from './bag.ts'
import type { Findings } from './findings.ts'
import { type EventLine, type OriginalClaim, type PackageFiles, paths, type RecordingLine } from './package-files.ts'
import { type CheckedPlayables, checkPlayables, type MediaCheck } from './stage-playable.ts'

/** What became of a recording's files. */
export interface CheckedRecording {
  readonly id: string
  readonly bytes: number | null
  readonly sha256: string | null
  readonly original: 'proven' | 'faulty' | 'absent'
  readonly playable: CheckedPlayables['state']
  /** Paths of its files that are what the ledger says. */
  readonly provenPaths: readonly string[]
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
    return { id, bytes: null, sha256: null, original: 'faulty', playable: 'faulty', provenPaths: [], withheld: null }
  }
  if (withFootage && !original && !known.withheld) findings.add('media_missing', where, 'the package names no file')
  const check = { bag, known, sealed, withFootage, findings }
  const originalState = original ? await checkOriginal(check, original) : 'absent'
  const playables = await checkPlayables(check, playable)
  const originalPaths = original && originalState === 'proven' ? [original.path] : []
  return {
    id,
    ...sealed,
    withheld: known.withheld,
    original: originalState,
    playable: playables.state,
    provenPaths: [...originalPaths, ...playables.provenPaths],
  }
}

async function checkOriginal(
  { bag, known, sealed, withFootage, findings }: MediaCheck,
  claim: OriginalClaim,
): Promise<'proven' | 'faulty'> {
  const wrong = originalFault(claim, known, sealed)
  if (wrong !== null) findings.add('recording_differs', `recording ${known.id}`, wrong)
  if (!bag.has(claim.path)) {
    if (withFootage) findings.add('media_missing', claim.path)
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
