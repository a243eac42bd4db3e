import type { FastifyRequest } from 'fastify'

/**
 * Closes the connection of a request that is still arriving after `timeoutMs`. Node's own limit is one for a whole server;
 * this one leaves room for a route that takes large files.
 */
export function requireArrival({ raw }: Pick<FastifyRequest, 'raw'>, timeoutMs: number): void {
  if (raw.complete) return
  const timer = setTimeout(() => raw.destroy(), timeoutMs)
  timer.unref()
  raw.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer))
}
