/**
 * What events are about. The id of a case is its number, of a device its serial, of a setting its key, of the custodianship
 * `bureau`, of everything else its own id.
 *
 * `account`, `device-register`, `dock-register`, `custodianship` and `hand-in-list` are the subjects of register acts only:
 * an account opened, released or shut, a device or dock registered, the custodian's office, the opening of a hand-in,
 * what is missing in it, its correction and the keeping of its card under seal, and a third signature under one of these. Such an event names them besides `person`, `device`, `dock` and `hand_in`, which stand in events about footage of every case.
 */
export const subjectTypes = [
  'recording',
  'upload',
  'viewing',
  'device',
  'dock',
  'hand_in',
  'gap',
  'person',
  'case',
  'party',
  'package',
  'timestamp_order',
  'ledger',
  'witness',
  'store',
  'setting',
  'account',
  'device-register',
  'dock-register',
  'custodianship',
  'hand-in-list',
  'third_signature',
] as const
export type SubjectType = (typeof subjectTypes)[number]

/** How many subjects of a type an event names: `one`, `optional` (none or one), `several` (at least one), `any`. */
export type SubjectCount = 'one' | 'optional' | 'several' | 'any'
export type Subjects = Readonly<Partial<Record<SubjectType, SubjectCount>>>
