import { Type } from 'typebox'
import { renditionFileKinds, renditionKinds, renditionMethods } from '../../foundation/db/words.ts'
import { event } from './event.ts'
import type { ReplayedEvent } from './replay.ts'
import { Bytes, Count, closed, Digest, Id, Milliseconds, orNull, Text } from './shapes.ts'

const subjects = { recording: 'one', device: 'one' } as const
const MethodWord = Type.Enum([...renditionMethods])

/** Renditions and their files. That one was begun or given up is progress, and no event. */
export const renditionEvents = {
  'rendition.published': event({
    zh: '播放件登记',
    en: 'rendition files published',
    subjects,
    details: {
      renditionId: Id,
      inputSha256: Digest,
      method: MethodWord,
      tool: Text,
      /** The tool's command line. */
      flags: Type.Array(Text),
      files: Type.Array(
        closed({
          kind: Type.Enum([...renditionFileKinds]),
          number: Count,
          sha256: Digest,
          bytes: Bytes,
          startMs: Milliseconds,
          durationMs: Milliseconds,
        }),
      ),
    },
    rows: (event, replay) => {
      const { inputSha256, method, tool, flags, files } = event.details
      replay.set('rendition', keyOf(event), { input_sha256: inputSha256, method, tool, flags })
      for (const file of files) {
        replay.set('rendition_file', `${keyOf(event)}/${file.kind}/${file.number}`, {
          sha256: file.sha256,
          bytes: file.bytes,
          start_ms: file.startMs,
          duration_ms: file.durationMs,
          event_id: event.id,
        })
      }
    },
  }),
  'rendition.ready': event({
    zh: '播放件制成',
    en: 'rendition ready',
    subjects,
    details: {
      renditionId: Id,
      renditionKind: Type.Enum([...renditionKinds]),
      method: MethodWord,
      inputSha256: Digest,
      durationMs: orNull(Milliseconds),
      /** How many files there are of each kind. */
      files: closed({
        init: Type.Optional(Count),
        segment: Type.Optional(Count),
        thumbnail: Type.Optional(Count),
        still: Type.Optional(Count),
      }),
    },
    rows: (event, replay) => {
      const { renditionKind, method, inputSha256, durationMs } = event.details
      replay.set('rendition', keyOf(event), {
        state: 'ready',
        kind: renditionKind,
        method,
        input_sha256: inputSha256,
        duration_ms: durationMs,
        ended_at: event.at,
      })
    },
  }),
  'rendition.not_playable': event({
    zh: '无法制作播放件',
    en: 'recording not playable',
    subjects,
    details: { renditionId: Id, reason: Text, inputSha256: Digest, tool: Text },
    rows: (event, replay) => {
      const { reason, inputSha256, tool } = event.details
      replay.set('rendition', keyOf(event), {
        state: 'not_playable',
        reason,
        input_sha256: inputSha256,
        tool,
        ended_at: event.at,
      })
    },
  }),
} as const

function keyOf(event: ReplayedEvent<{ readonly renditionId: string }>): string {
  return `${event.keyOf('recording')}/${event.details.renditionId}`
}
