import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Fault } from '../../../services/foundation/errors.ts'
import { redisServer } from '../install/programs.mjs'
import { freePort } from './free-port.ts'
import { startServer, stopServer, untilReady } from './processes.ts'
import type { RedisState } from './state.ts'

/** A private Redis below `directory`: append-only file on, nothing ever evicted, password by file only. */
export async function createRedis(directory: string, survive: boolean): Promise<RedisState> {
  const folder = join(directory, 'redis')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const port = await freePort()
  const password = randomBytes(24).toString('hex')
  const settings = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir ${JSON.stringify(folder)}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    `requirepass ${password}`,
    'daemonize no',
    '',
  ]
  writeFileSync(join(folder, 'redis.conf'), settings.join('\n'), { mode: 0o600 })
  const state = { url: `redis://:${password}@127.0.0.1:${port}/0`, own: { folder, port, password } }
  await startRedis(directory, state, survive)
  return state
}

export async function startRedis(directory: string, state: RedisState, survive: boolean): Promise<void> {
  const program = redisServer()
  if (!program) throw new Fault('not_ready', 'Redis 7 or newer was not found; node deploy/local/install.mjs')
  const own = state.own
  if (!own) throw new Fault('conflict', 'this Redis was given by address: it is not ours to start or stop')
  // redis-server rewrites its title to "redis-server 127.0.0.1:<port>", so the port is what tells it
  const args = [join(own.folder, 'redis.conf'), '--port', String(own.port)]
  const command = { name: 'redis', program, args, mark: String(own.port), deathSignal: 'TERM' } as const
  const child = startServer(directory, command, survive)
  await untilReady(directory, 'redis', child, () => pongs(own.port, own.password))
}

/** `at-once` is SIGKILL: what was appended in the last second may be lost. */
export async function stopRedis(directory: string, how: 'orderly' | 'at-once'): Promise<void> {
  await stopServer(directory, 'redis', how === 'orderly' ? 'SIGTERM' : 'SIGKILL')
}

function pongs(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    const end = (result: boolean) => {
      socket.destroy()
      resolve(result)
    }
    socket.setTimeout(10_000, () => end(false))
    socket.on('error', () => end(false))
    socket.on('close', () => resolve(false))
    socket.on('data', (chunk) => {
      answer += chunk
      if (answer.includes('+PONG')) end(true)
      else if (answer.includes('-')) end(false) // still loading
    })
    socket.write(`AUTH ${password}\r\nPING\r\n`)
  })
}
