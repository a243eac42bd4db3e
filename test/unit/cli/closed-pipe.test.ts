import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'

t.test('whoever reads nothing of what a command prints makes no defect of it', async (t) => {
  const main = fileURLToPath(new URL('../../../services/cli/main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  // Long before the program has started, as `head` does when it has enough.
  child.stdout.destroy()
  const told: Buffer[] = []
  child.stderr.on('data', (chunk) => told.push(chunk))
  const [code] = await once(child, 'close')
  t.same([code, Buffer.concat(told).toString()], [0, ''])
})
