import { Fault } from '../../foundation/errors.ts'

/** Text for people in its one spelling: NFC, no blanks around it. @throws bad_request naming the field */
export function checkedText(field: string, text: string): string {
  const trimmed = text.normalize('NFC').trim()
  if (trimmed === '') throw new Fault('bad_request', `${field}: it is empty`)
  if (/[\p{Cc}\p{Cs}]/u.test(trimmed)) {
    throw new Fault('bad_request', `${field}: control characters and half characters have no place in it`)
  }
  return trimmed
}
