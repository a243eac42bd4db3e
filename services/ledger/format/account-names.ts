import type { EventBody } from './entry.ts'

/**
 * The names of people by their ids, as the events that made their accounts say them (DESIGN.md §6): of several such events
 * of one account the last one counts. Who has no such event, or one without a name, is not in it.
 *
 * @param bodies in the order of their leaves
 */
export function accountNames(bodies: Iterable<Pick<EventBody, 'kind' | 'subjects' | 'details'>>): Map<string, string> {
  const names = new Map<string, string>()
  for (const { kind, subjects, details } of bodies) {
    if (kind !== 'person.created') continue
    for (const { type, id } of subjects) {
      if (type !== 'account') continue
      if (typeof details.name === 'string') names.set(id, details.name)
      else names.delete(id)
    }
  }
  return names
}
