import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import t from 'tap'
import { sealedRecording } from '../../../services/custody/copies/copies.ts'
import { enterNotPlayable } from '../../../services/custody/viewing/not-playable.ts'
import { decideSupply, proposeSupply } from '../../../services/custody/viewing/supply.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import type { Populated } from '../../support/populate.ts'
import { goProgram, pathOrLeftOut } from '../../support/tools.ts'
import type { World } from '../../support/world.ts'
import { clipMaker } from '../workers/clips.ts'
import { worldHandlers } from '../workers/handlers.ts'
import { fileOf, linesOf, never, orderPackage, packageHandler, populatedWorld, rowOf, unzipped } from './making.ts'
import { findingsOfPackage } from './verdict.ts'

const run = promisify(execFile)
t.setTimeout(480_000)

const facts = { tool: '海康执法仪播放器', toolVersion: '5.2.1', how: '用单位密码解密后另存为 MP4' }

/** Custodian and supervisor supply a film of the recording, which could not be played, and the workers make it playable. */
async function supplyFilm(world: World, populated: Populated, recordingId: string, film: Buffer): Promise<string> {
  const { db, clock } = world
  const custodian = { id: populated.people.custodian, role: 'custodian' }
  const supervisor = { id: populated.people.supervisor, role: 'supervisor' }
  const recording = await sealedRecording(db, recordingId)
  const notPlayable = { why: 'encrypted', reason: 'the file is encrypted', tool: 'ffmpeg of the test' } as const
  await db.transaction().execute((trx) => enterNotPlayable(trx, clock, recording, notPlayable))
  const deps = { db: world.dbFor('access'), clock, primary: world.storesFor('access').primary }
  const said = { recordingId, ...facts, bytes: film.length }
  const { id } = await proposeSupply(deps, custodian, said, Readable.from([film], { objectMode: false }))
  const decision = { recordingId, supplyId: id, confirm: true, reason: '已核对导出记录' }
  await decideSupply(deps.db, clock, supervisor, decision)
  const job = await db
    .selectFrom('job')
    .where('subject_id', '=', recordingId)
    .where('name', '=', 'transcode')
    .where('state', '=', 'pending')
    .select('id')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  await (await worldHandlers(t, world)).transcode(job.id, never)
  return id
}

t.test('a recording whose playable form is a film that two people supplied', async (t) => {
  const { world, populated, trust } = await populatedWorld(t)
  const id = populated.recordingIds[1]!
  const film = await readFile(await (await clipMaker(t))('recorder.mp4'))
  const supplyId = await supplyFilm(world, populated, id, film)
  const order = await orderPackage(world, populated)
  await packageHandler(world)(order.jobId, never)
  t.match(await rowOf(world, order.id), { state: 'ready', failure: null })
  const zip = await fileOf(world, order.id)
  const files = await unzipped(zip)

  await t.test('both verifiers accept it', async (t) => {
    t.same(await findingsOfPackage(zip, trust), { accepted: true, codes: [] })
    const verifier = pathOrLeftOut(t, 'the verifier in Go', await goProgram('verifier-go'))
    if (!verifier) return
    const folder = await mkdtemp(join(tmpdir(), 'custody-supplied-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    await writeFile(join(folder, 'package.zip'), zip)
    await writeFile(join(folder, 'trust.json'), JSON.stringify(trust))
    await run(verifier, ['--trust', join(folder, 'trust.json'), join(folder, 'package.zip')])
  })

  await t.test(
    'its playable form and the events that bind it to the film go along, and the original with it',
    async (t) => {
      const line = linesOf(files, 'data/recordings.jsonl').find((one) => one.id === id)
      t.match(line.playable, [{ kind: 'video', track: 0, path: `data/playable/${id}-0.mp4` }])
      t.ok(files.get(line.original.path)!.length > 0)
      const bodies = linesOf(files, 'data/ledger/events.jsonl').map((one) => JSON.parse(one.body))
      const of = (kind: string) =>
        bodies.filter((body) => body.kind === kind && JSON.stringify(body.subjects).includes(id))
      const digest = sha256(film).toString('hex')
      t.match(of('rendition.supplied'), [
        { actor: populated.people.supervisor, details: { supplyId, ...facts, sha256: digest, bytes: film.length } },
      ])
      t.match(of('rendition.ready'), [
        {
          details: { method: 'supplied', suppliedSha256: digest, differences: [{ what: 'supplied_by_vendor_player' }] },
        },
      ])
    },
  )

  await t.test('the report says with what it was made, by whom, and that this system could not check it', async (t) => {
    const html = files.get('data/report/report.html')!.toString()
    const names = await world.db.selectFrom('person').select(['id', 'name']).execute()
    const nameOf = (person: string) => names.find((one) => one.id === person)!.name
    for (const words of [
      '<li>由厂家软件解密，系统未能自行核对。</li>',
      '<li>原始文件未变，以原始文件为准。</li>',
      '厂家软件导出影片',
      `${facts.tool} ${facts.toolVersion}`,
      facts.how,
      sha256(film).toString('hex'),
      nameOf(populated.people.custodian),
      `${nameOf(populated.people.supervisor)}，`,
      '所提交影片的流 0',
    ]) {
      t.ok(html.includes(words), words)
    }
    t.equal(html.split('播放件来源').length, 2, 'of this recording alone')
  })
})
