import { stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { hasClearable } from '../../../services/dock/clearing/clear.ts'
import type { ClearableDevice } from '../../../services/dock/clearing/clear-file.ts'
import type { ClearingCase } from '../../../services/dock/clearing/policy.ts'
import { muchLeftOut } from '../../../services/dock/docking/left-out.ts'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { listFootage } from '../../../services/dock/sources/look.ts'
import { pinFolder } from '../../../services/dock/sources/pinned-folder.ts'
import { type SeenFile, type Volume, VolumeDamaged } from '../../../services/dock/sources/source.ts'
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

t.test('what is listed of a recorder, and what is left out and counted', async (t) => {
  const film = 'bytes of a film'
  const folder = t.testdir({
    'ZFYINFO.DAT': 'a block',
    'a.MP4': film,
    DSJ: { VIDEO: { 'b.MP4': film, 'c.MP4_': film, 'd.ZFY': film }, LOG: { 'e.MP4': film, 'log.txt': '' } },
    $RECYCLE: {},
    'LOST.DIR': { 'f.MP4': film },
  })
  const zfy = (await readProfiles([ownProfiles])).find(({ name }) => name === 'recorder-zfy')!
  const pinned = await pinFolder(
    folder,
    async () => true,
    () => undefined,
  )
  t.teardown(pinned.letGo)
  const { files, leftOut } = await listFootage(pinned, zfy, walkLimits)
  t.same(
    files.map(({ path, isElsewhere = false }) => [path.toString(), isElsewhere]),
    [
      ['DSJ/LOG/e.MP4', true],
      ['DSJ/VIDEO/b.MP4', false],
      ['a.MP4', true],
    ],
  )
  t.same(leftOut, { files: 4, bytes: 2 * film.length + 'a block'.length })
})

t.test('much that is not listed is said', async (t) => {
  const volume = (used: number, bytes: number, otherBytesMax?: number) =>
    ({ sizeBytes: 64e9, freeBytes: 64e9 - used, leftOut: () => ({ files: 2, bytes }), otherBytesMax }) as Volume
  const seen = [{ bytes: 10e9 }] as SeenFile[]
  t.equal(muchLeftOut(volume(10.1e9, 1e6), seen), null, 'logs and tables')
  t.same(muchLeftOut(volume(20e9, 1e6), seen), { files: 2, bytes: 10e9 }, 'used, and named by no folder')
  t.same(muchLeftOut(volume(10.1e9, 3e9), seen), { files: 2, bytes: 3e9 })
  t.equal(muchLeftOut(volume(13e9, 3e9, 4e9), seen), null, 'usual for such a device')
  t.equal(muchLeftOut({ sizeBytes: 64e9, freeBytes: 0 } as Volume, seen), null, 'a source that does not see it')
})

t.test('a film outside of its device’s folders is never cleared', async (t) => {
  const file = { cleared: 'no', sha256: 'aa', receipt: 'witnessed', receiptMs: 1 }
  const situation = () => ({ policy: 'clear', isKept: false, canRemove: true }) as ClearingCase
  const device = (seen: object) => ({ files: [{ seen, file }], situation }) as unknown as ClearableDevice
  t.ok(hasClearable(device({})))
  t.notOk(hasClearable(device({ isElsewhere: true })))
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
