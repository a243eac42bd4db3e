import type { EventBody } from './entry.ts'

/** Whether two events were done by one person, or by somebody and his deputy: where an act needs two, these are one. */
export function isSamePerson(one: ActedEvent, other: ActedEvent): boolean {
  const names = ({ actor, onBehalfOf }: ActedEvent) => [actor, onBehalfOf].filter((name) => name !== undefined)
  return names(one).some((name) => names(other).includes(name))
}

type ActedEvent = Pick<EventBody, 'actor' | 'onBehalfOf'>
