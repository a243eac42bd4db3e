import { Type } from 'typebox'
import { Fault } from '../../foundation/errors.ts'
import type { Server } from '../../foundation/http/server.ts'
import { encodeEntryBundle } from '../../ledger/bundle.ts'
import { parseTilePath, type Tile } from '../../ledger/tiles.ts'
import type { AccessDeps } from '../deps.ts'
import { Null } from '../schemas.ts'

const open = { access: 'anyone', event: null } as const
const immutable = 'public, max-age=31536000, immutable'

/**
 * The ledger as anyone may read it (c2sp.org/tlog-tiles): the checkpoint, hash tiles and entry bundles. Entries are
 * salted commitments, so nothing of any case stands in them.
 */
export function ledgerRoutes(server: Server, deps: AccessDeps): void {
  const { db, settings } = deps
  server.get(
    '/checkpoint',
    { config: open, schema: { summary: 'The newest signed checkpoint', produces: ['text/plain'] } },
    async (_request, reply) => {
      const row = await db.selectFrom('checkpoint').select('note').orderBy('size', 'desc').limit(1).executeTakeFirst()
      if (!row) throw new Fault('not_found', 'no checkpoint has been signed yet')
      return reply.type('text/plain; charset=utf-8').header('cache-control', 'no-store').send(row.note)
    },
  )

  server.get(
    '/tile/*',
    {
      config: open,
      schema: {
        summary: 'A hash tile (tile/<L>/<N>[.p/<W>]) or entry bundle (tile/entries/<N>[.p/<W>])',
        produces: ['application/octet-stream'],
      },
    },
    async (request, reply) => {
      const bytes = await tileBytes(deps, parseTile((request.params as { '*': string })['*']))
      if (!bytes) throw new Fault('not_found', 'the tree does not reach as far as this tile')
      return reply.type('application/octet-stream').header('cache-control', immutable).send(bytes)
    },
  )

  server.get(
    '/ledger/keys',
    {
      config: open,
      schema: {
        summary: 'The log’s name and public keys',
        description: 'Who verifies takes the keys from a place that this service does not govern, and compares.',
        response: {
          200: Type.Object({
            origin: Type.String(),
            verifierKey: Null(Type.String()),
            vrfPublicKey: Null(Type.String()),
          }),
        },
      },
    },
    async () => settings.ledger,
  )
}

function parseTile(path: string): Tile {
  try {
    return parseTilePath(`tile/${path}`)
  } catch (cause) {
    throw new Fault('not_found', 'this is not the path of a tile', { cause })
  }
}

/** Undefined when the published tree is not as wide. A tile that has grown since still gives its older, partial form. */
async function tileBytes({ db }: AccessDeps, tile: Tile): Promise<Buffer | undefined> {
  if (tile.level === 'entries') return entryBundle({ db }, tile)
  const row = await db
    .selectFrom('tile')
    .where('level', '=', tile.level)
    .where('index', '=', tile.index)
    .select('hashes')
    .executeTakeFirst()
  const wanted = tile.width * 32
  return row && row.hashes.length >= wanted ? row.hashes.subarray(0, wanted) : undefined
}

async function entryBundle({ db }: Pick<AccessDeps, 'db'>, tile: Tile): Promise<Buffer | undefined> {
  const first = tile.index * 256
  const checkpoint = await db
    .selectFrom('checkpoint')
    .select((select) => select.fn.max('size').as('size'))
    .executeTakeFirst()
  // Leaves that no checkpoint covers yet are not published.
  if ((checkpoint?.size ?? 0) < first + tile.width) return undefined
  const rows = await db
    .selectFrom('leaf')
    .where('index', '>=', first)
    .where('index', '<', first + tile.width)
    .select('data')
    .orderBy('index')
    .execute()
  return rows.length === tile.width ? encodeEntryBundle(rows.map((row) => row.data)) : undefined
}
