import { execFile } from 'node:child_process'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { callsToTry } from '../../../workers/transcode/prove-sandbox.ts'
import { makeRunDirectory } from '../../../workers/transcode/sandbox.ts'

t.setTimeout(120_000)
const run = promisify(execFile)
const sandbox = new URL('../../../workers/transcode/sandbox/', import.meta.url)

/** What the self test prints in a sandbox whose script was changed. */
async function leaksWith(directory: string, replaced: string, by: string): Promise<string[]> {
  await makeRunDirectory(directory, { cpuSeconds: 20, fileBytes: 1_000_000, memoryBytes: 2 ** 32 })
  await copyFile(new URL('escapes.pl', sandbox), join(directory, 'in', 'escapes.pl'))
  for (const machine of ['x86_64', 'aarch64']) {
    await copyFile(new URL(`${machine}.bpf`, sandbox), join(directory, `${machine}.bpf`))
  }
  const script = await readFile(new URL('sandbox.sh', sandbox), 'utf8')
  if (!script.includes(replaced)) throw new Error(`sandbox.sh no longer says ${replaced}`)
  const changed = join(directory, 'sandbox.sh')
  await writeFile(changed, script.replace(replaced, by), { mode: 0o755 })
  const { stdout } = await run(changed, ['perl', '/in/escapes.pl', ...callsToTry()], { cwd: directory })
  return stdout.trim().split(/\s+/)
}

const weaker: { without: string; by?: string; leaks: string[] }[] = [
  {
    without: '--seccomp 3',
    leaks: ['unfiltered-system-calls', 'processes', 'unlink', 'link', 'symlink', 'mkdir']
      .concat(['socket', 'socketpair', 'ptrace', 'io_uring', 'keyctl', 'clone-process', 'clone3'])
      .concat(['memfd_create', 'shmget', 'fallocate', 'unnamed-file', 'seccomp', 'unknown-call']),
  },
  { without: '--remount-ro /', leaks: ['writable-memory'] },
  { without: '--dir /tmp', by: '--dev /dev --dir /tmp', leaks: ['devices', 'writable-memory'] },
  { without: '--ro-bind "$PWD/in"', by: '--bind "$PWD/in"', leaks: ['writable-input'] },
  { without: '--clearenv', leaks: ['environment'] },
  { without: '--as="$memory_bytes"', by: '--as=unlimited', leaks: ['address-space-limit'] },
  { without: '--ro-bind /usr /usr', by: '--ro-bind /usr /usr --ro-bind /etc /etc', leaks: ['host-files'] },
  { without: '--uid 65534', by: '--uid 0', leaks: ['root'] },
]
for (const { without, by = '', leaks } of weaker) {
  t.test(`a sandbox ${by === '' ? `without ${without}` : `that says ${by}`} is found out, by name`, async (t) => {
    const found = await leaksWith(t.testdir(), without, by)
    t.same(
      leaks.filter((leak) => !found.includes(leak)),
      [],
      `found: ${found.join(', ')}`,
    )
  })
}
