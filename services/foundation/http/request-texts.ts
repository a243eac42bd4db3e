import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../errors.ts'
import { firstTextFault } from '../stored-text.ts'

/**
 * Refuses, for every route, a request with a text that could not be kept, before its schema is looked at: patterns and lengths
 * let such texts through, and the database would fail on them.
 */
export function refuseUnstorableTexts(server: FastifyInstance): void {
  server.addHook('preValidation', async (request) => requireStorable(request))
}

/** A place deep in a body has a long name. */
const fieldCharsMax = 200

/** @throws bad_request naming the field */
function requireStorable({ params, query, body }: FastifyRequest): void {
  for (const [name, value] of Object.entries({ params, querystring: query, body })) {
    const found = firstTextFault(value, name)
    if (!found) continue
    const field = found.at.slice(0, fieldCharsMax)
    throw new Fault('bad_request', `${field} ${found.fault}`, { details: { field } })
  }
}
