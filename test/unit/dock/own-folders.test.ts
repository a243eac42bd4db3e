import t from 'tap'
import type { SourceSettings } from '../../../services/dock/sources/open-sources.ts'
import { workFolderProblems } from '../../../services/dock/sources/own-folders.ts'

const cable = (workFolder: string) => ({
  ...{ program: ['gphoto2'], ports: [], workFolder, pollMs: 2000, timeLimitMs: 60_000 },
  bytesPerSecondMin: 200_000,
})
const mtp = (workFolder: string): SourceSettings => ({ source: 'mtp', ...cable(workFolder) })
const desk = (workFolder: string, folder: string): SourceSettings => ({
  ...{ source: 'desk', cards: null, cables: cable(workFolder), pollMs: 1000, listTimeMs: 20_000 },
  folders: [{ name: '导出', folder, profile: 'export' }],
})
const problems = (...sources: SourceSettings[]) => workFolderProblems(sources, '/var/lib/dock/spool', 'linux')

t.test('what the agent empties at each start lies apart from everything else', async (t) => {
  t.same(problems(mtp('/var/lib/dock/mtp'), desk('/var/lib/dock/cables', '/srv/export')), [])
  t.same(problems(mtp('/var/lib/dock/spool-2')), [], 'a name that only begins alike')
  t.same(problems(mtp('/var/lib/dock/..spool')), [])
  for (const folder of [
    '/var/lib/dock/spool',
    '/var/lib/dock/spool/mtp',
    '/var/lib/dock',
    '/',
    '/var/lib/dock/x/../spool',
  ]) {
    t.match(problems(mtp(folder)), [/must lie apart from \/var\/lib\/dock\/spool \(spool.folder\)/], folder)
  }
  t.match(problems(desk('/srv/export/work', '/srv/export')), [/cables.workFolder.*\(folders\)/])
  t.match(problems(desk('/srv', '/srv/export')), [/cables.workFolder.*\(folders\)/])
  t.match(problems(mtp('/srv/work'), mtp('/srv/work')), [/\(workFolder\)/], 'two cables')
})

t.test('on Windows drives and capitals are no other folders', async (t) => {
  const on = (folder: string) => workFolderProblems([mtp(folder)], 'D:\\dock\\spool', 'win32').length
  t.same(['D:\\dock\\mtp', 'E:\\dock\\spool', 'd:\\DOCK\\Spool\\mtp', 'D:\\dock'].map(on), [0, 0, 1, 1])
})
