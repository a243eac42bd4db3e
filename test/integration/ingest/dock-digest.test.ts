import { generateKeyPairSync } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { signedDigest, signedHandIn } from '../../../deploy/local/demo/hand-in-list.ts'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkRows } from '../../../services/custody/fsck/rows.ts'
import {
  createUpload,
  footage,
  hex,
  type IngestWorld,
  openIngestWorld,
  patch,
  sayDigest,
  stateOf,
} from '../../support/ingest.ts'

const sm3 = 'c'.repeat(64)
const nothing = { sm3: null as string | null }

/** A hand-in of two files of which only names and sizes are known, and the upload of the second, complete or not. */
async function docked(world: IngestWorld, seed: string, options: { sends?: boolean } = {}) {
  const bytes = footage(50_000, seed)
  const filename = `${seed}.MP4`
  const file = (name: string) => ({
    name: Buffer.from(name).toString('base64'),
    bytes: bytes.length,
    ...{ sha256: null, deviceTime: null, mark: false },
  })
  const opened = { openedAt: '2026-11-20T18:00:00+08:00', clockOffsetMs: null, origin: null, user: null }
  const files = [file('OTHER.MP4'), file(filename)]
  const list = signedHandIn({ serial: 'DSJ0001', ...opened, files }, world.dock.key)
  const headers = { 'content-type': 'application/json' }
  const response = await world.call('POST', '/hand-ins', { headers, body: JSON.stringify(list) })
  const handIn = ((await response.json()) as { id: string }).id
  const path = await createUpload(world, bytes.length, { filename, handIn, handInNumber: '1' })
  if (options.sends !== false) await patch(world, path, 0, bytes)
  return { path, bytes, handIn, filename, right: { filesRoot: list.filesRoot, number: 1, sha256: hex(bytes) } }
}

async function ended(world: IngestWorld, path: string) {
  return world.until(async () => {
    const state = await stateOf(world, path)
    return state.state === 'complete' || state.state === 'receiving' ? null : state
  })
}

async function sealingOf(world: IngestWorld, path: string): Promise<Record<string, unknown>> {
  const { body } = await world.db
    .selectFrom('event')
    .select('body')
    .where('kind', 'in', ['recording.sealed', 'recording.quarantined'])
    .where(sql<boolean>`${`upload:${idOf(path)}`} = any(subjects)`)
    .executeTakeFirstOrThrow()
  return (JSON.parse(body) as { details: Record<string, unknown> }).details
}

async function rowOf(world: IngestWorld, path: string) {
  const row = await world.db
    .selectFrom('upload')
    .select(['declared_sha256', 'dock_signature', 'dock_sm3'])
    .where('id', '=', idOf(path))
    .executeTakeFirstOrThrow()
  return [row.declared_sha256?.toString('hex') ?? null, row.dock_signature?.toString('base64') ?? null, row.dock_sm3]
}

function idOf(path: string): string {
  return path.slice('/uploads/'.length)
}

