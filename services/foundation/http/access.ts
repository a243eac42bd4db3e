import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { Fault } from '../errors.ts'

/** Who is asking. `role` is a word of the role table of the layer above. */
export interface Principal {
  readonly id: string
  readonly role: string
  readonly name?: string
  /** Id of the person in whose place he acts. */
  readonly onBehalfOf?: string
  readonly sessionHash?: Buffer
}

/** The kinds of event that a route may declare: the layer that writes events names them here (declaration merging). */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled from the layer above
export interface RouteEvents {}
export type RouteEvent = keyof RouteEvents

/** What every route says of itself. */
export interface RouteDeclaration {
  /** The roles that may call it, or 'anyone': no sign-in needed, and `principal` stays null. */
  readonly access: readonly string[] | 'anyone'
  /** The custody event that a successful call writes, or null when it changes nothing and shows no footage. */
  readonly event: RouteEvent | null
}

/** One route as a test that walks all of them sees it. */
export interface DeclaredRoute extends RouteDeclaration {
  readonly method: string
  readonly url: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: readonly string[] | 'anyone'
    event?: RouteEvent | null
  }
  interface FastifyRequest {
    principal: Principal | null
  }
  interface FastifyInstance {
    readonly declaredRoutes: DeclaredRoute[]
  }
}

export interface AccessOptions {
  authenticate(request: FastifyRequest): Promise<Principal | null>
  onRefused(request: FastifyRequest, fault: Fault): Promise<void>
}

/**
 * Collects every route and checks, before the server is ready, that each declares `access` and `event`; a server with a
 * route that does not, does not start. Then asks who is calling before any route's body is read: nobody is 401, a role
 * that is not listed is 403, and that refusal's event is written before the answer goes out.
 */
export function guardRoutes(server: FastifyInstance, options: AccessOptions): void {
  const collected: RouteOptions[] = []
  server.decorate('declaredRoutes', [])
  server.decorateRequest('principal', null)
  server.addHook('onRoute', (route) => {
    collected.push(route)
  })
  server.addHook('onReady', async () => {
    const undeclared = collected.filter(({ config }) => config?.access === undefined || config.event === undefined)
    if (undeclared.length > 0) {
      const names = undeclared.map(({ method, url }) => `${String(method)} ${url}`).join(', ')
      throw new Fault('bad_config', `these routes do not declare both config.access and config.event: ${names}`)
    }
    server.declaredRoutes.push(...collected.flatMap(declaredOf))
  })
  server.addHook('onRequest', (request, reply) => checkAccess(options, request, reply))
}

/** Declares the same for every route of a plugin that knows nothing of it (static files, the reference page). */
export function declareRoutes(scope: FastifyInstance, declaration: RouteDeclaration): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...declaration, ...route.config }
  })
}

function declaredOf(route: RouteOptions): DeclaredRoute[] {
  const { access, event } = route.config ?? {}
  const methods = Array.isArray(route.method) ? route.method : [route.method]
  return methods.map((method) => ({ method, url: route.url, access: access ?? [], event: event ?? null }))
}

async function checkAccess(options: AccessOptions, request: FastifyRequest, _reply: FastifyReply): Promise<void> {
  if (request.is404) return
  const access = request.routeOptions.config.access ?? []
  if (access === 'anyone') return
  const principal = await options.authenticate(request)
  if (!principal) throw new Fault('not_signed_in', 'nobody is signed in, or the session or token is not valid any more')
  request.principal = principal
  if (access.includes(principal.role)) return
  const fault = new Fault('wrong_role', `this is not for the role '${principal.role}'`, {
    details: { role: principal.role },
  })
  await options.onRefused(request, fault)
  throw fault
}
