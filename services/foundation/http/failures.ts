import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { databaseFault } from '../db/failures.ts'
import { Fault, type FaultCode, faults } from '../errors.ts'

/** The body of every refusal and failure. */
export const errorBody = Type.Object(
  {
    error: Type.Object({
      code: Type.String({ description: 'a word of the fault table; programs decide by it' }),
      message: Type.String({ description: 'written for the person who reads it' }),
      details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    }),
  },
  { title: 'Error' },
)

/** The one place where errors become HTTP answers. Only a Fault's own text reaches a client. */
export function mapErrors(server: FastifyInstance, bodyBytesMax: number): void {
  server.setErrorHandler((error, request, reply) => sendFault(request, reply, faultOf(error, bodyBytesMax), error))
  server.setNotFoundHandler((request, reply) => {
    const fault = new Fault('not_found', 'there is nothing at this address, or not with this method')
    return sendFault(request, reply, fault, fault)
  })
}

/** Answers an address that cannot be read (`/cases/%ff`): no route has it, so no hook of ours runs. */
export function sendFrameworkError(request: FastifyRequest, reply: FastifyReply, error: FastifyError): void {
  const fault = new Fault('bad_request', 'this address cannot be read: its percent signs do not spell UTF-8', {
    cause: error,
  })
  reply.header('cache-control', 'no-store').header('content-security-policy', "default-src 'none'")
  sendFault(request, reply, fault, error)
}

/** The Fault that an error of a handler or of the framework means. */
export function faultOf(error: unknown, bodyBytesMax: number): Fault {
  if (error instanceof Fault) return error
  const down = databaseFault(error)
  if (down) return down
  if (!isFrameworkError(error)) return internal(error)
  if (error.validation) return invalidInput(error)
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const limit = `the body is larger than the limit of ${bodyBytesMax} bytes: nothing was stored`
    return new Fault('too_large', limit, { cause: error, details: { bytesMax: bodyBytesMax } })
  }
  const code = codeOfStatus[error.statusCode ?? 500]
  return code ? new Fault(code, error.message, { cause: error }) : internal(error)
}

// What the framework itself refuses with, by status; its texts hold no internals.
const codeOfStatus: Readonly<Record<number, FaultCode>> = {
  400: 'bad_request',
  404: 'not_found',
  411: 'length_required',
  413: 'too_large',
  414: 'bad_request',
  415: 'unsupported_media',
  429: 'too_many_requests',
}

function isFrameworkError(error: unknown): error is FastifyError {
  if (!(error instanceof Error)) return false
  return 'validation' in error || ('code' in error && String(error.code).startsWith('FST_'))
}

function internal(cause: unknown): Fault {
  return new Fault('internal', 'something went wrong here; the log names it by the X-Request-Id of this answer', {
    cause,
  })
}

function invalidInput(error: FastifyError): Fault {
  const found = error.validation ?? []
  // That a text is too short is said once: by its pattern, which does not count blanks at its ends.
  const isSaid = (one: (typeof found)[number]) =>
    one.keyword === 'minLength' &&
    found.some((other) => other.instancePath === one.instancePath && lengthSentence(other.params.pattern) !== null)
  const problems = found
    .filter((one) => !isSaid(one))
    .map(({ instancePath, message, params }) => {
      const unknown = params.additionalProperties
      const named = Array.isArray(unknown) ? `: ${unknown.join(', ')}` : ''
      const why = lengthSentence(params.pattern) ?? message ?? 'is not valid'
      return `${error.validationContext ?? 'input'}${instancePath.replaceAll('/', '.')} ${why}${named}`
    })
  return new Fault('bad_request', problems.slice(0, 5).join('; ') || error.message, {
    cause: error,
    details: { problems },
  })
}

/** The pattern of a text for people (`Words`) as a sentence; null for any other pattern, and for none. */
function lengthSentence(pattern: unknown): string | null {
  if (pattern === '\\S') return 'must not be blank'
  const [, between] = /^\\S\[\\s\\S\]\{(\d+),\}\\S$/.exec(String(pattern)) ?? []
  if (between === undefined) return null
  return `must have at least ${Number(between) + 2} characters, not counting blanks at its ends`
}

function sendFault(request: FastifyRequest, reply: FastifyReply, fault: Fault, error: unknown): FastifyReply {
  const row: { status: number; retry: boolean; alarm?: boolean } = faults[fault.code]
  if (fault.status >= 500) request.log.error({ err: error, code: fault.code, alarm: row.alarm }, 'request failed')
  else request.log.debug({ err: error, code: fault.code }, 'request refused')
  if (fault.code === 'not_signed_in') reply.header('www-authenticate', 'Bearer')
  if (row.retry && !reply.hasHeader('retry-after')) reply.header('retry-after', '1')
  const details = Object.keys(fault.details).length > 0 ? { details: fault.details } : {}
  // The body is made here and not by the route's serializer, which knows only what its own schema lists.
  return reply
    .code(fault.status)
    .type('application/json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send({ error: { code: fault.code, message: fault.message, ...details } })
}
