/** The number of a seal, and how it came here. */
export interface SealNumber {
  readonly text: string
  /** Typed numbers are seen while they are typed; a scanner may have read something else, a work card above all. */
  readonly state: 'typed' | 'read_once' | 'read_twice' | 'differed'
}

export const noSealNumber: SealNumber = { text: '', state: 'typed' }

/**
 * What becomes of it when a scanner reads a text. Nothing in the number of a seal says that it is none of a work card, so the same
 * seal is read twice before it counts. Two texts that differ are none of them the seal's; what was typed, or read twice, stays.
 */
export function afterScan(before: SealNumber, text: string): SealNumber {
  if (before.state === 'read_twice') return before
  if (before.state === 'read_once') {
    return before.text === text ? { text, state: 'read_twice' } : { text: '', state: 'differed' }
  }
  return before.text === '' ? { text, state: 'read_once' } : before
}

/** Whether it may be kept. */
export function isSealNumberSure({ text, state }: SealNumber): boolean {
  return text.trim() !== '' && state !== 'read_once'
}
