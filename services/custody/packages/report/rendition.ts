import { plain } from '../../../foundation/plain-text.ts'
import type { EventBody } from '../../../ledger/format/entry.ts'
import { playableExtensions } from '../../../ledger/format/recordings.ts'
import { eventOf, type KnownEvent } from '../../events/read.ts'
import { renditionNotes, renditionNotesHeading } from '../../viewing/rendition-notes.ts'
import type { Block } from './content.ts'
import type { ReportRecording } from './facts.ts'
import type { Reading } from './reading.ts'
import { playableKindName, shownSeconds, shownTime } from './words.ts'

type Tracks = NonNullable<KnownEvent<'rendition.ready'>['details']['tracks']>

/** The tracks of a recording's rendition, and what has to be known when it is watched; empty where nothing has. */
export function renditionBlocks(reading: Reading, recording: ReportRecording): Block[] {
  const { tracks = [], suppliedSha256 } = readyOf(reading, recording)?.details ?? {}
  const notes = notesOf(reading, recording)
  return [
    ...(suppliedSha256 === undefined ? [] : [suppliedFacts(reading, recording, suppliedSha256)]),
    ...(tracks.length > 0 ? [trackTable(recording, tracks, suppliedSha256 ? '所提交影片的流' : '流')] : []),
    ...(notes.length > 0
      ? [
          { kind: 'heading' as const, text: `${renditionNotesHeading.zh}（${reading.numberOf(recording.id)}）` },
          { kind: 'list' as const, items: notes },
        ]
      : []),
  ]
}

/** The sentences about a recording's rendition, each fit to be printed. */
export function notesOf(reading: Reading, recording: ReportRecording): string[] {
  const ready = readyOf(reading, recording)
  if (!ready) return []
  return renditionNotes(ready.details, isUnchanged(reading, recording)).zh.map(plain)
}

/** Of a film that was supplied: with what and by whom, and who confirmed it. */
function suppliedFacts(reading: Reading, { id }: ReportRecording, sha256: string): Block {
  const supplied = reading
    .ofKind('rendition.supplied')
    .findLast(
      ({ subjects, details }) =>
        details.sha256 === sha256 && subjects.some((one) => one.type === 'recording' && one.id === id),
    )
  const rows: [string, string][] = supplied
    ? [
        ['导出软件', plain(`${supplied.details.tool} ${supplied.details.toolVersion}`)],
        ['导出方法', plain(supplied.details.how)],
        ['提交人', reading.nameOf(supplied.details.proposedBy)],
        ['复核人', `${reading.nameOf(supplied.actor)}，${shownTime(supplied.at)}`],
      ]
    : []
  return { kind: 'facts', rows: [['播放件来源', '厂家软件导出影片'], ['影片 SHA-256', sha256], ...rows] }
}

/**
 * Whether it may be said that the original is unchanged. One that goes along was compared with its digest while it was
 * written, one that does not when it was verified; but then no copy may be known to be damaged.
 */
function isUnchanged(reading: Reading, { id, hasOriginal, sm3 }: ReportRecording): boolean {
  const isDamaged = reading.copiesOf(id).some(({ state }) => state === 'damaged')
  return (hasOriginal || sm3 !== null) && !isDamaged && !reading.about(id).some(speaksAgainst)
}

/** Whether an event says that something is wrong with a copy of the recording that it is about. */
function speaksAgainst(body: EventBody): boolean {
  if (body.kind === 'recording.damaged') return true
  const alarm = eventOf(body, 'alarm.raised')?.details
  if (alarm?.alarm === 'copy_damaged') return true
  return alarm?.alarm === 'fsck_error' && alarm.subject.startsWith('copy ')
}

/** The event of the rendition that is in the package, or would be: the one that became ready last. */
function readyOf(reading: Reading, { id }: ReportRecording): KnownEvent<'rendition.ready'> | undefined {
  return reading
    .ofKind('rendition.ready')
    .findLast(({ subjects }) => subjects.some((one) => one.type === 'recording' && one.id === id))
}

/** @param stream what its streams are called: those of the original, or of a film that was supplied */
function trackTable(recording: ReportRecording, tracks: Tracks, stream: string): Block {
  return {
    kind: 'table',
    columns: [
      { title: '轨道', share: 0.08 },
      { title: '播放件', share: 0.32 },
      { title: '取自原始文件', share: 0.2 },
      { title: '时长', share: 0.12 },
      { title: '包内文件', share: 0.28, isCode: true },
    ],
    rows: [...tracks]
      .sort((one, other) => one.track - other.track)
      .map(({ track, kind, name, streams, channels, durationMs }) => [
        String(track),
        `${playableKindName(kind)}${track === 0 ? '（主轨道）' : ''}${name ? ` ${plain(name)}` : ''}`,
        `${stream} ${streams.join('、') || '—'}${channels ? `，声道 ${channels.join('、')}` : ''}`,
        durationMs === null ? '—' : shownSeconds(durationMs),
        recording.hasPlayable ? `${recording.id}-${track}.${playableExtensions[kind]}` : '—',
      ]),
  }
}
