import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { explainAtDock } from '../../../services/custody/hand-ins/explanations.ts'
import { signInAs } from '../access/accounts.ts'
import { openBureau } from '../access/bureau.ts'
import { run } from '../access/by-command.ts'
import { dockDevice, findGap, foundBesidesDocks } from '../access/docked.ts'

t.test('gaps, hand-ins and the roster are read and worked by command', async (t) => {
  const bureau = await openBureau(t)
  const { world, people } = bureau
  const { administrator } = await signInAs(bureau, 'administrator')
  for (const serial of ['ZJ00012', 'ZJ00031'])
    await administrator.call('POST', '/devices', { serial, kind: 'recorder' })
  const user = { person: people.officer.id, grade: 'confirmed' } as const
  const files = [{ name: '0001\u202e.MP4', bytes: 1000, mark: true }]
  const docked = await dockDevice(world, { serial: 'ZJ00012', user, files })
  const handIn = docked.handInId
  const gap = await findGap(world, docked)
  const as =
    (who: keyof typeof people, command: string) =>
    (...words: string[]) =>
      run(bureau, who, command, ...words)

  await t.test('a gap is listed, explained, returned with a reason, explained again and accepted', async (t) => {
    const [officers, custodians] = [as('officer', 'gap'), as('custodian', 'gap')]
    const cells = `${gap}  时间中断  ZJ00012  officer 同志  2026-11-28 14:21:07 – 2026-11-28 14:27:19  6:12  待说明  说明期限 `
    t.match(await officers('list'), { code: 0, out: new RegExp(`^${cells}[^\n]*$`) })
    t.match(await as('officer2', 'gap')('list'), { code: 0, out: /^$/, err: /没有这样的中断/ }, 'his own only')
    for (const none of [['--kind', 'number'], ['--state', 'accepted'], ['--device', 'ZJ00031'], ['--overdue']]) {
      t.match(await custodians('list', ...none), { code: 0, out: /^$/ }, none.join(' '))
    }
    t.match(await custodians('list', '--kind', 'hole'), { code: 2, err: /Allowed choices are time, number/ })

    t.match(await officers('explain', gap, '--reason', 'rain'), { code: 2, err: /Allowed choices are battery/ })
    const explained = await officers('explain', gap, '--reason', 'battery', '--words', '电量耗尽')
    t.match(explained, { code: 0, out: '说明已记录' })
    t.match(await custodians('return', gap), { code: 2, err: /--reason/ })
    t.match(await custodians('return', gap, '--reason', '=何时更换'), { code: 0, out: '已退回，待重新说明' })
    const returned = await officers('list', '--state', 'returned')
    t.match(returned.out, /说明：电量不足“电量耗尽”（officer 同志，密码） {2}复核：custodian 同志 \S+ \S+ “=何时更换”$/)
    const table = await custodians('list', '--csv')
    t.match(table.out, /^id,kind,device,person,hand_in,.*\n[0-9a-f-]{36},时间中断,ZJ00012,officer 同志,/)
    t.match(table.out, /,1,电量不足,电量耗尽,officer 同志,custodian 同志,\S+Z,'=何时更换$/, 'no formula')

    const again = await officers('explain', gap, '--reason', 'device_fault', '--json')
    t.match(again, { code: 0, out: /^\{"id":"[0-9a-f-]{36}"\}$/ })
    t.match(await officers('accept', gap), { code: 2 }, 'not by himself')
    t.match(await custodians('accept', gap, '--lang', 'en'), { code: 0, out: 'accepted' })
    t.match(await custodians('accept', gap), { code: 2, err: /\S/ }, 'once')
    t.match(await custodians('list', '--json'), { code: 0, out: /^\{"gaps":\[\{.*"state":"accepted"/ })
  })

  await t.test(
    'what was explained at the dock is confirmed or denied by whoever is said to have explained it',
    async (t) => {
      const said = { dockGapId: 'gap-2', reason: 'battery', words: null, saidAt: '2026-11-28T18:02:11+08:00' } as const
      const tapped = await findGap(world, docked, { dockGapId: said.dockGapId })
      const dock = { id: docked.dock.id, role: 'dock' }
      const by = { personId: null, grade: 'slot' } as const
      const officers = as('officer', 'gap')
      const words = ['--own', '--not-own']
      for (const [at, word] of words.entries()) {
        await explainAtDock(world.dbFor('ingest'), world.clock, dock, {
          ...said,
          by,
          handInId: handIn,
          messageId: `m-${at}`,
        })
        const { out } = await officers('list', '--state', 'explained')
        const [, explanation] = /，([0-9a-f-]{36}) 待本人核对，至 /.exec(out)!
        const confirm = (...options: string[]) => officers('confirm', tapped, explanation!, ...options)
        t.match(await confirm(), { code: 2, err: /one of --own and --not-own/ })
        t.match(await confirm(word), { code: 0, out: /^已(确认|否认)/ })
      }
      const [confirmed] = await bureau.eventsOf('gap.confirmed')
      t.match(confirmed, { actor: people.officer.id, details: { isOwn: true } })
      t.match(await officers('list', '--device', 'ZJ00012'), { out: /（officer 同志，凭设备在槽） .*本人否认）/ })
    },
  )

  await t.test('a hand-in is listed, shown and corrected by two', async (t) => {
    const [custodians, officers] = [as('custodian', 'hand-in'), as('officer', 'hand-in')]
    t.match(await officers('list'), {
      code: 0,
      out: new RegExp(
        `^${handIn}  .*  ZJ00012  officer 同志（本人确认）  1 个文件，1000 B，重点 1，未收到 1，回执 0  未收齐  中断：待说明 0，待复核 1$`,
      ),
    })
    t.match(await custodians('list', '--csv'), {
      code: 0,
      out: new RegExp(
        `^id,opened_at,.*\n${handIn},.*,ZJ00012,officer 同志,本人确认,,,,未收齐,1,1000,1,1,0,0,0,0,0,1,1,0$`,
      ),
    })
    t.match(await custodians('list', '--from', '2020-01-01', '--to', '2020-01-31'), { code: 0, err: /没有交存/ })
    t.match(await custodians('list', '--from', 'yesterday'), { code: 2, err: /--from yesterday: a day/ })
    t.match(await as('administrator', 'hand-in')('list'), { code: 2 }, 'not for everybody')

    t.match(await custodians('correct', handIn, '--reason', '卡插错槽位'), { code: 2, err: /--device, --user or both/ })
    const change = ['--device', 'ZJ00031', '--user', 'officer2', '--reason', '卡插错槽位']
    const asked = await custodians('correct', handIn, ...change)
    t.match(asked, { code: 0, out: /须由分管领导或本人确认/ })
    const sign = /custody (hand-in decide-correction \S+ (\S+) --approve)$/.exec(asked.out)!
    const correction = `更正  ${sign[2]}  设备 ZJ00031  当班使用人 officer2 同志  卡插错槽位  custodian 同志  `
    const shown = await custodians('show', handIn)
    t.match(shown, { code: 0, out: new RegExp(`\n${correction}\\S+ \\S+  待确认$`) })
    t.match(shown.out, /\n1 {2}0001【U\+202E】\.MP4 {2}1000 B {2}未收到 {2}回执未出具 {2}重点 {2}-\n中断 {2}/)
    const decide = (who: keyof typeof people, word: string) =>
      run(bureau, who, 'hand-in', 'decide-correction', handIn, sign[2]!, word)
    t.match(await decide('officer', '--approve'), { code: 2 }, 'not the one concerned')
    t.match(await run(bureau, 'officer2', ...sign[1]!.split(' ')), { code: 0, out: /^已确认更正/ }, 'as it was printed')
    t.match(await custodians('show', handIn, '--lang', 'en'), {
      code: 0,
      out: /officer2 同志 \(confirmed by himself\).* its user was corrected.*\n[\s\S]* confirmed {2}officer2 同志 /,
    })
    t.match(await custodians('show', handIn, '--json'), { code: 0, out: /"corrections":\[\{/ })
    t.match(await officers('show', handIn), { code: 2 }, 'it is no longer his')
  })

  await t.test('a roster comes out as it went in', async (t) => {
    const supervisors = as('supervisor', 'roster')
    const csv = 'person,device,day,from,to\nofficer,ZJ00012,2030-01-07,08:30,17:30\nofficer2,,2030-01-07,20:00,08:00'
    const path = join(t.testdir({}), 'roster.csv')
    await writeFile(path, csv)
    t.match(await supervisors('enter', path), { code: 0 })
    const days = ['--from', '2030-01-07', '--to', '2030-01-07']
    t.match(await supervisors('list', ...days), {
      code: 0,
      out: '2030-01-07  08:30–17:30  officer  ZJ00012\n2030-01-07  20:00–08:00  officer2  不限设备',
    })
    t.equal((await supervisors('list', ...days, '--csv')).out, csv)
    t.match(await supervisors('list', ...days, '--json'), { code: 0, out: /^\{"lines":\[\{.*"day":"2030-01-07"/ })
    t.match(await supervisors('list'), { code: 0, out: /^$/, err: /这段时间没有排班/ }, 'none within a day of now')
    t.match(await as('officer', 'roster')('list'), { code: 2 }, 'not for everybody')
  })

  t.same(await foundBesidesDocks(bureau), [])
})
