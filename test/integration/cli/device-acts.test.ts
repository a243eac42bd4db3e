import t from 'tap'
import { openBureau } from '../access/bureau.ts'
import { run } from '../access/by-command.ts'
import { dockDevice, foundBesidesDocks, leaveClearing } from '../access/docked.ts'

const serial = 'ZJ00012'

t.test(
  'a device is issued, returned, repaired, lent, lost and retired by command, by two where files are missing',
  async (t) => {
    const bureau = await openBureau(t)
    const administrator = await bureau.signIn(bureau.people.administrator)
    await administrator.call('POST', '/devices', { serial, kind: 'recorder' })
    const act = (name: string, ...options: string[]) =>
      run(bureau, 'administrator', 'device', name, serial, '--note', '当班', ...options)
    const register = async () => (await administrator.call('GET', `/devices/${serial}`)).body

    t.match(await act('issue', '--to', 'officer'), {
      code: 0,
      out: /须由领用人确认：custody device decide-keeper ZJ00012/,
    })
    const confirm = () => run(bureau, 'officer', 'device', 'decide-keeper', serial, '--approve')
    t.match(await confirm(), { code: 0, out: '已确认变更保管人' })
    t.match(await act('return', '--lang', 'en'), { code: 0, out: /whoever kept it must confirm it/ })
    t.match(await confirm(), { code: 0 })

    t.match(await act('repair', '--card-taken-out'), { code: 0, out: '已送修' })
    t.match(await act('repair'), { code: 2, err: /\S/ }, 'it is there already')
    t.match(await register(), { state: 'repair' })
    t.match(await act('take-back'), { code: 0, out: '已恢复使用' })
    t.match(await act('loan'), { code: 2, err: /--to/ }, 'to whom')
    t.match(await act('loan', '--to', '县应急管理局', '--json'), { code: 0, out: /"outcome":"done"/ })
    t.match(await act('take-back'), { code: 0 })
    t.match(await act('loss', '--told-to', '值班领导', '--lang', 'en'), { code: 0, out: 'entered as lost' })
    t.match(await act('take-back'), { code: 0 })

    const docked = await dockDevice(bureau.world, { serial })
    const left = await leaveClearing(bureau.world, docked, serial)
    t.match(await act('retire'), {
      code: 0,
      out: '尚有1个文件没有有效的交存回执、0处中断未了结，须由另一人确认：custody device decide-act ZJ00012 --approve',
    })
    const decide = (who: 'administrator' | 'supervisor', word: string) =>
      run(bureau, who, 'device', 'decide-act', serial, word)
    t.match(await decide('administrator', '--approve'), { code: 2 }, 'not by whoever asked for it')
    t.match(await run(bureau, 'supervisor', 'device', 'decide-act', serial), { code: 2, err: /--approve and --refuse/ })
    t.match(await decide('supervisor', '--refuse'), { code: 0, out: '未同意' })
    t.match(await register(), { state: 'in_service' })
    t.match(await act('retire'), { code: 0 })
    t.match(await decide('supervisor', '--approve'), { code: 0, out: '已确认' })
    t.match(await register(), { state: 'retired' })

    const clearing = (who: 'custodian' | 'supervisor', ...words: string[]) => run(bureau, who, 'clearing', ...words)
    const giveUp = (who: 'custodian' | 'supervisor') => clearing(who, 'give-up', left, '--reason', '采集站已烧毁')
    t.match(await giveUp('custodian'), { code: 2, err: /within the last hour/ })
    t.match(await run(bureau, 'administrator', 'dock', 'revoke', docked.dock.id), { code: 0 })
    t.match(await clearing('custodian', 'list'), { code: 0, out: new RegExp(`^${left} .* ZJ00012 {2}0 个文件 {2}`) })
    t.match(
      await clearing('supervisor', 'give-up', left, '--reason', '采集站已烧毁'),
      { code: 2 },
      'the custodian asks',
    )
    t.match(await clearing('custodian', 'give-up', left, '--reason', '采集站已烧毁'), {
      code: 0,
      out: `已提出，须由另一人决定：custody clearing decide ${left} --approve`,
    })
    const waits = (await (await bureau.signIn(bureau.people.supervisor)).call('GET', '/session')).body.notices
    t.match(
      waits.filter(({ kind }: { kind: string }) => kind === 'clearing_giving_up'),
      [{ waits: true, text: { zh: /0个文件的清空结束登记（采集站已烧毁）/ } }],
    )
    t.match(await clearing('supervisor', 'decide', left, '--approve'), {
      code: 0,
      out: /采集站已烧毁[\s\S]*已同意：这些文件清空结果不明/,
    })
    t.match(await clearing('custodian', 'list'), { code: 0, out: '', err: /没有未结束的清空/ })

    const told = (...words: string[]) => run(bureau, 'custodian', 'device', ...words)
    t.match(await told('list'), { code: 0, out: 'ZJ00012  执法记录仪  -  报废  单位保管' })
    t.match(await told('list', '--csv'), {
      code: 0,
      out: /^serial,kind,model,holder,state,registered_at\nZJ00012,执法记录仪,,,报废,/,
    })
    t.match(await told('list', '--json'), { code: 0, out: /^\{"devices":\[\{/ })
    t.match(await told('show', serial, '--lang', 'en'), {
      code: 0,
      out: /retired .*\n.*\nmissing: 1 files {2}open gaps: 0\n/,
    })
    t.match(await told('show', 'ZJ99999'), { code: 2, err: /\S/ })
    t.match(await run(bureau, 'officer', 'device', 'list'), { code: 2 }, 'not for everybody')
    t.same(await foundBesidesDocks(bureau), [])
  },
)

t.test('custody dock revoke ends a dock at once', async (t) => {
  const bureau = await openBureau(t)
  const administrator = await bureau.signIn(bureau.people.administrator)
  const body = { name: '一大队采集站', publicKey: Buffer.alloc(32, 7).toString('base64') }
  const { dockId, id = dockId } = (await administrator.call('POST', '/docks', body)).body
  t.match(await run(bureau, 'supervisor', 'dock', 'revoke', id), { code: 2 }, 'as administrator only')
  t.match(await run(bureau, 'administrator', 'dock', 'revoke', id), { code: 0, out: '已注销，立即失效' })
  t.equal((await bureau.eventsOf('dock.revoked')).length, 1)
  t.match(await run(bureau, 'administrator', 'dock', 'revoke', 'nobody'), { code: 2 })
})
