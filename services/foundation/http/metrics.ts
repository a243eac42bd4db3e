import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/**
 * How often the delay of the event loop is measured, which is also the least that nodejs_eventloop_lag_{min,mean,p…} can
 * show. The usual 10 ms wake an idle process a hundred times a second: 0.5 % of a core, more than all that it waits for.
 */
const loopDelayEveryMs = 100

/** A registry with the process's own metrics; every service adds its own to it. */
export function createRegistry(service: string): Registry {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: loopDelayEveryMs })
  return registry
}

/** Counts and times the requests of a server by route pattern: addresses themselves hold ids. */
export function observeRequests(server: Pick<FastifyInstance, 'addHook'>, registry: Registry): void {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers: [registry],
  })
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
}

/**
 * Serves GET /metrics for Prometheus on a port of its own, which is not for the public, beside /healthz and /readyz.
 * `ready` says what is not ready (name: why); nothing is an empty object. `warnings` are told on /readyz beside it and change
 * nothing of its answer. Port 0 takes a free one.
 */
export async function startMetrics(options: {
  listen: { host: string; port: number }
  registry: Registry
  ready?: () => Promise<Record<string, string>>
  warnings?: () => Promise<Record<string, string>>
}): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(options, request.method === 'GET' ? (request.url ?? '') : '').then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.listen.port, options.listen.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  options: Pick<Parameters<typeof startMetrics>[0], 'registry' | 'ready' | 'warnings'>,
  path: string,
): Promise<{ status: number; type: string; body: string }> {
  if (path === '/metrics') {
    return { status: 200, type: options.registry.contentType, body: await options.registry.metrics() }
  }
  if (path === '/healthz') return json(200, { status: 'alive' })
  if (path !== '/readyz') return json(404, { status: 'not found' })
  const notReady = (await options.ready?.()) ?? {}
  if (Object.keys(notReady).length > 0) return json(503, { status: 'not ready', notReady })
  const warnings = (await options.warnings?.()) ?? {}
  return json(200, { status: 'ready', ...(Object.keys(warnings).length > 0 ? { warnings } : {}) })
}

function json(status: number, body: unknown): { status: number; type: string; body: string } {
  return { status, type: 'application/json', body: JSON.stringify(body) }
}
