import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { openBureau } from '../access/bureau.ts'
import { run } from '../access/by-command.ts'

t.test('custody devices brings the register in and out, and prints labels', async (t) => {
  const bureau = await openBureau(t)
  const folder = t.testdir({})
  const file = (name: string) => join(folder, name)
  await writeFile(file('in.csv'), 'serial,kind,model,holder\nZJ90001,执法记录仪,DSJ-5,officer\nSJ-1,本人手机,,\n')
  const enter = (...args: string[]) => run(bureau, 'administrator', 'devices', 'import', file('in.csv'), ...args)
  const registered = async () =>
    (await bureau.world.db.selectFrom('device').select(['serial', 'kind', 'holder_id']).execute()).filter(
      ({ serial }) => serial === 'ZJ90001' || serial === 'SJ-1',
    )
  t.match(await enter('--preview'), { code: 0, out: '预览：将登记 2 台（其中 1 台须保管人确认），已在册 0 台' })
  t.same(await registered(), [], 'a preview changes nothing')
  t.match(await enter(), { code: 0, out: '已登记 2 台（其中 1 台须保管人确认），已在册 0 台' })
  t.match(
    (await registered()).toSorted((one, other) => (one.serial < other.serial ? -1 : 1)),
    [
      { serial: 'SJ-1', kind: 'phone', holder_id: null },
      { serial: 'ZJ90001', kind: 'recorder', holder_id: null },
    ],
    'who is to keep one confirms it himself',
  )
  t.match(await run(bureau, 'officer', 'device', 'decide-keeper', 'ZJ90001', '--approve'), { code: 0 })
  t.match(await enter(), { code: 0, out: /登记 0 台.*已在册 2 台/ })
  t.match(await run(bureau, 'supervisor', 'devices', 'import', file('in.csv')), { code: 0, out: /登记 0 台/ })
  await writeFile(file('more.csv'), 'serial,kind\nZJ90002,recorder\n')
  t.match(await run(bureau, 'supervisor', 'devices', 'import', file('more.csv')), { code: 2 })

  t.match(await run(bureau, 'auditor', 'devices', 'export', file('out.csv')), { code: 0, out: /台设备/ })
  const out = await readFile(file('out.csv'), 'utf8')
  t.match(out, /^\ufeffserial,kind,/)
  t.match(out, /\r\nZJ90001,执法记录仪,DSJ-5,officer,在用,20/)
  t.match(await run(bureau, 'administrator', 'devices', 'import', file('out.csv'), '--json'), {
    out: /^\{"fresh":\[\],"known":\d+,"differing":\[\]\}$/,
  })

  const labels = (...args: string[]) => run(bureau, 'custodian', 'devices', 'labels', ...args)
  t.match(await labels('SJ-1', 'ZJ90001', '--out', file('labels.html')), { code: 0, out: /^2 张标签/ })
  const page = await readFile(file('labels.html'), 'utf8')
  t.match(page, /本人手机/)
  t.match(page, /DEV-ZJ90001/)
  t.match(await labels('--out', file('labels.pdf'), '--lang', 'en'), { code: 0, out: /labels/ })
  t.equal((await readFile(file('labels.pdf'))).toString('latin1', 0, 5), '%PDF-')
  t.match(await labels('NONE', '--out', file('x.pdf')), { code: 2, err: /the register has no NONE/ })
  t.match(await labels('--out', file('x.png')), { code: 2, err: /\.pdf or \.html/ })
})
