import type { EventBody } from './entry.ts'
import { joinedTypes, subjectText } from './links.ts'

type Named = Pick<EventBody, 'subjects'>

/** The subjects (`type:id`) of a body that belong to the case when one of its other subjects does. */
export function joinedSubjects({ subjects }: Named): string[] {
  return subjects.filter(({ type }) => joinedTypes.includes(type)).map(subjectText)
}

/**
 * The subjects (`type:id`) that belong to a case, DESIGN.md §6: the case itself, and every recording, upload and viewing
 * that is named by an event which names another subject that belongs to it. A package discloses exactly these, with all
 * events that name one of them.
 *
 * @param bodies events in any order; those that lead to no subject of the case are passed over
 */
export function subjectsOfCase(caseNumber: string, bodies: Iterable<Named>): Set<string> {
  const bodiesBySubject = new Map<string, Named[]>()
  for (const body of bodies) {
    for (const subject of new Set(body.subjects.map(subjectText))) {
      const named = bodiesBySubject.get(subject) ?? []
      bodiesBySubject.set(subject, named)
      named.push(body)
    }
  }
  const own = new Set([subjectText({ type: 'case', id: caseNumber })])
  // A set is walked through to what is added on the way.
  for (const subject of own) {
    for (const body of bodiesBySubject.get(subject) ?? []) for (const joined of joinedSubjects(body)) own.add(joined)
  }
  return own
}