t.test('a digest that the dock signed stands in the event that seals the file', async (t) => {
  const world = await openIngestWorld(t)
  const { key } = world.dock

  t.test('with SM3 or without, and said again it is the same', async (t) => {
    for (const said of [{ sm3 }, nothing]) {
      const { path, right } = await docked(world, `signed ${said.sm3}`, { sends: false })
      const digest = signedDigest({ ...right, ...said }, key)
      t.equal((await sayDigest(world, path, digest)).status, 204)
      t.equal((await sayDigest(world, path, digest)).status, 204, 'the answer was lost')
      t.equal((await sayDigest(world, path, { sha256: digest.sha256 })).status, 204, 'the signature stays')
      await patch(world, path, 0, footage(50_000, `signed ${said.sm3}`))
      t.match(await ended(world, path), { state: 'sealed' })
      const { signature } = digest
      t.match(await sealingOf(world, path), {
        declaredSha256: digest.sha256,
        dockDigest: { signature, sm3: said.sm3 },
        flags: [],
      })
      t.equal((await sayDigest(world, path, digest)).status, 204, 'and after the seal')
    }
  })

  t.test('what is not signed is taken as before', async (t) => {
    const { path, right } = await docked(world, 'unsigned')
    t.equal((await sayDigest(world, path, { sha256: right.sha256, sm3: null })).status, 204)
    await ended(world, path)
    t.notOk('dockDigest' in (await sealingOf(world, path)))
    const late = await sayDigest(world, path, signedDigest({ ...right, sm3 }, key))
    t.equal(late.status, 204, 'the event is written: a signature that comes now is not kept')
    t.same(await rowOf(world, path), [right.sha256, null, null])
  })

  t.test('a signature over anything else is refused by its field, and nothing is kept', async (t) => {
    const { path, right } = await docked(world, 'refused', { sends: false })
    const { privateKey } = generateKeyPairSync('ed25519')
    const whole = { ...right, sm3 }
    const { signature } = signedDigest(whole, key)
    const wrong = {
      'of another key': signedDigest(whole, privateKey),
      'of another line': signedDigest({ ...whole, number: 0 }, key),
      'of another list': { ...signedDigest({ ...whole, filesRoot: 'a'.repeat(64) }, key) },
      'of another digest': { sha256: 'b'.repeat(64), sm3, signature },
      'of another SM3': { sha256: right.sha256, sm3: 'd'.repeat(64), signature },
      'of an SM3 that is not said': { sha256: right.sha256, signature },
      'that is none': { sha256: right.sha256, sm3, signature: 'x' },
      'that is missing': { sha256: right.sha256, sm3 },
    }
    for (const [what, digest] of Object.entries(wrong)) {
      const answer = await sayDigest(world, path, digest)
      t.equal(answer.status, 400, what)
      t.match(JSON.stringify(await answer.json()), /signature/, what)
    }
    t.same(await rowOf(world, path), [null, null, null])
  })

  t.test('only an upload that claims a line has one', async (t) => {
    const bytes = footage(1000, 'no list')
    const path = await createUpload(world, bytes.length, {}, { listed: false })
    const digest = signedDigest({ filesRoot: 'a'.repeat(64), number: 0, sha256: hex(bytes), sm3: null }, key)
    const answer = await sayDigest(world, path, digest)
    t.equal(answer.status, 400)
    t.match(await answer.json(), { error: { details: { field: 'signature' } } })
    t.same(await rowOf(world, path), [null, null, null])
  })

  t.test('another SM3 than was signed before is refused as another digest is', async (t) => {
    const { path, right } = await docked(world, 'twice', { sends: false })
    t.equal((await sayDigest(world, path, signedDigest({ ...right, sm3 }, key))).status, 204)
    const other = await sayDigest(world, path, signedDigest({ ...right, sm3: 'd'.repeat(64) }, key))
    t.equal(other.status, 409)
    t.same((await rowOf(world, path))[2], Buffer.from(sm3, 'hex'))
  })

  t.test('a signed digest that differs leads into quarantine, with the signature', async (t) => {
    const { path, right } = await docked(world, 'differs')
    const digest = signedDigest({ ...right, sha256: 'b'.repeat(64), sm3: null }, key)
    t.equal((await sayDigest(world, path, digest)).status, 204)
    t.match(await ended(world, path), { state: 'quarantined', reason: 'digest_differs' })
    const { signature } = digest
    t.match(await sealingOf(world, path), { declaredSha256: 'b'.repeat(64), dockDigest: { signature, sm3: null } })
  })

  t.test('an upload whose line another one took has no signature of it any more', async (t) => {
    const { path, bytes, right, handIn, filename } = await docked(world, 'taken over', { sends: false })
    t.equal((await sayDigest(world, path, signedDigest({ ...right, sm3 }, key))).status, 204)
    await createUpload(world, bytes.length, { filename, handIn, handInNumber: '1' })
    await patch(world, path, 0, bytes)
    t.match(await ended(world, path), { state: 'quarantined', reason: 'not_listed' })
    t.notOk('dockDigest' in (await sealingOf(world, path)))
    t.same(await rowOf(world, path), [right.sha256, null, null])
  })

  t.test('the rows are those that the events tell', async (t) => {
    const report = openReport()
    await checkRows(world.db, report)
    const ofUploads = () => report.findings().filter(({ subject }) => subject.startsWith('upload'))
    t.same(ofUploads(), [])
    await world.asSuperuser((db) => sql`update upload set dock_sm3 = null where state = 'sealed'`.execute(db))
    await checkRows(world.db, report)
    t.match(ofUploads(), [{ check: 'rows.row_differs', problem: /dock_sm3/ }])
  })
})
