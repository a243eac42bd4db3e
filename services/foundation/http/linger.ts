import type { FastifyRequest } from 'fastify'

/** How long a request whose answer left early may go on sending, before its connection is closed. */
const lingerMs = 2_000

/** A body that nobody wants any more is not read to its end: the client has its answer and some time to see it. */
export function closeIfItGoesOn({ raw }: FastifyRequest): void {
  if (raw.complete || raw.destroyed) return
  raw.resume()
  const timer = setTimeout(() => raw.destroy(), lingerMs)
  raw.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer))
}
