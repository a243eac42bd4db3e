import type { EventKind } from '../events.ts'
import { listOf, membersOf, textOf } from './details.ts'
import type { Facts, Rule, ToldEvent } from './replay.ts'

/** What events tell of renditions and their files. That one was begun or given up is progress, and no event. */
export const renditionRules: Partial<Record<EventKind, Rule>> = {
  'rendition.published': (event, replay) => {
    const { inputSha256, method, tool, flags } = event.details
    replay.set('rendition', keyOf(event), {
      input_sha256: inputSha256 ?? null,
      method: method ?? null,
      tool: tool ?? null,
      flags: flags ?? [],
    })
    for (const file of listOf(event.details.files).map(membersOf)) {
      replay.set('rendition_file', `${keyOf(event)}/${file.kind}/${file.number}`, {
        sha256: file.sha256 ?? null,
        bytes: file.bytes ?? null,
        start_ms: file.startMs ?? null,
        duration_ms: file.durationMs ?? null,
        event_id: event.id,
      })
    }
  },
  'rendition.ready': (event, replay) => {
    const { renditionKind, method, inputSha256, durationMs } = event.details
    replay.set('rendition', keyOf(event), {
      state: 'ready',
      kind: renditionKind ?? null,
      method: method ?? null,
      input_sha256: inputSha256 ?? null,
      duration_ms: durationMs ?? null,
      ended_at: event.at,
    })
  },
  'rendition.not_playable': (event, replay) => {
    const { reason, inputSha256, tool } = event.details
    replay.set('rendition', keyOf(event), {
      state: 'not_playable',
      reason: reason ?? null,
      input_sha256: inputSha256 ?? null,
      tool: tool ?? null,
      ended_at: event.at,
    })
  },
}

/** A rendition under way, or one that was given up before it published anything, has no event. */
export function isUntoldRendition(facts: Facts): boolean {
  return facts.state === 'running' || facts.state === 'abandoned'
}

function keyOf(event: ToldEvent): string {
  return `${textOf(event.subject('recording'))}/${event.details.renditionId}`
}
