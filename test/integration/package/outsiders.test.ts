import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { newestPublished } from '../../../services/ledger/log/witnessed.ts'
import { checkpointForPackage } from '../../../workers/package/checkpoint.ts'
import { sampleAuthority } from '../../support/package/sample-timestamp.ts'
import { fileOf, never, orderPackage, packageHandler, populatedWorld, rowOf, unzipped } from './making.ts'
import { findingsOfPackage } from './verdict.ts'

t.setTimeout(480_000)

t.test('what outsiders gave goes along', async (t) => {
  const { world, populated, trust } = await populatedWorld(t)
  const order = { withFootage: false, recipient: null }

  t.test('time-stamps, one of each authority, and a copy of the verifier', async (t) => {
    const authority = sampleAuthority()
    t.teardown(() => authority.close())
    const stamped = await world.until(() => newestPublished(world.db))
    await world.db
      .insertInto('timestamp_token')
      .values({
        size: stamped.size,
        authority: '某某 时间戳/机构',
        response: authority.stamp(Buffer.from(stamped.note)),
        stamped_at: world.clock.now(),
        received_at: world.clock.now(),
      })
      .execute()
    const verifierDirectory = await mkdtemp(join(tmpdir(), 'custody-verifier-'))
    t.teardown(() => rm(verifierDirectory, { recursive: true, force: true }))
    for (const name of ['verify.html', 'verify.mjs', '名.txt']) await writeFile(join(verifierDirectory, name), name)
    const { id, jobId } = await orderPackage(world, populated, order)
    await packageHandler(world, { verifierDirectory })(jobId, never)
    const zip = await fileOf(world, id)
    const withRoot = { ...trust, timestampRoots: [authority.root] }
    t.same(await findingsOfPackage(zip, withRoot), { accepted: true, codes: [] })
    t.match(await findingsOfPackage(zip, trust), { accepted: false, codes: ['timestamp_signature'] })
    const files = await unzipped(zip)
    t.same(
      [...files.keys()].filter((path) => path.startsWith('data/verifier/')),
      ['data/verifier/README.txt', 'data/verifier/verify.html', 'data/verifier/verify.mjs'],
    )
    t.match(files.get('data/report/report.html')!.toString(), /某某 时间戳\/机构/)
  })

  t.test('a witnessed checkpoint is waited for, and taken before a newer one; without one the newest is', async (t) => {
    const { id } = await orderPackage(world, populated, order)
    const options = { after: null, signal: never }
    const begun = performance.now()
    const newest = await checkpointForPackage(world.db, id, { ...options, witnessWaitMs: 400 })
    t.ok(performance.now() - begun > 300, 'it waited')
    t.equal(newest.witnessedAt, null)

    const waiting = checkpointForPackage(world.db, id, { ...options, witnessWaitMs: 30_000 })
    await world.db.insertInto('witnessed').values({ size: newest.size, at: world.clock.now() }).execute()
    t.match(await waiting, { size: newest.size, witnessedAt: Date })
    const second = await orderPackage(world, populated, order)
    const later = await checkpointForPackage(world.db, second.id, { ...options, witnessWaitMs: 0 })
    t.ok(later.size > newest.size, 'a witnessed one that does not cover the request does not count')
    t.match(await checkpointForPackage(world.db, id, { ...options, witnessWaitMs: 0 }), { size: newest.size })
    await packageHandler(world)(second.jobId, never)
    t.match(await rowOf(world, second.id), { state: 'ready' })
  })
})
