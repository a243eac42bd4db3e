import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import {
  endGroupCommand,
  endSignals,
  heldPath,
  mayOthersRead,
  namesPath,
  searchPathOf,
  syncFolder,
} from '../../../services/foundation/platform.ts'

t.test('a process is asked to end by signals that its platform knows', async (t) => {
  t.same(endSignals('linux'), ['SIGTERM', 'SIGINT'])
  t.same(endSignals('win32'), ['SIGINT', 'SIGBREAK'])
  t.equal(endGroupCommand(7, 'SIGKILL', 'linux'), null)
  t.same(endGroupCommand(7, 'SIGINT', 'win32'), ['taskkill', '/PID', '7', '/T'])
  t.same(endGroupCommand(7, 'SIGKILL', 'win32'), ['taskkill', '/PID', '7', '/T', '/F'])
})

t.test('modes and paths say what they say on their platform', async (t) => {
  t.equal(mayOthersRead(0o100644, 'linux'), true)
  t.equal(mayOthersRead(0o100600, 'linux'), false)
  t.equal(mayOthersRead(0o100666, 'win32'), false, 'every file of Windows has this mode')
  t.equal(namesPath('C:\\custody\\signing.key', 'win32'), true)
  t.equal(namesPath('dock-signing-key', 'win32'), false)
  t.equal(namesPath('a\\b', 'linux'), false, 'a plain name there')
  t.equal(heldPath(7, 'linux'), '/proc/self/fd/7')
  t.equal(heldPath(7, 'win32'), null)
  t.ok(searchPathOf('win32').split(';').includes('C:\\Windows\\System32'))
  t.ok(searchPathOf('linux').split(':').includes('/usr/bin'))
})

t.test('a folder is synced where that can be done, and left alone on Windows', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sync-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  await syncFolder(folder, 'linux')
  await t.rejects(syncFolder(join(folder, 'none'), 'linux'), { code: 'ENOENT' })
  await syncFolder(join(folder, 'none'), 'win32')
})
