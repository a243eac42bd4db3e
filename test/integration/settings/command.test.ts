import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { runProgram } from '../../../services/cli/program.ts'
import { testTerminal } from '../../support/terminal.ts'
import { openBureau } from '../access/bureau.ts'

t.test('custody setting lists, shows, proposes, decides and withdraws', async (t) => {
  const bureau = await openBureau(t)
  const folder = t.testdir({})
  const run = async (who: 'supervisor' | 'auditor' | 'administrator', ...args: string[]) => {
    const { account, password } = bureau.people[who]
    const terminal = testTerminal({
      CUSTODY_ACCESS: bureau.base,
      CUSTODY_ACCOUNT: account,
      CUSTODY_PASSWORD: password,
    })
    const code = await runProgram(['setting', ...args], terminal)
    return { code, out: terminal.printed.join('\n'), err: terminal.told.join('\n') }
  }
  const key = 'account.new_days'
  t.match(await run('auditor', 'list'), { out: /witness\.relation {2}无（标准值）/ }, 'no days of a list that is empty')
  t.match(await run('auditor', 'propose', key, '45', '--source', 'x'), { code: 2, err: /--source：.*至少 4 个字/ })
  const short = await run('auditor', 'propose', key, '45', '--source', 'x', '--lang', 'en')
  t.match(short, { code: 2, err: /--source: name the rule .* 4 characters at least/ })
  t.match(await run('auditor', 'history', key), { code: 0, out: /^$/, err: /从未提议更改/ })
  const from = ['--source', '局务会纪要']

  t.match(await run('auditor', 'list'), { code: 0, out: /account\.new_days {2}30（标准值） {2}新账号/ })
  t.match(await run('auditor', 'show', key, '--lang', 'en'), { code: 0, out: /account\.new_days {2}30 \(standard\)/ })
  t.match(await run('auditor', 'show', 'no.such'), { code: 2, err: /there is no setting no\.such/ })
  t.match(await run('auditor', 'propose', key, '45', ...from, '--preview'), {
    code: 0,
    out: /影响 {2}自 .*由 30 改为 45/,
  })
  t.match(await run('auditor', 'decide', key, '--approve'), { code: 2, err: /no proposal is open/ })
  t.match(await run('administrator', 'propose', key, '45', ...from), { code: 0, out: /已提议，须由另一人决定/ })
  t.match(await run('auditor', 'show', key), { out: /待决定的提议 {2}45 {2}待决定.*局务会纪要.*\n {2}影响/ })
  t.match(await run('auditor', 'decide', key), { code: 2, err: /--approve and --refuse/ })
  t.match(await run('administrator', 'decide', key, '--approve'), { code: 2, err: /administrator/ })
  t.match(await run('auditor', 'withdraw', key), { code: 2, err: /only the person who made a proposal/ })
  t.match(await run('auditor', 'decide', key, '--refuse', '--reason', '依据不足'), { code: 0, out: /未同意/ })
  t.match(await run('supervisor', 'propose', key, '50', ...from, '--from', '2999-01-01'), { code: 0 })
  t.match(await run('auditor', 'show', key), { out: /生效时间 2999-01-01 00:00:00/ })
  t.match(await run('supervisor', 'withdraw', key), { code: 0, out: /已撤回/ })
  t.match(await run('auditor', 'history', key, '--lang', 'en'), {
    code: 0,
    out: /^50 {2}withdrawn.*\n45 {2}refused.*decided by auditor/,
  })
  t.match(await run('auditor', 'propose', key, 'many', ...from), { code: 2, err: /the value is JSON/ })
  t.match(await run('auditor', 'propose', key, ...from), { code: 2, err: /either a value or --csv/ })
  t.match(await run('auditor', 'propose', key, '5', ...from, '--from', 'soon'), { code: 2, err: /--from soon: a day/ })

  const table = join(folder, 'days.csv')
  await writeFile(table, 'day,working\n2026-10-01,否\n2026-02-30,否\n2026-10-01,maybe\n')
  const wrong = await run('auditor', 'propose', 'calendar.days', '--csv', table, ...from)
  t.match(wrong, { code: 2, err: /line 3: day.*\n.*line 4: working.*\n.*line 4: day: 2026-10-01 stands in line 2/ })
  await writeFile(table, '\ufeffday,working\n2026-10-01,否\n2026-10-10,是\n')
  const right = await run('auditor', 'propose', 'calendar.days', '--csv', table, ...from)
  t.match(right, { code: 0, out: /放假 1 天，调休上班 1 天.*\n.*新增 2 天/ })
  t.match(await run('supervisor', 'decide', 'calendar.days', '--approve', '--json'), { code: 0, out: /"accepted"/ })
  t.match(await run('auditor', 'show', 'calendar.days', '--json'), { out: /"day":"2026-10-10","isWorkingDay":true/ })
})
