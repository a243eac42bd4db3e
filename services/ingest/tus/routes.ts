import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { Type } from 'typebox'
import { Fault } from '../../foundation/errors.ts'
import type { RouteEvent } from '../../foundation/http/access.ts'
import { closeIfItGoesOn } from '../../foundation/http/linger.ts'
import type { Server } from '../../foundation/http/server.ts'
import { dockRole } from '../authenticate.ts'
import type { IngestDeps } from '../deps.ts'
import { create } from './create.ts'
import { creationHeaders, patchHeaders, plainHeaders } from './documented-headers.ts'
import { head } from './head.ts'
import { requireTusVersion, tusVersion } from './headers.ts'
import { answerOptions } from './options.ts'
import { patch } from './patch.ts'
import { terminate } from './terminate.ts'

type Handler = (deps: IngestDeps, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

const access = [dockRole]
const empty = Type.Null({ description: 'no body; see the headers' })
const params = Type.Object({ id: Type.String({ description: 'id of the upload', maxLength: 64 }) })
const tags = ['tus 1.0']

/** tus 1.0 (https://tus.io/protocols/resumable-upload): core, creation, expiration, checksum and termination. */
export async function tusRoutes(server: Server, deps: IngestDeps): Promise<void> {
  await server.register(async (tus) => {
    // Bodies are streams here, whatever type they claim; the handlers say which types they take.
    tus.removeAllContentTypeParsers()
    tus.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    tus.addHook('preValidation', async (request, reply) => {
      if (request.method === 'OPTIONS') return // "the Server MUST ignore the header"
      // "… and MUST include the Tus-Version header into the response."
      if (request.headers['tus-resumable'] !== tusVersion) reply.header('tus-version', tusVersion)
      requireTusVersion(request.headers['tus-resumable'])
    })
    // "The Tus-Resumable header MUST be included in every request and response except for OPTIONS requests."
    tus.addHook('onSend', async (_request, reply) => {
      reply.header('tus-resumable', tusVersion)
    })
    tus.addHook('onResponse', async (request) => closeIfItGoesOn(request))
    const run = (handler: Handler) => (request: FastifyRequest, reply: FastifyReply) => {
      requireNoOtherMethod(request)
      return handler(deps, request, reply)
    }
    const schema = (summary: string, status: number) => ({ summary, tags, response: { [status]: empty } })
    for (const url of ['/uploads', '/uploads/:id']) {
      tus.options(
        url,
        { config: { access: 'anyone', event: null }, schema: schema('What this server can do', 204) },
        (_request, reply) => answerOptions(reply, deps.settings.uploadBytesMax),
      )
    }
    tus.post(
      '/uploads',
      {
        config: { access, event: 'upload.created' },
        schema: { ...schema('Begin an upload', 201), headers: creationHeaders },
      },
      run(create),
    )
    const one: readonly {
      method: HTTPMethods
      event: RouteEvent | null
      status: number
      summary: string
      run: Handler
    }[] = [
      { method: 'HEAD', event: null, status: 200, summary: 'Where an upload stands', run: head },
      { method: 'PATCH', event: null, status: 204, summary: 'Send bytes of an upload', run: patch },
      {
        method: 'DELETE',
        event: 'upload.terminated',
        status: 204,
        summary: 'End an unfinished upload',
        run: terminate,
      },
    ]
    for (const { method, event, status, summary, run: handler } of one) {
      const headers = method === 'PATCH' ? patchHeaders : plainHeaders
      const options = { config: { access, event }, schema: { ...schema(summary, status), params, headers } }
      tus.route({ method, url: '/uploads/:id', ...options, handler: run(handler) })
    }
    tus.post(
      '/uploads/:id',
      {
        config: { access, event: 'upload.terminated' },
        schema: {
          summary: 'PATCH, HEAD or DELETE by X-HTTP-Method-Override',
          tags,
          params,
          response: { 200: empty, 204: empty },
        },
      },
      (request, reply) => {
        const { run: handler } = one.find(({ method }) => method === overrideOf(request)) ?? {}
        if (handler) return handler(deps, request, reply)
        throw new Fault('bad_request', 'X-HTTP-Method-Override: say PATCH, HEAD or DELETE, or use that method')
      },
    )
  })
}

/**
 * "The X-HTTP-Method-Override request header MUST be a string which MUST be interpreted as the request's method by the
 * Server, if the header is presented. The actual method of the request MUST be ignored." It is followed on POST, which is
 * what clients without PATCH and DELETE can send; elsewhere a different one is refused rather than ignored.
 */
function requireNoOtherMethod(request: FastifyRequest): void {
  const override = overrideOf(request)
  if (override === undefined || override === request.method) return
  throw new Fault('bad_request', `X-HTTP-Method-Override: ${override} must be sent as a POST to the upload's address`)
}

function overrideOf(request: FastifyRequest): string | undefined {
  const header = request.headers['x-http-method-override']
  return typeof header === 'string' ? header.toUpperCase() : undefined
}
