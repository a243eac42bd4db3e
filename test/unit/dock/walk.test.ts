import { stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { VolumeDamaged } from '../../../services/dock/sources/source.ts'
import { type Walk, walkFiles, walkLimits, withinTime } from '../../../services/dock/sources/walk.ts'

const everything: Walk = { enters: () => true, takes: () => true, limits: walkLimits }

async function walkOf(folder: string, walk: Partial<Walk>): Promise<string[]> {
  const files = await walkFiles(Buffer.from(folder), (await stat(folder)).dev, { ...everything, ...walk })
  return files.map(({ path }) => path.toString())
}
const damage = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

t.test('the files of a tree in the order of their raw paths', async (t) => {
  const folder = t.testdir({ b: { 'y.MP4': '', 'x.MP4': '' }, 'a.MP4': '', B: { 'z.MP4': '' }, empty: {} })
  await symlink('/etc', join(folder, 'link'))
  t.same(await walkOf(folder, {}), ['B/z.MP4', 'a.MP4', 'b/x.MP4', 'b/y.MP4'])
  t.same(await walkOf(folder, { enters: (path) => !path.equals(Buffer.from('b')) }), ['B/z.MP4', 'a.MP4'])
  t.same(await walkOf(folder, { takes: (path) => path.includes('x') }), ['b/x.MP4'])
  t.equal((await walkOf(folder, { enough: 2 })).length, 2)
})

t.test('each limit is named when it is passed, and not before', async (t) => {
  const folder = t.testdir({ a: { b: { 'c.MP4': '' } }, 'd.MP4': '', 'e.MP4': '' })
  const limited = (limits: object) => walkOf(folder, { limits: { ...walkLimits, ...limits } })
  t.equal((await limited({ files: 3, entries: 5, depth: 2, nameBytes: 5 })).length, 3)
  for (const limits of [{ files: 2 }, { entries: 4 }, { depth: 1 }, { nameBytes: 4 }]) {
    t.type(await damage(limited(limits)), VolumeDamaged, JSON.stringify(limits))
  }
})

t.test('nobody waits for ever', async (t) => {
  const error = await damage(withinTime(new Promise(() => undefined), 10, 'did not answer'))
  t.type(error, VolumeDamaged)
  t.match((error as Error).message, /did not answer within 10 ms/)
  t.equal(await withinTime(Promise.resolve(1), 10, ''), 1)
  await t.rejects(withinTime(Promise.reject(new Error('its own')), 1000, ''), { message: 'its own' })
})
