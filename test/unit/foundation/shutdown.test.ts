import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { openLog } from '../../../services/foundation/log.ts'
import { runPhases } from '../../../services/foundation/shutdown.ts'

const log = openLog({ service: 'test', level: 'silent' })

t.test('phases run in order, and one that fails or hangs does not keep the next from running', async (t) => {
  const ran: string[] = []
  const clean = await runPhases(
    log,
    [
      { name: 'requests', timeoutMs: 1000, run: async () => ran.push('requests') },
      { name: 'hangs', timeoutMs: 20, run: () => new Promise(() => {}) },
      { name: 'fails', timeoutMs: 1000, run: () => Promise.reject(new Error('no')) },
      { name: 'database', timeoutMs: 1000, run: async () => ran.push('database') },
    ],
    'test',
  )
  t.same(ran, ['requests', 'database'])
  t.equal(clean, false)
})

const modules = fileURLToPath(new URL('../../../services/foundation/', import.meta.url))

function startProcess(body: string) {
  const source = `
    const { onSignals } = await import('${modules}shutdown.ts')
    const { openLog } = await import('${modules}log.ts')
    const log = openLog({ service: 'child', level: 'info' })
    const phases = [{ name: 'one', timeoutMs: 1000, run: async () => log.info('phase ran') }]
    const end = onSignals(log, phases)
    setInterval(() => {}, 1000)
    ${body}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  return { child, ended: once(child, 'close'), output: () => output }
}

t.test('SIGTERM runs the phases and ends with 0', async (t) => {
  const { child, ended, output } = startProcess(`log.info('ready')`)
  t.teardown(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  t.same(await ended, [0, null])
  t.match(output(), /phase ran/)
})

t.test('an unhandled rejection is logged and ends the process with 1', async (t) => {
  const { child, ended, output } = startProcess(`Promise.reject(new Error('forgotten'))`)
  t.teardown(() => child.kill('SIGKILL'))
  t.same(await ended, [1, null])
  t.match(output(), /forgotten/)
})
