import { execFileSync } from 'node:child_process'
import { linkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fileBytesMax, readOutFile } from '../../../workers/transcode/out-file.ts'

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
