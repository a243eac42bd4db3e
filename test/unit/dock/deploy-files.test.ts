import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'

const root = join(import.meta.dirname, '../../..')
const deployed = (name: string) => readFileSync(join(root, 'deploy/dock', name), 'utf8')

/** Runs root's script with programs that only say how they were called; `said`: the answer on stdout. */
async function ask(folder: string, request: string) {
  const stub = (name: string, body: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\necho "${name} $*" >> ${folder}/calls\n`, { mode: 0o755 })
  writeFileSync(join(folder, 'calls'), '')
  for (const name of ['mount', 'umount', 'mkdir']) stub(name, '')
  stub('id', 'echo 999; exit')
  stub('blkid', `cat "${folder}/type"; exit`)
  stub('mountpoint', 'exit 1')
  const script = deployed('mounts.sh')
    .replace(/^PATH=.*$/m, `PATH=${folder}:/usr/bin:/bin`)
    .replace(/^ports=.*$/m, `ports=${folder}/ports`)
    // No test machine need have a disk.
    .replace('-b "$path"', '-e "$path"')
  const child = execFile('sh', ['-c', script])
  child.stdin!.end(request)
  const said = (await text(child.stdout!)).trim()
  return { said, calls: readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n').filter(Boolean) }
}

t.test(
  'root mounts the ports that it has named itself, read-only until a clearing, and does nothing else',
  async (t) => {
    const folder = t.testdir({ ports: `06 /nowhere\n07 /nowhere\n07 ${root}\n`, type: 'vfat\n' })
    const options = 'nosuid,nodev,noexec,uid=999,gid=999,umask=0077'
    const mounted = (how: string, type: string, more: string) =>
      `mount -i -t ${type} -o ${how},${options}${more} ${root} /run/custody-dock/slot-07`
    const made = 'mkdir -p /run/custody-dock/slot-07'
    t.same(await ask(folder, 'mount 07\n'), { said: 'done', calls: [made, mounted('ro', 'vfat', ',utf8')] })
    writeFileSync(join(folder, 'type'), 'exfat\n')
    t.same(await ask(folder, 'writable 07\n'), {
      said: 'done',
      calls: ['umount -i /run/custody-dock/slot-07', made, mounted('rw', 'exfat', '')],
    })
    t.same(await ask(folder, 'unmount 07\n'), { said: 'done', calls: ['umount -i /run/custody-dock/slot-07'] })
    t.same(await ask(folder, 'drop 07\n'), { said: 'done', calls: ['umount -i -l /run/custody-dock/slot-07'] })
    for (const type of ['ext4', '']) {
      writeFileSync(join(folder, 'type'), type)
      t.match(
        await ask(folder, 'mount 07\n'),
        { said: /neither FAT nor exFAT/, calls: [] },
        'a driver that no card needs',
      )
    }
    for (const request of [
      'mount 06',
      'mount 08',
      'mount ../etc',
      'mount 7',
      'mount 07/..',
      'unmount',
      'sh 07',
      '',
      'mount',
    ]) {
      const { said, calls } = await ask(folder, `${request}\n`)
      t.not(said, 'done', request)
      t.same(calls, [], request)
    }
  },
)

t.test('the agent’s side of it ends well on the word `done` alone', async (t) => {
  // Names of sockets are short (unix(7)).
  const folder = mkdtempSync(join(tmpdir(), 'mounts-'))
  const path = join(folder, 'socket')
  const heard: string[] = []
  const answers = ['done\n', 'nothing is plugged in\n', '']
  const server = createServer((socket) => {
    socket.once('data', (request) => {
      heard.push(request.toString())
      socket.end(answers.shift()!)
    })
  }).listen(path)
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })
  const program = join(root, 'deploy/dock/ask-mounts.mjs')
  const codes: unknown[] = []
  for (const socket of [path, path, path, `${path}-of-nobody`]) {
    const child = execFile(process.execPath, [program, 'mount', '/run/custody-dock/slot-07', socket], () => undefined)
    codes.push((await once(child, 'close'))[0])
  }
  t.same(codes, [0, 1, 1, 1])
  t.same(heard, ['mount 07\n', 'mount 07\n', 'mount 07\n'])
})

t.test('the units: the agent cannot become root, and root’s mounts are seen by the whole computer', async (t) => {
  const agent = deployed('custody-dock.service')
  t.match(agent, /^NoNewPrivileges=yes$/m)
  t.match(agent, /^CapabilityBoundingSet=$/m)
  const mounts = deployed('custody-dock-mounts@.service')
  t.notMatch(
    mounts,
    /^(?:Protect\w+|Private\w+|\w+Paths|\w+Directory|DynamicUser|RootDirectory|BindPaths)=/m,
    'no namespace',
  )
  for (const unit of [agent, mounts]) {
    const programs = [...unit.matchAll(/\/opt\/custody\/(\S+)/g)].map(([, path]) => path!)
    t.ok(programs.length > 0)
    for (const path of programs) if (!path.startsWith('node_modules/')) t.ok(existsSync(join(root, path)), path)
  }
  const install = deployed('INSTALL.md')
  for (const name of ['custody-dock-mounts.socket', '/etc/custody-dock-ports', 'ask-mounts.mjs', 'spool.key']) {
    t.ok(install.includes(name), name)
  }
})
