import t from 'tap'
import { compileTemplate } from '../../../services/dock/profiles/name-template.ts'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { makeRestWatch } from '../../../services/dock/sources/rest.ts'
import { groupFiles } from '../../../services/dock/sources/station-groups.ts'

const file = (path: string, bytes = 1, modifiedMs = 0) => ({
  path: Buffer.from(path),
  name: Buffer.from(path.split('/').at(-1)!),
  bytes,
  modifiedMs,
})

t.test('a file counts when size and time have stood still for as long as is asked', async (t) => {
  const watch = makeRestWatch(1000)
  const atRest = (nowMs: number, ...files: ReturnType<typeof file>[]) => [...watch.look(files, nowMs)]
  t.same(atRest(0, file('a', 1)), [])
  t.same(atRest(999, file('a', 1)), [])
  t.same(atRest(1000, file('a', 1)), ['a'])
  t.same(atRest(1500, file('a', 2)), [], 'it grew')
  t.same(atRest(2499, file('a', 2), file('b')), [])
  t.same(atRest(2500, file('a', 2), file('b')), ['a'], 'each for itself')
  t.same(atRest(3000, file('a', 2, 5)), [], 'same size, other time')
  t.same(atRest(3500), [])
  t.same(atRest(9000, file('a', 2, 5)), [], 'one that was away begins again')
  t.same(atRest(10_000, file('a', 2, 5)), ['a'])
  t.same(atRest(500, file('a', 2, 5)), [], 'a clock that was set back')
  watch.disturb(file('a', 2, 5), 2000)
  t.same(atRest(2500, file('a', 2, 5)), [])
  t.same(atRest(3000, file('a', 2, 5)), ['a'])
})

t.test('files of a store by device and day', async (t) => {
  const profile = (await readProfiles([ownProfiles])).find(({ name }) => name === 'generic')!
  const template = compileTemplate('{date}/{officer:6}_{serial:7}', [])
  const groups = groupFiles(
    [
      file('2026-11-26/P00231_ZJ00001/anything.MP4'),
      file('2026-11-26/P00231_ZJ00001/deeper/more.MP4'),
      file('20261126/P00457_ZJ00001/other-officer.MP4'),
      file('2026-11-27/P00231_ZJ00001/next-day.MP4'),
      file('loose/ZJ00002_P00231_20261126140322_0001.MP4'),
      file('loose/nobody.MP4'),
      file('top.MP4'),
    ],
    template,
    profile,
  )
  t.same(
    groups.map(({ key, officerNumber, files }) => [key, officerNumber, files.length]),
    [
      ['ZJ00001/2026-11-26', 'P00231', 3],
      ['ZJ00001/2026-11-27', 'P00231', 1],
      ['ZJ00002/2026-11-26', 'P00231', 1],
      ['-/-', null, 2],
    ],
  )
})
