import { get } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { sql } from 'kysely'
import t from 'tap'
import { parseEntryBundle } from '../../../services/ledger/format/bundle.ts'
import { cosign } from '../../../services/ledger/format/cosignature.ts'
import { leafHash } from '../../../services/ledger/format/entry.ts'
import { generateSignerKey, parseSignerKey, signatureTypes, verifierOf } from '../../../services/ledger/format/keys.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { joinNote, openNote, splitNote } from '../../../services/ledger/format/note.ts'
import { openCheckpoint } from '../../../services/ledger/format/signed-checkpoint.ts'
import { type Tile, tilePath } from '../../../services/ledger/format/tiles.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { verifyTree } from '../../../services/ledger/verify/tree.ts'
import { type Bureau, openBureau } from './bureau.ts'

/** Events enough for full tiles and a second level. */
async function fill(bureau: Bureau, count: number): Promise<void> {
  await bureau.world.db.transaction().execute(async (trx) => {
    for (let n = 0; n < count; n += 1) {
      const subjects = [{ type: 'test', id: String(n % 3) }]
      await appendEvent(trx, {
        kind: 'test.happened',
        at: new Date(),
        actor: 't',
        actorRole: 'service',
        subjects,
        details: {},
      })
    }
  })
  await bureau.world.until(async () => {
    const waiting = bureau.world.db.selectFrom('event').select('id').where('leaf_index', 'is', null)
    return (await waiting.executeTakeFirst()) === undefined && (await newest(bureau)) >= count
  })
}

async function newest(bureau: Bureau): Promise<number> {
  const { max } = await bureau.world.db
    .selectFrom('checkpoint')
    .select((e) => e.fn.max('size').as('max'))
    .executeTakeFirstOrThrow()
  return max ?? 0
}

/** The answer as it comes over the wire: `fetch` unpacks. */
function raw(
  url: string,
  headers: Record<string, string>,
): Promise<{ headers: Record<string, unknown>; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, async (answer) => {
      const chunks: Buffer[] = []
      for await (const chunk of answer) chunks.push(chunk as Buffer)
      resolve({ headers: answer.headers, bytes: Buffer.concat(chunks) })
    }).on('error', reject)
  })
}

