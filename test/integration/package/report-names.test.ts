import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { decideSetting } from '../../../services/custody/bureau/setting-decision.ts'
import { proposeSetting } from '../../../services/custody/bureau/setting-proposal.ts'
import { closureOf } from '../../../services/custody/packages/closure.ts'
import { packageById } from '../../../services/custody/packages/package.ts'
import { packageRecordings } from '../../../services/custody/packages/recordings.ts'
import { reportContent } from '../../../services/custody/packages/report/build.ts'
import { newestPublished } from '../../../services/ledger/log/witnessed.ts'
import { reportFacts } from '../../../workers/package/report-facts.ts'
import type { Populated } from '../../support/populate.ts'
import { pathOrLeftOut, pdftotext } from '../../support/tools.ts'
import type { World } from '../../support/world.ts'
import { fileOf, never, orderPackage, packageHandler, populatedWorld, rowOf, unzipped } from './making.ts'

const run = promisify(execFile)
t.setTimeout(480_000)

t.test(
  'the report of a real package: what Article 12 asks comes first, and every name comes from the events',
  async (t) => {
    const { world, populated } = await populatedWorld(t)
    const [first, second] = populated.recordingIds
    const proves = '证明当事人占用人行道经营'
    const originalMedium = '存储卡封存于证物室，封条号 0012'
    const { id: versionId } = await stateWitness(world, populated)
    const { id, jobId } = await orderPackage(world, populated, {
      purpose: '行政诉讼举证',
      recordings: [{ recordingId: first!, proves, fromMs: 0, toMs: 8000, transcript: 'no_speech', originalMedium }],
    })
    await packageHandler(world)(jobId, never)
    t.match(await rowOf(world, id), { state: 'ready', failure: null })
    const files = await unzipped(await fileOf(world, id))

    t.test('the first pages are the sheets, with nothing on them that only technicians ask', async (t) => {
      const folder = await mkdtemp(join(tmpdir(), 'custody-report-'))
      t.teardown(() => rm(folder, { recursive: true, force: true }))
      const path = join(folder, 'report.pdf')
      await writeFile(path, files.get('data/report/report.pdf')!)
      const program = pathOrLeftOut(t, 'pdftotext', await pdftotext())
      if (!program) return
      const pages = async (from: number, to: number) => {
        const range = ['-f', String(from), '-l', String(to)]
        return (await run(program, ['-enc', 'UTF-8', ...range, path, '-'])).stdout.replaceAll(/\s+/g, '')
      }
      const [page1, page2, page3] = [await pages(1, 1), await pages(2, 2), await pages(3, 3)]
      for (const words of [
        ...['视听资料证据说明', '某officer', '李四', '执法记录仪', 'ZF00001', '某某小吃店', '一号采集站', proves],
        ...[
          '00:00:00至00:00:08',
          '无对话',
          '存储卡封存于证物室，封条号0012（申请人填写，系统未核实）',
          'SHA-256',
          'SM3',
          '提供人（签名）',
          '单位（盖章）',
        ],
      ]) {
        t.ok(page1.includes(words), words)
      }
      t.ok(page2.includes('视听资料证据说明') && page2.includes('未填写'), 'each recording has a page')
      t.ok(page2.includes('系统也未记录原始存储介质的去向'))
      t.notMatch(page1 + page2, /盐|承诺|默克尔|检查点|存证节点|行政诉讼举证|根摘要/)
      t.match(page3, /^证据清单/)
      t.match(page3, /用途行政诉讼举证.*提取方法.*提取时间.*提取人某custodian/)
      t.ok(second)
    })

    t.test('how the witnesses stand to the bureau stands in the request, which its second person signs', async (t) => {
      const { body } = await world.db
        .selectFrom('event')
        .where('kind', '=', 'package.requested')
        .select('body')
        .executeTakeFirstOrThrow()
      const stated = [{ witness: 'legal.test/witness', relation: 'same_town' }]
      t.same(JSON.parse(body).details.witnessRelations, { versionId, stated })
    })

    t.test('the list of evidence goes along in a form that can be edited', async (t) => {
      const docx = await unzipped(files.get('data/report/evidence-list.docx')!)
      t.match(docx.get('document.xml')?.toString(), proves)
      const contents = files.get('data/contents.jsonl')!.toString()
      t.match(contents, 'data/report/evidence-list.docx')
    })

    t.test('a row that its owner changes changes nothing of it', async (t) => {
      const before = await contentOf(world, id)
      t.ok(JSON.stringify(before).includes('某officer'))
      const officerIds = [populated.people.auditor, populated.people.supervisor]
      await world.asSuperuser(async (db) => {
        await db.updateTable('person').set({ name: '冒名', officer_number: null, certificate_number: 'X' }).execute()
        await db.updateTable('dock').set({ name: '冒名站' }).execute()
        await db.updateTable('device').set({ kind: 'drone', model: '冒名机', holder_id: null }).execute()
        await db
          .updateTable('case_file')
          .set({ title: '冒名案', officer_ids: officerIds, outside_number: '9' })
          .execute()
        await db.updateTable('party').set({ name: '冒名户' }).execute()
        await db
          .updateTable('copy')
          .set({ host_name: '冒名主机', retain_until: new Date(0) })
          .execute()
        await db.updateTable('setting_version').set({ value: '[]' }).execute()
        await db.updateTable('package').set({ purpose: '冒名用途', recipient_name: '冒名人' }).execute()
      })
      t.same(await contentOf(world, id), before)
    })
  },
)

/** The supervisor proposes how the witness stands to the bureau, the auditor accepts it. */
async function stateWitness({ db, clock }: World, { people }: Populated): Promise<{ id: string }> {
  const key = 'witness.relation'
  const value = [{ witness: 'legal.test/witness', relation: 'same_town' }]
  const supervisor = { id: people.supervisor, role: 'supervisor' }
  const auditor = { id: people.auditor, role: 'auditor' }
  const proposal = { key, value, source: '外部见证单位的设置说明', validFrom: null }
  const { id } = await proposeSetting(db, clock, supervisor, proposal)
  await decideSetting(db, clock, auditor, { key, id, accept: true, reason: null })
  return { id }
}

/** What the report of this package says, written from the ledger as it is. */
async function contentOf({ db }: World, id: string) {
  const row = (await packageById(db, id))!
  const checkpoint = (await newestPublished(db))!
  const closure = await closureOf(db, row.case_number, checkpoint.size)
  const making = { row, checkpoint, closure, recordings: packageRecordings(closure), madeAt: new Date(0) }
  return reportContent(await reportFacts(db, making, []))
}
