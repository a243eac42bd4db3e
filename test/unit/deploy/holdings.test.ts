import t from 'tap'
import { allDevices, rosterCsv } from '../../../deploy/local/demo/bureau.ts'
import type { DockedFile } from '../../../deploy/local/demo/dock-client.ts'
import { compareHoldings } from '../../../deploy/local/demo/holdings.ts'
import type { Docked } from '../../../deploy/local/demo/wall.ts'

function docked(holds: readonly string[]): Docked {
  const file = (name: string): DockedFile => ({
    ...{
      path: `/nowhere/${name}`,
      rawName: Buffer.from(name),
      serial: 'ZJ00005',
      mark: false,
      deviceTime: new Date(0),
    },
  })
  const [good, bad] = [file('good.MP4'), file('bad.MP4')]
  const holder = { role: 'officer', name: '张伟', account: 'zhangwei' }
  const stays = [{ file: bad, why: 'bad sectors' }]
  const device = { serial: 'ZJ00005', holder, files: [good, bad], plays: 'bad_file', stays } as const
  const volume = { holds: async () => holds } as unknown as Docked['volume']
  return { device, slot: 1, volume }
}

t.test('a volume holds exactly what had no right to be cleared, or the demo fails and names the file', async (t) => {
  const lines = await compareHoldings([docked(['DSJ/bad.MP4', 'ZFYINFO.DAT'])])
  t.match(lines, [/1 volumes held 2 files/, /ZJ00005 {2}bad\.MP4: bad sectors/])
  const compare = (...holds: string[]) => compareHoldings([docked(holds)])
  await t.rejects(compare('DSJ/bad.MP4', 'DSJ/good.MP4'), { code: 'unproven', message: /still holds DSJ\/good\.MP4/ })
  await t.rejects(compare('ZFYINFO.DAT'), { code: 'unproven', message: /has lost DSJ\/bad\.MP4/ })
})

t.test('the roster of the day names all 57 devices, by the calendar of the bureau', async (t) => {
  const lines = rosterCsv(allDevices, new Date('2026-11-27T16:30:00Z')).trimEnd().split('\n')
  t.equal(lines.length, 58)
  t.match(lines[1], /^zhangwei,ZJ00001,2026-11-28,08:30,17:30$/)
})
