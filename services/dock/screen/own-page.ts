import type { FastifyRequest } from 'fastify'
import { Fault } from '../../foundation/errors.ts'

/** `127.0.0.1:8090`: only names that no DNS server answers for. */
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/
const loopbackAddress = /^(127\.|::1$|::ffff:127\.)/

/** @throws wrong_origin for a caller from another machine, and for a name that a foreign site may have pointed here */
export function requireLoopback({ headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>): void {
  if (!loopbackAddress.test(socket.remoteAddress ?? '')) {
    throw new Fault('wrong_origin', 'the screen answers its own machine only')
  }
  if (!loopbackHost.test(headers.host ?? '')) {
    throw new Fault('wrong_origin', 'the Host header must name this machine: 127.0.0.1, localhost or [::1]')
  }
}

/** @throws wrong_origin when something is to be changed and the request is not from the page that was served here */
export function requireOwnPage({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): void {
  if (method === 'GET' || method === 'HEAD') return
  if (headers.origin === `http://${headers.host}`) return
  throw new Fault('wrong_origin', 'the Origin header must be that of this page')
}
