import t from 'tap'
import { runProgram } from '../../../services/cli/program.ts'
import { dayIn } from '../../../services/custody/settings/calendar.ts'
import { testTerminal } from '../../support/terminal.ts'
import { openBureau } from '../access/bureau.ts'

t.test('custody deputy names, decides, ends and lists', async (t) => {
  const bureau = await openBureau(t)
  const run = async (who: 'supervisor' | 'auditor' | 'custodian', ...args: string[]) => {
    const { account, password } = bureau.people[who]
    const terminal = testTerminal({
      CUSTODY_ACCESS: bureau.base,
      CUSTODY_ACCOUNT: account,
      CUSTODY_PASSWORD: password,
    })
    const code = await runProgram(['deputy', ...args], terminal)
    return { code, out: terminal.printed.join('\n'), err: terminal.told.join('\n') }
  }
  const until = new Date(bureau.world.clock.now().getTime() + 5 * 24 * 60 * 60_000).toISOString()
  const name = () => run('supervisor', 'name', 'deputy', '--reason', '外出学习', '--until', until)
  const idIn = (text: string) => text.match(/[0-9a-f-]{36}/)![0]
  t.match(await run('auditor', 'decide', '--approve'), { code: 2, err: /no deputyship waits/ })
  t.match(await run('supervisor', 'name', 'nobody', '--reason', '外出', '--until', until), {
    code: 2,
    err: /no account nobody/,
  })
  t.match(await run('supervisor', 'name', 'deputy', '--reason', '外出', '--until', 'soon'), {
    code: 2,
    err: /--until soon: a day/,
  })
  const named = await name()
  t.match(named, { code: 0, out: /^已指定，须由法制办同意：/ })
  t.equal((await run('supervisor', 'decide', '--approve')).code, 2, 'an auditor decides')
  t.match(await run('auditor', 'decide'), { code: 2, err: /say one of --approve and --refuse/ })
  t.match(await run('auditor', 'decide', '--refuse'), { code: 2, err: /--reason/ })
  t.match(await run('auditor', 'decide', '--refuse', '--reason', '理由不足', '--lang', 'en'), {
    code: 0,
    out: /^\S+ {2}named {2}supervisor 同志 → deputy 同志 .*外出学习\nrefused$/,
  })
  t.match(await run('supervisor', 'list'), { out: /未同意/ })
  const again = await name()
  t.match(await run('auditor', 'decide', idIn(again.out), '--approve'), { code: 0, out: /\n已同意$/ })
  const list = await run('supervisor', 'list')
  t.match(list, { code: 0, out: /已同意 {2}supervisor 同志 → deputy 同志 .*外出学习\n.*未同意/ })
  t.match(await run('auditor', 'end', idIn(again.out), '--reason', '提前返岗'), { code: 0, out: '已提前结束' })
  t.match(await run('auditor', 'list', '--json'), { code: 0, out: /"state":"ended"/ })
  t.equal((await run('custodian', 'list')).code, 2)

  const lastDay = dayIn(new Date(until))
  const whole = await run('supervisor', 'name', 'deputy', '--reason', '外出学习', '--until', lastDay)
  t.match(whole, { code: 0 })
  t.match(await run('supervisor', 'list'), { out: new RegExp(`– ${lastDay} 23:59:59`) }, 'its last day counts whole')
})
