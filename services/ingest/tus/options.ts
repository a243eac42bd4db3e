import type { FastifyReply } from 'fastify'
import { checksumAlgorithms } from '../receive/body-checksum.ts'
import { tusExtensions, tusVersion } from './headers.ts'

/**
 * OPTIONS: "A successful response indicated by the 204 No Content or 200 OK status MUST contain the Tus-Version header. It
 * MAY include the Tus-Extension and Tus-Max-Size headers." "The Tus-Checksum-Algorithm header MUST be included."
 */
export function answerOptions(reply: FastifyReply, bytesMax: number): FastifyReply {
  return reply
    .code(204)
    .header('tus-version', tusVersion)
    .header('tus-extension', tusExtensions.join(','))
    .header('tus-max-size', String(bytesMax))
    .header('tus-checksum-algorithm', Object.keys(checksumAlgorithms).join(','))
    .send()
}
