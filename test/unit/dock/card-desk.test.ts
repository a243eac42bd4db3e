import { renameSync, writeFileSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { cardDesk } from '../../../services/dock/sources/card-desk.ts'
import { folderLooks } from '../../../services/dock/sources/card-desk-folders.ts'
import type { SourceListener, Volume } from '../../../services/dock/sources/source.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { until } from '../../support/devices/watch-source.ts'

const log = openLog({ service: 'dock', level: 'silent' })
const word = { serial: 'LY00001', serialBy: 'stated', isPhone: false, from: '由张伟导入' } as const
const named = (folder: string) => ({ name: '导出', folder, profile: 'export' })

t.test('a folder that cannot be looked into holds up no other, and is shown as that', async (t) => {
  const root = t.testdir({ good: { a: {} }, file: 'no folder' })
  const look = folderLooks([named(join(root, 'file')), named(join(root, 'good')), named(join(root, 'none'))], 5000)
  t.match(await look(), [
    { id: `folder:${root}/file`, name: '导出', fault: /ENOTDIR/ },
    { id: `folder:${root}/good/a`, name: '导出 / a', fault: null, root: `${root}/good` },
  ])
  t.equal((await look()).length, 2, 'what is not there is left out')
})

/** A desk with one export in its folder. */
async function openDesk(t: Test) {
  const root = t.testdir({ export: { a: { 'REC001.WAV': 'sound' } } })
  const events: string[] = []
  const volumes: Volume[] = []
  const listener: SourceListener = {
    appeared: (volume) => {
      events.push('appeared')
      volumes.push(volume)
    },
    vanished: () => void events.push('vanished'),
  }
  const settings = { cards: null, cables: null, pollMs: 20, listTimeMs: 5000 }
  const desk = cardDesk({
    settings: { ...settings, folders: [named(join(root, 'export'))] },
    ...{ profiles: [], log, sources: [] },
  })
  t.teardown(() => desk.stop())
  await desk.start(listener)
  return { root, desk, events, volumes, id: `folder:${root}/export/a` }
}

t.test('of two who begin with one folder at once one is told that it is being taken in', async (t) => {
  const { desk, events, volumes, id } = await openDesk(t)
  await until(() => desk.media().length === 1, 'a medium')
  const told = async () => void events.push('told')
  const begun = await Promise.allSettled([desk.begin(id, word, told), desk.begin(id, word, told)])
  t.same(begun.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  t.same(events, ['told', 'appeared'], 'what is said of it is told once, and first')
  await volumes[0]!.release()
})

t.test('of a medium that cannot be opened nothing is told, and a telling that fails sets it free', async (t) => {
  const { root, desk, events, volumes, id } = await openDesk(t)
  await until(() => desk.media().length === 1, 'a medium')
  const told = async () => void events.push('told')
  await rename(join(root, 'export/a'), join(root, 'away'))
  await t.rejects(desk.begin(id, word, told), { message: /cannot be opened|not there/ })
  t.same(events, [])
  await rename(join(root, 'away'), join(root, 'export/a'))
  await until(() => desk.media().length === 1, 'a medium')
  await t.rejects(
    desk.begin(id, word, () => Promise.reject(new Error('the disk is full'))),
    { message: /disk is full/ },
  )
  t.same(events, [])
  await desk.begin(id, word, told)
  t.same(events, ['told', 'appeared'])
  await volumes[0]!.release()
})

t.test('a folder that cannot be read for a while does not end what is taken in from below it', async (t) => {
  const { root, desk, events, volumes, id } = await openDesk(t)
  await until(() => desk.media().length === 1, 'a medium')
  await desk.begin(id, word)
  // At one go: a folder that is not there is gone.
  renameSync(join(root, 'export'), join(root, 'away'))
  writeFileSync(join(root, 'export'), 'no folder')
  await until(() => desk.media()[0]?.isUnreadable === true, 'a fault')
  t.same(events, ['appeared'])
  await rename(join(root, 'export'), join(root, 'file'))
  await mkdir(join(root, 'export'))
  await until(() => events.includes('vanished'), 'its end')
  await volumes[0]!.release()
})
