import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { sha256 } from '../../../services/foundation/hash.ts'
import { goProgram, pathOrLeftOut } from '../../support/tools.ts'
import { addTracks } from './add-tracks.ts'
import {
  fileOf,
  linesOf,
  lyingStore,
  never,
  orderPackage,
  packageHandler,
  populatedWorld,
  rowFindings,
  rowOf,
  unzipped,
} from './making.ts'
import { findingsOfPackage } from './verdict.ts'

const run = promisify(execFile)
t.setTimeout(480_000)

t.test('a rendition of three tracks in a package', async (t) => {
  const { world, populated, trust } = await populatedWorld(t)
  const id = populated.recordingIds[1]!
  const added = await addTracks(world, id, {
    statedMs: 12_000,
    foundMs: 8000,
    holes: [{ track: 0, fromMs: 4000, toMs: 8000, why: 'damaged' }],
    notShown: [{ stream: 4, why: 'undecodable', detail: 'gpmd <data>' }],
  })

  t.test('each track is a file of its own, and both verifiers accept them', async (t) => {
    const order = await orderPackage(world, populated)
    await packageHandler(world)(order.jobId, never)
    t.match(await rowOf(world, order.id), { state: 'ready', failure: null })
    const zip = await fileOf(world, order.id)
    const files = await unzipped(zip)
    const line = linesOf(files, 'data/recordings.jsonl').find((one) => one.id === id)
    t.same(
      line.playable,
      [
        ['video', 'mp4'],
        ['audio', 'm4a'],
        ['still', 'jpg'],
      ].map(([kind, ending], track) => ({
        bytes: added.forms[track]!.length,
        kind,
        path: `data/playable/${id}-${track}.${ending}`,
        renditionId: added.renditionId,
        sha256: sha256(added.forms[track]!).toString('hex'),
        track,
      })),
    )
    for (const { path, track } of line.playable) t.ok(files.get(path)!.equals(added.forms[track]!), path)
    t.same(await findingsOfPackage(zip, trust), { accepted: true, codes: [] })
    t.same(await rowFindings(world), [])
    const verifier = pathOrLeftOut(t, 'the verifier in Go', await goProgram('verifier-go'))
    if (!verifier) return
    const folder = await mkdtemp(join(tmpdir(), 'custody-tracks-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    await writeFile(join(folder, 'package.zip'), zip)
    await writeFile(join(folder, 'trust.json'), JSON.stringify(trust))
    await run(verifier, ['--trust', join(folder, 'trust.json'), join(folder, 'package.zip')])
  })

  t.test(
    'the report lists the tracks, and says what differs and what is not shown, of this recording alone',
    async (t) => {
      const order = await orderPackage(world, populated)
      await packageHandler(world)(order.jobId, never)
      const files = await unzipped(await fileOf(world, order.id))
      const html = files.get('data/report/report.html')!.toString()
      const words = [
        '原始文件，播放件（3 个轨道）',
        `${id}-1.m4a`,
        '录音 领夹话筒',
        '流 0、1，声道 1、2',
        '<h3>播放件说明（录像2）</h3>',
        '<li>原始文件未变，以原始文件为准。</li>',
        '<li>文件头标明时长 12.0 秒，其中 8.0 秒可以播放；轨道 0：00:00:04.0 至 00:00:08.0 数据已损坏，无法解码。</li>',
        '<li>原始文件中的第 4 号流未制作播放件：无法解码（gpmd &lt;data&gt;）。</li>',
      ]
      for (const one of words) t.ok(html.includes(one), one)
      t.equal(html.split('<h3>播放件说明').length, 2, 'one recording has notes, the other is plain')
    },
  )

  t.test(
    'a wrong piece of a second track is an alarm that names the track, and no form of the recording goes along',
    async (t) => {
      const order = await orderPackage(world, populated)
      const { primary } = world.storesFor('package')
      const wrongKey = added.keys[1]![2]!
      await packageHandler(world, {}, { primary: lyingStore(primary, (key) => key === wrongKey) })(order.jobId, never)
      const zip = await fileOf(world, order.id)
      const files = await unzipped(zip)
      const line = linesOf(files, 'data/recordings.jsonl').find((one) => one.id === id)
      t.same(line.playable, [])
      const bodies = linesOf(files, 'data/ledger/events.jsonl').map((one) => JSON.parse(one.body))
      const alarms = bodies.filter(({ kind }) => kind === 'alarm.raised').map(({ details }) => details)
      t.match(alarms, [{ alarm: 'rendition_bytes_differ', track: 1, fileKind: 'segment', number: 1 }])
      t.same(await findingsOfPackage(zip, trust), { accepted: true, codes: [] })
    },
  )
})
