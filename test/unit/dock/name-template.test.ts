import t from 'tap'
import { compileTemplate, readByTemplate } from '../../../services/dock/profiles/name-template.ts'

const recorder = compileTemplate('{serial:7}[_@]{officer:6}_{time}_{running:4}{mark}', ['IMP', '重点'])

t.test('a template reads what its fields stand for', async (t) => {
  t.same(readByTemplate(recorder, 'ZJ00001_P00231_20261126140322_0007_IMP'), {
    serial: 'ZJ00001',
    officerNumber: 'P00231',
    date: '2026-11-26',
    clock: '14:03:22',
    runningNumber: 7,
    mark: true,
  })
  t.match(readByTemplate(recorder, 'zj00001@P00231_20261126-140322_0007'), { serial: 'zj00001', mark: false })
  t.match(readByTemplate(recorder, 'ZJ00001_P00231_20261126140322_0007-重点'), { mark: true })
})

t.test('a day that the calendar does not have is kept as it is said; what no clock shows is no time', async (t) => {
  const time = (digits: string) => readByTemplate(recorder, `ZJ00001_P00231_${digits}_0007`)
  t.equal(time('20260230100000')?.date, '2026-02-30')
  t.equal(time('00000000000000')?.date, '0000-00-00')
  t.equal(time('20261126240000')?.clock, '24:00:00')
  t.equal(time('20261126235960')?.clock, '23:59:60')
  for (const digits of ['20261326140322', '20261132140322', '20261126250322', '20261126146022', '20261126140361']) {
    t.equal(time(digits), null, digits)
  }
})

t.test('a name that differs by one character fits no longer', async (t) => {
  for (const name of [
    'ZJ0001_P00231_20261126140322_0007',
    'ZJ00001_P00231_20261126140322_00007',
    'ZJ00001_P00231_20261126140322_0007_OTHER',
    'ZJ00001_P00231_20261126140322_0007_IMP_IMP',
    'ZJ00001_P00231_20261126140322_0007 ',
    'ZJ00001_P00231_２０２６1126140322_0007',
    'ZJ00001\u202e_P00231_20261126140322_0007',
    '',
  ]) {
    t.equal(readByTemplate(recorder, name), null, name)
  }
})

t.test('numbers begin again after their last', async (t) => {
  const numbered = compileTemplate('DJI_{running:4}', [])
  t.equal(readByTemplate(numbered, 'DJI_9999')?.runningNumber, 9999)
  t.equal(readByTemplate(numbered, 'dji_0001')?.runningNumber, 1)
})

t.test('what a template leaves out, and characters that mean something elsewhere', async (t) => {
  const optional = compileTemplate('{date}/(DEPT-){officer:6}_{serial:7}', [])
  t.match(readByTemplate(optional, '2026-11-26/DEPT-P00231_ZJ00001'), { date: '2026-11-26', clock: null })
  t.match(readByTemplate(optional, '20261126/P00231_ZJ00001'), { officerNumber: 'P00231' })
  const dotted = compileTemplate('A.B+{running:1}$', [])
  t.ok(readByTemplate(dotted, 'A.B+1$'))
  t.notOk(readByTemplate(dotted, 'AxBB1'))
  t.same(readByTemplate(compileTemplate('PLAIN', []), 'plain')?.runningNumber, null, 'a template without fields')
})

t.test('a template that cannot be understood says why', async (t) => {
  const wrong: readonly [string, RegExp][] = [
    ['{serie:7}', /no field \{serie\}/],
    ['{serial:0-4}', /0 to 4/],
    ['{serial:9-4}', /9 to 4/],
    ['{serial:4-999}', /999/],
    ['{running:12}', /9 digits/],
    ['{serial:7', /brace/],
    ['serial]', /bracket/],
    ['(a', /not closed/],
    ['a)', /do not match/],
    ['((a))', /in each other/],
    ['{serial:7}{serial:7}', /twice/],
  ]
  for (const [text, message] of wrong) t.throws(() => compileTemplate(text, []), { message }, text)
})

t.test('no name makes the reading slow', async (t) => {
  const wide = compileTemplate('{text:1-255}_{text:1-255}_{serial:5-16}_{officer:4-16}_{running:1-6}{mark}', ['A'])
  const begun = process.cpuUsage()
  for (const filling of ['_', 'a', '0', '_a', '\u202e']) readByTemplate(wide, filling.repeat(1024))
  t.ok(process.cpuUsage(begun).user < 2_000_000, 'less than 2 s of computing for five names')
})
