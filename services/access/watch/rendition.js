// What a recording's rendition is, and what has to be known when it is watched.

import { spoken, word } from './words.js'

/** The state of a recording's rendition, with the reason when it cannot be played; `preview`: its first minute is there. */
export function renditionText({ rendition, preview }) {
  const state = word('renditions')[preview ? 'preview' : (rendition?.state ?? 'none')]
  if (rendition?.state !== 'not_playable') return state
  const reason = spoken({ zh: rendition.reasonZh ?? rendition.reason, en: rendition.reason })
  return word('withReason').replace('{text}', state).replace('{reason}', reason)
}

/** Whether the custodian may open a viewing of it. */
export function mayBeViewed({ quarantineReason, rendition }) {
  return quarantineReason === null && rendition?.state !== 'not_playable'
}

/** Sentences for whoever watches it; none for one that differs from its original in nothing. */
export function renditionSentences({ rendition }) {
  if (rendition === null || rendition.state === 'not_playable') return []
  return rendition.check === null ? [word('notCompared')] : spoken(rendition.check.notes)
}

/** A sentence that says how many tracks there are beside the one that is played; none when there are no others. */
export function furtherTracksSentences(tracks) {
  const further = tracks.filter(({ track }) => track !== 0)
  const parts = ['video', 'audio', 'still'].flatMap((kind) => {
    const count = further.filter((one) => one.kind === kind).length
    const text = word('tracksOfKind')[kind][count === 1 ? 'one' : 'many']
    return count === 0 ? [] : [text.replace('{count}', count)]
  })
  return parts.length === 0 ? [] : [word('furtherTracks').replace('{tracks}', parts.join(word('tracksOfKind').and))]
}
