import { execFileSync } from 'node:child_process'
import { linkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fileBytesMax, readOutFile, readOutLines } from '../../../workers/transcode/out-file.ts'

t.test('only plain files leave the sandbox: no link, no device, no pipe, nothing huge', async (t) => {
  const directory = t.testdir({ plain: 'segment', secret: 'secret', folder: {} })
  const path = (name: string): string => join(directory, name)
  t.equal((await readOutFile(path('plain')))?.toString(), 'segment')
  t.equal(await readOutFile(path('missing')), null)
  symlinkSync(path('secret'), path('symbolic'))
  linkSync(path('secret'), path('hard'))
  execFileSync('mkfifo', [path('pipe')])
  writeFileSync(path('huge'), '')
  execFileSync('truncate', ['-s', String(fileBytesMax + 1), path('huge')])
  for (const name of ['symbolic', 'hard', 'pipe', 'folder', 'huge']) {
    await t.rejects(readOutFile(path(name)), { code: 'bad_request' }, name)
  }
  await t.rejects(readOutFile('/dev/null'), { code: 'bad_request' })
})

t.test('lines come one by one, and of one that is too long nothing is read', async (t) => {
  const long = 'x'.repeat(300_000)
  const directory = t.testdir({ list: `one\n\n${long}\ntwo\n${'y'.repeat(4096)}\nlast`, long })
  const linesOf = async (name: string) => {
    const lines: string[] = []
    const isThere = await readOutLines(join(directory, name), (line) => lines.push(line))
    return isThere ? lines : null
  }
  t.same(await linesOf('list'), ['one', '', 'two', 'y'.repeat(4096), 'last'])
  t.same(await linesOf('long'), [])
  t.equal(await linesOf('missing'), null)
  symlinkSync(join(directory, 'list'), join(directory, 'symbolic'))
  await t.rejects(linesOf('symbolic'), { code: 'bad_request' })
})
