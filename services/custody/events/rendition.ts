import { type Static, Type } from 'typebox'
import { renditionFileKinds, renditionKinds, renditionMethods, whyNotPlayable } from '../../foundation/db/words.ts'
import { event } from './event.ts'
import type { Replay, ReplayedEvent } from './replay.ts'
import { Bytes, Count, closed, Digest, Id, Milliseconds, orNull, Text } from './shapes.ts'
import { holeReasons, notShownReasons, previewEnds, renditionDifferences } from './words.ts'

const subjects = { recording: 'one', device: 'one' } as const
const MethodWord = Type.Enum([...renditionMethods])
/** Digest of the film that two people supplied; absent in a rendition that was made of the original. */
const suppliedSha256 = Type.Optional(Digest)
const KindWord = Type.Enum([...renditionKinds])

/**
 * What the check before `rendition.ready` found. All of it is absent in bodies written before there was such a check; then
 * the rendition has track 0 alone, and nothing is known of differences.
 */
const checkedDetails = {
  tracks: Type.Optional(
    Type.Array(
      closed({
        track: Count,
        kind: KindWord,
        /** Numbers of the original's own streams that this track shows. */
        streams: Type.Array(Count),
        /** The channels of its sound that this track holds, counted from 1. */
        channels: Type.Optional(Type.Array(Count)),
        durationMs: orNull(Milliseconds),
        name: Type.Optional(Text),
      }),
    ),
  ),
  /** How the rendition differs from the original, and where. */
  differences: Type.Optional(
    Type.Array(
      closed({
        what: Type.Enum([...renditionDifferences]),
        track: Type.Optional(Count),
        fromMs: Type.Optional(Milliseconds),
        toMs: Type.Optional(Milliseconds),
        /** The original's channel, from 1. */
        channel: Type.Optional(Count),
        statedMs: Type.Optional(Milliseconds),
        foundMs: Type.Optional(Milliseconds),
      }),
    ),
  ),
  /** How many there are, when only some of each kind are listed; so it is with the holes. */
  differencesInAll: Type.Optional(Count),
  /** Where a track shows nothing, because the original has nothing there that can be shown. */
  holes: Type.Optional(
    Type.Array(closed({ track: Count, fromMs: Milliseconds, toMs: Milliseconds, why: Type.Enum([...holeReasons]) })),
  ),
  holesInAll: Type.Optional(Count),
  /** Streams of the original that no track shows. */
  notShown: Type.Optional(
    Type.Array(closed({ stream: Count, why: Type.Enum([...notShownReasons]), detail: Type.Optional(Text) })),
  ),
  /** The length that the original's header states, and the length of what can be played. */
  statedMs: Type.Optional(Milliseconds),
  foundMs: Type.Optional(Milliseconds),
  inventorySha256: Type.Optional(Digest),
} as const

/** A file that an event publishes. */
const PublishedFile = closed({
  /** Absent in bodies written before renditions had tracks: 0. */
  track: Type.Optional(Count),
  kind: Type.Enum([...renditionFileKinds]),
  number: Count,
  sha256: Digest,
  bytes: Bytes,
  startMs: Milliseconds,
  durationMs: Milliseconds,
})

