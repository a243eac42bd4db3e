/** What events are about. The id of a case is its number, of a device its serial, of everything else its own id. */
export const subjectTypes = [
  'recording',
  'upload',
  'viewing',
  'device',
  'dock',
  'hand_in',
  'person',
  'case',
  'party',
  'package',
  'timestamp_order',
  'ledger',
  'witness',
  'store',
] as const
export type SubjectType = (typeof subjectTypes)[number]

/** How many subjects of a type an event names: `one`, `optional` (none or one), `several` (at least one), `any`. */
export type SubjectCount = 'one' | 'optional' | 'several' | 'any'
export type Subjects = Readonly<Partial<Record<SubjectType, SubjectCount>>>
