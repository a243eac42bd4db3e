import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Fault } from '../../foundation/errors.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type VerifierKey, verifierKeyText } from '../../ledger/format/keys.ts'
import { allKeys, parseLogKeys } from '../../ledger/format/log-keys.ts'
import { parseTilePath, type Tile } from '../../ledger/format/tiles.ts'
import { publishedTile } from '../../ledger/log/published-tiles.ts'
import { newestPublished, newestWitnessed, type PublishedCheckpoint } from '../../ledger/log/witnessed.ts'
import type { AccessDeps } from '../deps.ts'
import { BytesAnswer, Null, TextAnswer } from '../schemas.ts'

/** Pages of others may read these too: a verifier in a browser. No other route of this service allows it. */
const open = {
  config: { access: 'anyone', event: null, whileLedgerIsBehind: true },
  exposeHeadRoute: true,
  onRequest: async (_request: FastifyRequest, reply: FastifyReply) => {
    reply.header('access-control-allow-origin', '*')
  },
} as const
/** "This endpoint is immutable, so its caching headers SHOULD be long-lived." */
const immutable = 'public, max-age=31536000, immutable'
const compressed = promisify(gzip)

/**
 * The ledger as anyone may read it (c2sp.org/tlog-tiles): the checkpoint, hash tiles and entry bundles. Entries are
 * salted commitments, so nothing of any case stands in them.
 */
export function ledgerRoutes(server: Server, deps: AccessDeps): void {
  checkpointRoutes(server, deps)
  tileRoute(server, deps)
  keysRoute(server, deps)
}

/** "MUST be served … with `Content-Type: text/plain; charset=utf-8`. This endpoint is mutable" */
function checkpointRoutes(server: Server, { db }: AccessDeps): void {
  const send = (reply: FastifyReply, checkpoint: PublishedCheckpoint) =>
    reply.type('text/plain; charset=utf-8').header('cache-control', 'no-store').send(checkpoint.note)
  server.get(
    '/checkpoint',
    {
      ...open,
      schema: {
        summary: 'The newest signed checkpoint, with the cosignatures it has',
        response: { 200: TextAnswer('text/plain', 'a signed note') },
      },
    },
    async (_request, reply) => {
      const checkpoint = await newestPublished(db)
      if (!checkpoint) throw new Fault('not_found', 'no checkpoint has been signed yet')
      return send(reply, checkpoint)
    },
  )
  server.get(
    '/checkpoint/witnessed',
    {
      ...open,
      schema: {
        summary: 'The newest checkpoint that enough witnesses cosigned',
        response: { 200: TextAnswer('text/plain', 'a signed note') },
      },
    },
    async (_request, reply) => {
      const checkpoint = await newestWitnessed(db)
      if (!checkpoint) {
        throw new Fault('not_found', 'no checkpoint has the cosignatures that the policy asks for yet: see /checkpoint')
      }
      return send(reply, checkpoint)
    },
  )
}

function tileRoute(server: Server, { db }: AccessDeps): void {
  server.get(
    '/tile/*',
    {
      ...open,
      schema: {
        summary: 'A hash tile (tile/<L>/<N>[.p/<W>]) or entry bundle (tile/entries/<N>[.p/<W>])',
        response: { 200: BytesAnswer(['application/octet-stream'], 'the tile’s bytes') },
      },
    },
    async (request, reply) => {
      const tile = parseTile((request.params as { '*': string })['*'])
      const bytes = await publishedTile(db, tile)
      if (!bytes) throw new Fault('not_found', 'the signed tree does not reach as far as this tile')
      reply.type('application/octet-stream').header('cache-control', immutable)
      return reply.send(tile.level === 'entries' ? await encoded(bytes, request, reply) : bytes)
    },
  )
}

/** "Entry bundles SHOULD be compressed at the HTTP layer." Hashes do not get smaller by it. */
async function encoded(bytes: Buffer, request: FastifyRequest, reply: FastifyReply): Promise<Buffer> {
  reply.header('vary', 'accept-encoding')
  if (!takesGzip(request.headers['accept-encoding'] ?? '')) return bytes
  reply.header('content-encoding', 'gzip')
  return compressed(bytes)
}

/** RFC 9110 §12.5.3: `gzip`, its other name `x-gzip` or `*`, unless its weight is 0; a coding that is named goes before `*`. */
function takesGzip(accepted: string): boolean {
  const weights = new Map(
    accepted
      .toLowerCase()
      .split(',')
      .map((item) => {
        const [coding = '', ...parameters] = item.split(';').map((part) => part.trim())
        const weight = parameters.find((parameter) => parameter.startsWith('q='))
        return [coding, weight === undefined ? 1 : Number(weight.slice(2))] as const
      }),
  )
  return (weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0) > 0
}

/** Every key of the log, and which of them sign together from which size of the tree on; of `LEDGER_VERIFIER_KEY`. */
export function publishedKeys(verifierKey: string | null) {
  const log = verifierKey === null ? null : parseLogKeys(verifierKey)
  const textOf = ({ name, publicKey, type }: VerifierKey) => verifierKeyText(name, publicKey, type)
  const verifierKeys = log === null ? [] : allKeys(log).map(textOf)
  const keySets = (log?.sets ?? []).map(({ from, keys }) => ({ from, verifierKeys: keys.map(textOf) }))
  return { verifierKeys, keySets }
}

function keysRoute(server: Server, { settings }: AccessDeps): void {
  const { origin, verifierKey, vrfPublicKey } = settings.ledger
  const keys = publishedKeys(verifierKey)
  server.get(
    '/ledger/keys',
    {
      ...open,
      schema: {
        summary: 'The log’s name and public keys',
        description:
          'Every key that signs checkpoints or has signed them. Who verifies takes the keys from a place that this service does not govern, and compares.',
        response: {
          200: Type.Object({
            origin: Type.String(),
            verifierKeys: Type.Array(Type.String()),
            keySets: Type.Array(
              Type.Object({
                from: Type.Integer({ description: 'leaves of the smallest checkpoint that this set signs' }),
                verifierKeys: Type.Array(Type.String()),
              }),
              { description: 'keys that sign together, until the next set begins' },
            ),
            vrfPublicKey: Null(Type.String()),
          }),
        },
      },
    },
    async () => ({ origin, ...keys, vrfPublicKey }),
  )
}

function parseTile(path: string): Tile {
  try {
    return parseTilePath(`tile/${path}`)
  } catch (cause) {
    throw new Fault('not_found', 'this is not the path of a tile', { cause })
  }
}
