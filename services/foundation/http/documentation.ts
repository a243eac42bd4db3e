import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { declareRoutes } from './access.ts'
import { errorBody } from './failures.ts'

export interface DocumentationOptions {
  readonly title: string
  readonly description?: string
  /** How callers prove who they are: docks by bearer token, people by session cookie. */
  readonly credential: 'bearer' | { readonly cookie: string }
}

/** Serves OpenAPI 3.1 at /openapi.json, made from the routes' schemas, and a reference page that works offline at /docs. */
export async function serveDocumentation(server: FastifyInstance, options: DocumentationOptions): Promise<void> {
  const scheme =
    options.credential === 'bearer'
      ? ({ type: 'http', scheme: 'bearer' } as const)
      : ({ type: 'apiKey', in: 'cookie', name: options.credential.cookie } as const)
  server.addSchema({ ...errorBody, $id: 'Error' })
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: options.title, description: options.description ?? '', version: '0.1.0' },
      components: { securitySchemes: { caller: scheme } },
    },
    exposeHeadRoutes: true,
    refResolver: { buildLocalReference: ({ $id }) => String($id) },
    transform: ({ schema, url, route }) => ({ url, schema: { ...schema, ...accessNote(route) } }),
  })
  server.get(
    '/openapi.json',
    { config: { access: 'anyone', event: null }, schema: { hide: true }, logLevel: 'warn' },
    async () => server.swagger(),
  )
  await server.register(async (scope) => {
    declareRoutes(scope, { access: 'anyone', event: null })
    await scope.register(swaggerUi, { routePrefix: '/docs', logLevel: 'warn', theme: { title: options.title } })
  })
}

/** Adds the error body to a route's answers and closes its input schemas: a field nobody reads is refused. */
export function completeSchemas(route: RouteOptions): void {
  const schema = route.schema
  if (!schema) return
  const response: Record<string, unknown> = { ...(schema.response as Record<string, unknown> | undefined) }
  response['4xx'] ??= { $ref: 'Error#' }
  response['5xx'] ??= { $ref: 'Error#' }
  route.schema = { ...schema, response }
  for (const part of ['body', 'querystring', 'params'] as const) {
    if (schema[part] !== undefined) route.schema[part] = closed(schema[part])
  }
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  // A plain copy would lose TypeBox's hidden kinds, by which queries are converted.
  const result: Record<string, unknown> = Object.defineProperties({}, Object.getOwnPropertyDescriptors(schema))
  for (const keyword of ['items', 'anyOf', 'oneOf']) {
    if (result[keyword] !== undefined) result[keyword] = closed(result[keyword])
  }
  const properties = result.properties
  if (typeof properties === 'object' && properties !== null) {
    result.properties = Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, closed(inner)]))
    result.additionalProperties ??= false
  }
  return result
}

function accessNote(route: RouteOptions): { security: Record<string, string[]>[]; description?: string } {
  const { access, event } = route.config ?? {}
  if (access === 'anyone') return { security: [] }
  const written = event ? ` Custody event: \`${event}\`.` : ''
  const own = (route.schema as { description?: string } | undefined)?.description
  const note = `For: ${(access ?? []).join(', ')}.${written}`
  return { security: [{ caller: [] }], description: own ? `${own}\n\n${note}` : note }
}
