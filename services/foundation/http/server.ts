import { randomUUID } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerFactory,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify'
import { Type } from 'typebox'
import { Fault } from '../errors.ts'
import type { Logger } from '../log.ts'
import { type AccessOptions, type DeclaredRoute, guardRoutes, type Principal } from './access.ts'
import { buildSerializer, compileValidator } from './compilers.ts'
import { completeSchemas, type DocumentationOptions, serveDocumentation } from './documentation.ts'
import { mapErrors, sendFrameworkError } from './failures.ts'
import { refuseUnstorableTexts } from './request-texts.ts'

export { type DeclaredRoute, declareRoutes, type Principal, type RouteDeclaration } from './access.ts'

export interface ServerOptions
  extends AccessOptions,
    Partial<Pick<DocumentationOptions, 'credential' | 'description'>> {
  readonly name: string
  readonly title: string
  readonly log: Logger
  /** Largest JSON or form body; routes that stream bring their own limit. */
  readonly bodyBytesMax: number
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | null
  /** What is not ready: name -> why. `{}` is ready. */
  ready(): Promise<Record<string, string>>
  /** Longest time for a whole request to arrive; 0 for a service that takes long uploads. Default 60 s. */
  readonly requestTimeoutMs?: number
  /** A connection on which no byte moved for this long is closed. Default 120 s. */
  readonly idleTimeoutMs?: number
  /**
   * Requests per address and minute; null for no limit (default). Health checks are not counted, and routes with a limit
   * of their own (`config.rateLimit`) count by that one alone.
   */
  readonly requestsPerMinuteMax?: number | null
  /** Directives of the content security policy beside, or instead of, the strict defaults. */
  readonly contentSecurityPolicy?: Readonly<Record<string, readonly string[]>>
}

export type Server = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/**
 * Builds a server with everything that no route should have to remember: schemas both ways, one error body, a request
 * log, security headers, who may call what, health, readiness and documentation. It starts only if every route declares
 * `config.access` and `config.event`.
 */
export async function buildServer(options: ServerOptions): Promise<Server> {
  const server = fastify({
    serverFactory: serverFactory(options),
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    // A caller's own id is never taken over: it would let him write into our log.
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    bodyLimit: options.bodyBytesMax,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 500 },
    schemaController: { compilersFactory: { buildSerializer } },
    frameworkErrors: (error, request, reply) => sendFrameworkError(request, reply, error),
  }).withTypeProvider<TypeBoxTypeProvider>()
  server.setValidatorCompiler(compileValidator)
  mapErrors(server, options.bodyBytesMax)
  logRequests(server)
  server.addHook('onRoute', completeSchemas)
  await server.register(helmet, securityHeaders(options))
  await limitRate(server, options.requestsPerMinuteMax ?? null)
  guardRoutes(server, options)
  refuseUnstorableTexts(server)
  await serveDocumentation(server, { ...options, credential: options.credential ?? 'bearer' })
  serveHealth(server, options)
  return server
}

/** Who is asking. @throws not_signed_in when nobody is: a route for 'anyone' must not call this. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new Fault('not_signed_in', 'nobody is signed in')
  return request.principal
}

/** Every route of a server that is ready, with what it declared: for the test that calls each as each role. */
export function routesOf(server: FastifyInstance | Server): readonly DeclaredRoute[] {
  return (server as { declaredRoutes: readonly DeclaredRoute[] }).declaredRoutes
}

function serverFactory(options: ServerOptions): FastifyServerFactory {
  return (handler) => {
    const shared = { noDelay: true, keepAlive: true, highWaterMark: 256 * 1024 }
    const server = options.tls
      ? https.createServer({ ...shared, ...options.tls, minVersion: 'TLSv1.2' }, handler)
      : http.createServer(shared, handler)
    server.requestTimeout = options.requestTimeoutMs ?? 60_000
    server.headersTimeout = 15_000
    server.keepAliveTimeout = 72_000
    // Without a listener for 'timeout' Node destroys the idle socket: that is what is wanted.
    server.setTimeout(options.idleTimeoutMs ?? 120_000)
    return server as http.Server
  }
}

function logRequests(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  server.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  server.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        // Never the query: it may name people.
        path: request.url.split('?', 1)[0]?.slice(0, 200),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        principal: request.principal?.id,
        cutOff: reply.raw.writableFinished ? undefined : true,
      },
      'request',
    )
  })
}

function securityHeaders(options: ServerOptions) {
  const directives = {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    mediaSrc: ["'self'", 'blob:'],
    workerSrc: ["'self'", 'blob:'],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    ...(options.tls ? { upgradeInsecureRequests: [] } : {}),
    ...options.contentSecurityPolicy,
  }
  return {
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: Boolean(options.tls),
    referrerPolicy: { policy: 'no-referrer' as const },
  }
}

async function limitRate(server: FastifyInstance, max: number | null): Promise<void> {
  if (max === null) return
  await server.register(rateLimit, {
    global: false,
    max,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, context) =>
      new Fault(
        'too_many_requests',
        `more than ${context.max} requests a minute from this address: wait ${context.after}`,
      ),
  })
  const count = server.rateLimit()
  server.addHook('onRequest', (request, reply) => {
    const { url, config } = request.routeOptions
    const isHealthCheck = ['/healthz', '/readyz'].includes(url ?? '')
    // A request is counted once: this hook runs first, and would leave nothing for a route's own limit to count.
    return isHealthCheck || config.rateLimit ? Promise.resolve() : count.call(server, request, reply)
  })
}

function serveHealth(server: Server, options: ServerOptions): void {
  const config = { access: 'anyone', event: null } as const
  const healthy = Type.Object({ status: Type.Literal('ok') })
  server.get('/healthz', { config, logLevel: 'warn', schema: { response: { 200: healthy } } }, async () => ({
    status: 'ok' as const,
  }))
  const readiness = Type.Object({ ready: Type.Boolean(), missing: Type.Record(Type.String(), Type.String()) })
  const response = { 200: readiness, 503: readiness }
  server.get('/readyz', { config, logLevel: 'warn', schema: { response } }, async (_request, reply) => {
    const missing = await options.ready()
    const ready = Object.keys(missing).length === 0
    return reply.code(ready ? 200 : 503).send({ ready, missing })
  })
}
