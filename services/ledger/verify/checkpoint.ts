import { isFault } from '../../foundation/errors.ts'
import { type Checkpoint, parseCheckpoint } from '../format/checkpoint.ts'
import type { LogKeys } from '../format/log-keys.ts'
import { splitNote } from '../format/note.ts'
import { openCheckpoint } from '../format/signed-checkpoint.ts'

/** Why a note is no checkpoint to rely on. */
export interface CheckpointFault {
  readonly code: 'checkpoint_malformed' | 'checkpoint_origin' | 'checkpoint_signature'
  readonly what: string
}

/**
 * Opens the signed note of a checkpoint with the log's keys alone, or says what is wrong with it. DESIGN.md §4: a checkpoint
 * of ours has no extension lines. §7: every key of the set that signs at its size signed it, and none of their lines is wrong.
 */
export function checkSignedCheckpoint(
  note: string,
  log: LogKeys,
): { readonly checkpoint: Checkpoint } | { readonly fault: CheckpointFault } {
  const refuse = (code: CheckpointFault['code'], what: string) => ({ fault: { code, what } })
  try {
    const { origin, extensions } = parseCheckpoint(splitNote(note).text)
    if (extensions.length > 0) return refuse('checkpoint_malformed', 'it has extension lines')
    if (origin !== log.origin) {
      return refuse('checkpoint_origin', `it is of the log ${origin}, the given keys are of ${log.origin}`)
    }
    return { checkpoint: openCheckpoint(note, log) }
  } catch (error) {
    if (isFault(error, 'malformed')) return refuse('checkpoint_malformed', error.message)
    if (isFault(error, 'unproven')) return refuse('checkpoint_signature', error.message)
    throw error
  }
}