t.test('the ledger as anyone reads it', async (t) => {
  const bureau = await openBureau(t)
  await fill(bureau, 600)
  const { origin, verifierKeys } = bureau.log
  const log = parseLogKeys(verifierKeys)

  await t.test('keys, checkpoint, tiles and entries fit together', async (t) => {
    const keys = await bureau.call('GET', '/ledger/keys')
    t.same(keys.body, {
      origin,
      verifierKeys: verifierKeys.split(' '),
      keySets: [{ from: 0, verifierKeys: verifierKeys.split(' ') }],
      vrfPublicKey: bureau.log.vrfPublicKey.toString('hex'),
    })
    const note = await bureau.call('GET', '/checkpoint')
    t.equal(note.headers.get('content-type'), 'text/plain; charset=utf-8')
    t.match(note.headers.get('cache-control'), /no-store/)
    t.equal(splitNote(note.bytes.toString()).signatures.length, 2)
    const checkpoint = openCheckpoint(note.bytes.toString(), log)
    const readTile = async (tile: Tile) => {
      const path = tilePath(tile)
      const answer = await bureau.call('GET', `/${path}`)
      t.equal(answer.status, 200, path)
      t.equal(answer.headers.get('content-type'), 'application/octet-stream')
      t.match(answer.headers.get('cache-control'), /public.*max-age=31536000.*immutable/)
      return answer.bytes
    }
    t.same(await verifyTree({ size: checkpoint.size, root: checkpoint.root, readTile }), [])
  })

  await t.test('a tile that has grown is still served in each narrower form', async (t) => {
    for (const [full, widths] of [
      ['0/000', [1, 44, 255]],
      ['0/001', [1, 255]],
      ['1/000', [1]],
    ] as const) {
      const all = await bureau.call('GET', `/tile/${full}`)
      for (const width of widths) {
        const part = await bureau.call('GET', `/tile/${full}.p/${width}`)
        t.equal(part.status, 200, `${full}.p/${width}`)
        if (all.status === 200) t.same(part.bytes, all.bytes.subarray(0, width * 32))
        else t.equal(part.bytes.length, width * 32)
      }
    }
    const hashes = (await bureau.call('GET', '/tile/0/001')).bytes
    for (const width of [3, 256]) {
      const path = `/tile/entries/001${width === 256 ? '' : `.p/${width}`}`
      const entries = parseEntryBundle((await bureau.call('GET', path)).bytes, width)
      t.same(Buffer.concat(entries.map((entry) => leafHash(entry))), hashes.subarray(0, width * 32))
    }
  })

  await t.test('HEAD says what GET would, any page may read, and only these routes allow it', async (t) => {
    for (const path of ['/checkpoint', '/tile/0/000', '/tile/entries/000', '/ledger/keys']) {
      const [got, head] = [await bureau.call('GET', path), await bureau.call('HEAD', path)]
      t.match([head.status, head.bytes.length], [200, 0], path)
      for (const name of ['content-type', 'cache-control', 'vary'])
        t.equal(head.headers.get(name), got.headers.get(name))
      t.equal(got.headers.get('access-control-allow-origin'), '*')
      t.equal(head.headers.get('access-control-allow-origin'), '*')
    }
    t.equal((await bureau.call('HEAD', '/tile/0/000')).headers.get('content-length'), '8192')
    const missing = await bureau.call('GET', '/tile/0/999')
    t.match(
      [missing.status, missing.headers.get('cache-control')],
      [404, 'no-store'],
      'what is not there yet comes later',
    )
    t.equal(missing.headers.get('access-control-allow-origin'), '*')
    for (const path of ['/healthz', '/cases', '/recordings', '/ledger/state']) {
      t.equal((await bureau.call('GET', path)).headers.get('access-control-allow-origin'), null, path)
    }
  })

  await t.test('bundles are packed for whoever takes gzip', async (t) => {
    const url = `${bureau.base}/tile/entries/000`
    const plain = await raw(url, {})
    t.equal(plain.headers['content-encoding'], undefined)
    t.match(plain.headers.vary, /accept-encoding/i)
    for (const accepted of ['gzip', 'br, gzip;q=0.5', 'GZIP', '*', 'deflate, *;q=0.1']) {
      const packed = await raw(url, { 'accept-encoding': accepted })
      t.equal(packed.headers['content-encoding'], 'gzip', accepted)
      t.match(packed.headers.vary, /accept-encoding/i)
      t.ok(packed.bytes.length < plain.bytes.length)
      t.same(gunzipSync(packed.bytes), plain.bytes)
    }
    for (const accepted of ['identity', 'gzip;q=0', 'gzip;q=0.0, *', 'br', '', 'gzip;q=x', 'notgzip']) {
      const answer = await raw(url, { 'accept-encoding': accepted })
      t.equal(answer.headers['content-encoding'], undefined, accepted)
      t.same(answer.bytes, plain.bytes)
    }
    const tile = await raw(`${bureau.base}/tile/0/000`, { 'accept-encoding': 'gzip' })
    t.equal(tile.headers['content-encoding'], undefined, 'hashes do not pack')
  })

  await t.test('hostile paths', async (t) => {
    const paths = [
      ...['0', '0/', '0/0', '0/00', '0/0000', '00/000', '-1/000', '+0/000', '0/000.p/0', '0/000.p/00', '0/000.p/05'],
      ...[
        '0/000.p/256',
        '0/000.p/257',
        '0/000.p/-1',
        '0/000.p/',
        '0/000.p/1/',
        '0/000.P/1',
        '0/000/',
        '/0/000',
        '64/000',
      ],
      ...[
        '99/000',
        '63/000',
        '63/x999/x999/x999/x999/x999/999',
        '0/x000/000',
        '0/x001',
        '0/X001/000',
        '0/001/000',
        '0/١٢٣',
      ],
      ...[
        'entries',
        'entries/',
        'entries/000.p/0',
        'Entries/000',
        'entries/x999/999',
        'entries/000%00',
        'entries/000\\..',
      ],
      ...['entries/..%2f..%2fsession', '..%2fcheckpoint', '0/000%20', "0/000';select", '0/1e2'],
      ...[`0/${'x001/'.repeat(90)}000`, `entries/${'9'.repeat(300)}`, '0/x009/x007/x199/x254/x740/992'],
    ]
    for (const path of paths) {
      const answer = await raw(`${bureau.base}/tile/${path}`, {})
      t.notMatch(answer.headers['cache-control'], /immutable/, path)
      t.match(answer.headers['content-type'], /json/, path)
    }
    for (const path of ['/tile/%zz', '/tile/0/000%']) {
      const answer = await bureau.call('GET', path)
      t.ok(answer.status >= 400 && answer.status < 500, path)
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      t.ok([401, 404].includes((await bureau.call(method, '/tile/0/000')).status), method)
    }
    t.equal((await bureau.call('GET', '/tile/0/000?anything=1')).status, 200, 'a query changes nothing')
  })

  await t.test('cosignatures are served with the checkpoint; the witnessed one is its own address', async (t) => {
    const before = await bureau.call('GET', '/checkpoint/witnessed')
    t.match(before, { status: 404, body: { error: { code: 'not_found' } } })
    t.match(before.body, { error: { message: /cosignatures.*\/checkpoint/ } })
    const witness = parseSignerKey(generateSignerKey('w.example', signatureTypes.cosignatureMlDsa44).signerKey)
    const size = await newest(bureau)
    const { note } = await bureau.world.db
      .selectFrom('checkpoint')
      .select('note')
      .where('size', '=', size)
      .executeTakeFirstOrThrow()
    const { text } = splitNote(note)
    const signature = { name: witness.name, keyId: witness.keyId, signature: cosign(witness, text, 1_700_000_000) }
    const line = joinNote(text, [signature]).slice(text.length + 1)
    const at = new Date(1_700_000_000_000)
    const key = { size, name: witness.name, key_id: witness.keyId }
    await bureau.world.db
      .insertInto('cosignature')
      .values({ ...key, line, signed_at: at, received_at: at })
      .execute()
    const served = await bureau.call('GET', '/checkpoint')
    t.match(openNote(served.bytes.toString(), [verifierOf(witness)]).verified, [
      { key: { name: 'w.example' }, timestampSeconds: 1_700_000_000 },
    ])
    t.equal((await bureau.call('GET', '/checkpoint/witnessed')).status, 404, 'the quorum decides, not one line')
    await bureau.world.db.insertInto('witnessed').values({ size, at }).execute()
    await fill(bureau, size + 1)
    const witnessed = await bureau.call('GET', '/checkpoint/witnessed')
    t.equal(witnessed.bytes.toString(), served.bytes.toString(), 'the older one, with its cosignature')
    t.equal(witnessed.headers.get('content-type'), 'text/plain; charset=utf-8')
    t.match(witnessed.headers.get('cache-control'), /no-store/)
    t.not((await bureau.call('GET', '/checkpoint')).bytes.toString(), served.bytes.toString())
  })

  await t.test('what no checkpoint covers is not served, whatever the tables hold', async (t) => {
    await bureau.stopSequencer()
    const size = await newest(bureau)
    const [tile, width] = [Math.floor(size / 256), size % 256]
    const name = String(tile).padStart(3, '0')
    await bureau.world.asSuperuser(async (db) => {
      await sql`set session_replication_role = replica`.execute(db)
      await sql`update tile set hashes = hashes || decode(repeat('00', 32), 'hex') where level = 0 and index = ${tile}`.execute(
        db,
      )
      await sql`insert into leaf (index, event_id, data, hash) select ${size}, gen_random_uuid(), data, hash from leaf limit 1`.execute(
        db,
      )
    })
    for (const kind of ['0', 'entries']) {
      t.equal((await bureau.call('GET', `/tile/${kind}/${name}.p/${width}`)).status, 200, kind)
      t.equal((await bureau.call('GET', `/tile/${kind}/${name}.p/${width + 1}`)).status, 404, kind)
    }
  })
})
