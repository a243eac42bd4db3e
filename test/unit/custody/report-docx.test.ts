import { TextWriter, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js'
import t from 'tap'
import { reportContent } from '../../../services/custody/packages/report/build.ts'
import { sectionDocx } from '../../../services/custody/packages/report/docx.ts'
import { caseNumber } from '../../support/report/events.ts'
import { factsFrom, soundEvents } from '../../support/report/facts.ts'
import { hostileFacts, hostileName } from '../../support/report/hostile.ts'

async function partsOf(docx: Buffer): Promise<Map<string, string>> {
  const entries = await new ZipReader(new Uint8ArrayReader(docx)).getEntries()
  const parts = new Map<string, string>()
  for (const entry of entries) if (!entry.directory) parts.set(entry.filename, await entry.getData(new TextWriter()))
  return parts
}

t.test('the list of evidence is a document of Word with the rows of the report, whatever its names are', async (t) => {
  const madeAt = new Date('2026-03-20T01:00:00.000Z')
  const { evidenceList } = reportContent(hostileFacts(2, { madeAt }))
  const docx = await sectionDocx(evidenceList, madeAt)
  t.ok(docx.equals(await sectionDocx(evidenceList, madeAt)), 'made twice it is the same')
  const parts = await partsOf(docx)
  t.same([...parts.keys()], ['[Content_Types].xml', '_rels/.rels', 'word/document.xml'])
  const text = parts.get('word/document.xml')!
  t.ok(text.includes(hostileName.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')))
  t.notMatch(text, /<script|<img/)
  t.ok(text.includes(`案件编号：${caseNumber}`), 'the list names its case')
  const table = evidenceList.blocks.find(({ kind }) => kind === 'table')
  const cells = table?.kind === 'table' ? table.rows.flat() : []
  t.ok(cells.length > 12)
  const shown = [...text.matchAll(/<w:t [^>]*>([^<]*)<\/w:t>/g)].map(([, one]) =>
    one!.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  )
  t.same(
    cells.filter((cell) => cell !== '' && !shown.includes(cell)),
    [],
  )
  t.equal(text.match(/<w:tr>/g)?.length, cells.length / 6 + 1, 'a row each, and the head')
})

t.test('a case without recordings has its list too', async (t) => {
  const { evidenceList } = reportContent(factsFrom(soundEvents().filter(({ kind }) => kind === 'case.opened')))
  const parts = await partsOf(await sectionDocx(evidenceList, new Date(0)))
  t.match(parts.get('word/document.xml'), /没有音像资料归入本案件/)
})

t.test(
  'a row has the number of its recording, and a transcript that of its recording with one of its own',
  async (t) => {
    const { evidenceList } = reportContent(factsFrom(soundEvents(3)))
    const table = evidenceList.blocks.find(({ kind }) => kind === 'table')
    const rows = table?.kind === 'table' ? table.rows.map(([number, name]) => [number, name?.split('　')[0]]) : []
    t.same(rows, [
      ['1', '录像1'],
      ['1-1', '录像1的声音文字记录'],
      ['2', '录像2'],
      ['2-1', '录像2的声音文字记录'],
      ['3', '录像3'],
      ['3-1', '录像3的声音文字记录'],
    ])
  },
)
