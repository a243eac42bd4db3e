import type { System } from '../system.ts'
import type { HandedIn, RecordingView } from './story.ts'
import { table } from './table.ts'
import type { Watched } from './watch.ts'

interface ChainEvent {
  readonly index: number | null
  readonly kind: string
  readonly subjects: readonly { type: string; id: string }[]
}

/** The parts of `custody chain --json` that the table shows. */
export interface ChainReport {
  readonly chain: {
    readonly events: readonly ChainEvent[]
    readonly recordings: readonly {
      readonly id: string
      readonly copies: readonly { store: string; versionId: string }[]
    }[]
  }
  readonly findings: readonly unknown[]
}

export interface Outcome {
  readonly system: System
  readonly handed: readonly HandedIn[]
  readonly recordings: readonly RecordingView[]
  readonly watched: ReadonlyMap<string, Watched>
  readonly report: ChainReport
  readonly caseNumber: string
}

/** Prints what happened, a block for each recording, then where to look. */
export function printOutcome(outcome: Outcome): void {
  const lines = [
    '',
    table(
      ['device', 'file', 'bytes', 'state', 'rendition', 'watched s', 'ledger indexes'],
      outcome.handed.map((item) => summary(outcome, item)),
    ),
    '',
    'What was sealed, and where its three copies lie:',
    ...outcome.handed
      .filter(({ result }) => result.state !== 'duplicate')
      .flatMap((item) => particulars(outcome, item)),
    '',
    `Case ${outcome.caseNumber}: ${outcome.report.chain.events.length} events, ${outcome.report.findings.length} findings.`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

function summary(outcome: Outcome, { file, result }: HandedIn): string[] {
  const view = viewOf(outcome, result.recordingId)
  return [
    file.serial,
    result.state === 'duplicate' ? file.rawName.toString('utf8') : displayName(view, file.rawName),
    String(view?.bytes ?? ''),
    result.state === 'sealed' ? (view?.state ?? result.state) : result.state,
    renditionText(view),
    outcome.watched.get(result.recordingId ?? '')?.seconds.toFixed(0) ?? '–',
    indexesOf(outcome, result.recordingId),
  ]
}

function particulars(outcome: Outcome, { file, result }: HandedIn): string[] {
  const view = viewOf(outcome, result.recordingId)
  if (!view) return [`  ${file.serial} ${displayName(view, file.rawName)}: ${result.state} ${result.reason ?? ''}`]
  const copies = outcome.report.chain.recordings.find(({ id }) => id === view.id)?.copies ?? []
  return [
    `  ${view.id}  ${displayName(view, file.rawName)}`,
    `    SHA-256 ${String(view.sha256)}`,
    `    SM3     ${String(view.sm3)}`,
    ...copies.map(({ store, versionId }) => `    ${store.padEnd(8)} version ${versionId}`),
  ]
}

function viewOf(outcome: Outcome, id: string | null): RecordingView | undefined {
  return outcome.recordings.find((view) => view.id === id)
}

function displayName(view: RecordingView | undefined, rawName: Buffer): string {
  const name = view?.name as { text?: string } | string | undefined
  return (typeof name === 'string' ? name : name?.text) ?? rawName.toString('utf8')
}

function renditionText(view: RecordingView | undefined): string {
  const rendition = view?.rendition
  if (!rendition) return '–'
  if (rendition.state === 'not_playable') return `not playable: ${rendition.reason ?? ''}`
  return [rendition.kind, rendition.method].filter(Boolean).join(', ')
}

function indexesOf(outcome: Outcome, recordingId: string | null): string {
  const indexes = outcome.report.chain.events
    .filter(({ subjects }) => subjects.some(({ type, id }) => type === 'recording' && id === recordingId))
    .map(({ index }) => index)
    .filter((index) => index !== null)
  return ranges(indexes)
}

/** 1,2,3,7 as `1-3 7`. */
function ranges(numbers: readonly number[]): string {
  const parts: string[] = []
  for (let start = 0; start < numbers.length; ) {
    let end = start
    while (numbers[end + 1] === numbers[end]! + 1) end += 1
    parts.push(end === start ? `${numbers[start]}` : `${numbers[start]}-${numbers[end]}`)
    start = end + 1
  }
  return parts.join(' ')
}