/** Renditions and their files. That one was begun or given up is progress, and no event. */
export const renditionEvents = {
  'rendition.published': event({
    zh: '播放件登记',
    en: 'rendition files published',
    subjects,
    details: {
      renditionId: Id,
      inputSha256: Digest,
      suppliedSha256,
      method: MethodWord,
      tool: Text,
      /** The tool's command line. */
      flags: Type.Array(Text),
      files: Type.Array(PublishedFile),
    },
    rows: (event, replay) => {
      const { inputSha256, method, tool, flags } = event.details
      replay.set('rendition', keyOf(event), { input_sha256: inputSha256, method, tool, flags })
      setFiles(event, replay)
    },
  }),
  'rendition.preview_published': event({
    zh: '预览登记',
    en: 'preview published',
    subjects,
    details: {
      renditionId: Id,
      renditionKind: KindWord,
      /** The sealed digest. Nothing was compared with it when this was written. */
      inputSha256: Digest,
      method: MethodWord,
      tool: Text,
      flags: Type.Array(Text),
      durationMs: Milliseconds,
      /**
       * The bytes of the original that it was made from: offsets of the first, and of the one after the last, and the digest
       * of what the store gave for them. Without the digest (bodies written before it was kept) nobody can say that they are
       * the original's, and the preview is withdrawn when the whole has been read.
       */
      read: Type.Array(closed({ fromByte: Bytes, toByte: Bytes, sha256: Type.Optional(Digest) })),
      files: Type.Array(PublishedFile),
    },
    rows: (event, replay) => {
      const { renditionKind, inputSha256, method, tool, flags, durationMs } = event.details
      replay.set('rendition', keyOf(event), {
        ...{ state: 'preview', kind: renditionKind, input_sha256: inputSha256, method, tool, flags },
        duration_ms: durationMs,
      })
      setFiles(event, replay)
    },
  }),
  'rendition.preview_ended': event({
    zh: '预览终止',
    en: 'preview ended',
    subjects,
    details: { renditionId: Id, why: Type.Enum([...previewEnds]) },
    rows: (event, replay) => {
      const state = event.details.why === 'withdrawn' ? 'withdrawn' : 'preview_ended'
      replay.set('rendition', keyOf(event), { state, ended_at: event.at })
    },
  }),
  'rendition.ready': event({
    zh: '播放件制成',
    en: 'rendition ready',
    subjects,
    details: {
      renditionId: Id,
      renditionKind: KindWord,
      method: MethodWord,
      inputSha256: Digest,
      suppliedSha256,
      durationMs: orNull(Milliseconds),
      /** How many files there are of each kind. */
      files: closed({
        init: Type.Optional(Count),
        segment: Type.Optional(Count),
        thumbnail: Type.Optional(Count),
        still: Type.Optional(Count),
      }),
      ...checkedDetails,
    },
    rows: (event, replay) => {
      const { renditionKind, method, inputSha256, durationMs } = event.details
      replay.set('rendition', keyOf(event), {
        state: 'ready',
        kind: renditionKind,
        ready_event_id: event.id,
        method,
        input_sha256: inputSha256,
        duration_ms: durationMs,
        ended_at: event.at,
      })
      if (event.details.suppliedSha256 === undefined) return
      const recordingId = event.keyOf('recording')
      const supplies = replay.keys('rendition_supply', `${recordingId}/`, ({ state }) => state === 'making')
      for (const supply of supplies) replay.set('rendition_supply', supply, { state: 'ready' })
    },
  }),
  'rendition.not_playable': event({
    zh: '无法制作播放件',
    en: 'recording not playable',
    subjects,
    details: {
      renditionId: Id,
      reason: Text,
      /** The reason as a word; absent in bodies written before there were such words. */
      why: Type.Optional(Type.Enum([...whyNotPlayable])),
      inputSha256: Digest,
      tool: Text,
    },
    rows: (event, replay) => {
      const { reason, why = null, inputSha256, tool } = event.details
      replay.set('rendition', keyOf(event), {
        state: 'not_playable',
        reason,
        why,
        input_sha256: inputSha256,
        tool,
        ended_at: event.at,
      })
    },
  }),
} as const

type Published = ReplayedEvent<{
  readonly renditionId: string
  readonly files: readonly Static<typeof PublishedFile>[]
}>

function setFiles(event: Published, replay: Replay): void {
  for (const file of event.details.files) {
    replay.set('rendition_file', `${keyOf(event)}/${file.track ?? 0}/${file.kind}/${file.number}`, {
      sha256: file.sha256,
      bytes: file.bytes,
      start_ms: file.startMs,
      duration_ms: file.durationMs,
      event_id: event.id,
    })
  }
}

function keyOf(event: ReplayedEvent<{ readonly renditionId: string }>): string {
  return `${event.keyOf('recording')}/${event.details.renditionId}`
}
