import t from 'tap'
import { parseEntryBundle } from '../../../services/ledger/bundle.ts'
import { leafHash } from '../../../services/ledger/entry.ts'
import { parseVerifierKey } from '../../../services/ledger/note.ts'
import { openCheckpoint } from '../../../services/ledger/signed-checkpoint.ts'
import { openBureau } from './bureau.ts'

t.test('anyone reads the checkpoint, the tiles and the entries, and they fit together', async (t) => {
  const bureau = await openBureau(t)
  await bureau.signIn(bureau.people.officer)
  await bureau.world.until(async () => (await bureau.call('GET', '/checkpoint')).status === 200)
  const keys = await bureau.call('GET', '/ledger/keys')
  t.match(keys.body, { origin: bureau.log.origin, verifierKey: bureau.log.verifierKey })
  const note = await bureau.call('GET', '/checkpoint')
  t.equal(note.headers.get('content-type'), 'text/plain; charset=utf-8')
  const { checkpoint } = openCheckpoint(note.bytes.toString(), {
    origin: bureau.log.origin,
    logKeys: [parseVerifierKey(bureau.log.verifierKey)],
    witnessKeys: [],
  })
  const width = checkpoint.size
  const tile = await bureau.call('GET', `/tile/0/000.p/${width}`)
  t.match(tile, { status: 200 })
  t.equal(tile.headers.get('content-type'), 'application/octet-stream')
  t.match(tile.headers.get('cache-control'), /immutable/)
  const bundle = await bureau.call('GET', `/tile/entries/000.p/${width}`)
  const hashes = parseEntryBundle(bundle.bytes, width).map((entry) => Buffer.from(leafHash(entry)))
  t.same(Buffer.concat(hashes), tile.bytes)
  t.equal((await bureau.call('GET', '/tile/0/000')).status, 404, 'the tree is not that wide')
  t.equal((await bureau.call('GET', '/tile/0/0')).status, 404)
  t.equal((await bureau.call('GET', '/tile/entries/x001/000')).status, 404)
  t.equal((await bureau.call('GET', '/tile/../session')).status, 401)
})
