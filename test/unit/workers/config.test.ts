import t from 'tap'
import { type ConfigOf, type Environment, integer } from '../../../services/foundation/config.ts'
import { isFault } from '../../../services/foundation/errors.ts'
import { readWorkersConfig } from '../../../workers/config.ts'
import { type PartDeps, part } from '../../../workers/part.ts'
import { parts } from '../../../workers/parts.ts'

const store = (prefix: string) => ({
  [`${prefix}_ENDPOINT`]: 'http://127.0.0.1:9000',
  [`${prefix}_ACCESS_KEY`]: 'key',
  [`${prefix}_SECRET_KEY`]: 'secret',
  [`${prefix}_HOST_NAME`]: 'host',
})
const shared = {
  DATABASE_URL: 'postgres://worker@127.0.0.1/custody',
  REDIS_URL: 'redis://127.0.0.1',
  ...store('STORE_PRIMARY'),
  ...store('STORE_BACKUP_A'),
  ...store('STORE_BACKUP_B'),
}

t.test('parts are named once, and started in the order of the list', async (t) => {
  const names = parts.map(({ name }) => name)
  t.equal(new Set(names).size, names.length)
  const { parts: configured } = readWorkersConfig(['expire', 'relay', 'relay'], shared)
  t.same(
    configured.map(({ name }) => name),
    ['relay', 'expire'],
  )
})

t.test('a part that does not exist is refused with the names of those that do', async (t) => {
  t.throws(() => readWorkersConfig(['relay', 'realy'], shared), {
    code: 'bad_config',
    message: `workers: no part is called realy; there are ${parts.map(({ name }) => name).join(', ')}`,
  })
})

t.test('only the settings of the chosen parts are read', async (t) => {
  const { shared: read } = readWorkersConfig(['relay', 'expire', 'receipt'], { ...shared, NIGHTLY_AT: 'noon' })
  t.match(read, { redisPrefix: 'custody', logLevel: 'info', metrics: null })
})

t.test('the problems of all chosen parts and of the shared settings are reported together, each once', async (t) => {
  const { REDIS_URL: _, ...withoutRedis } = shared
  const env = {
    ...withoutRedis,
    LEDGER_VERIFIER_KEY: '',
    TIMESTAMP_EVERY_HOURS: '0',
    NIGHTLY_AT: '2:75',
    NIGHTLY_TIME_ZONE: 'Mars/Olympus',
    STORE_AUDIT_CREDENTIALS: 'key=worker',
  }
  t.same(problemsOf([], env), [
    missing('REDIS_URL'),
    ...['PRIMARY', 'BACKUP_A', 'BACKUP_B'].flatMap((name) => missingKeys(`CANARY_STORE_${name}`)),
    missing('LEDGER_ORIGIN'),
    missing('LEDGER_VERIFIER_KEY'),
    missing('ARCHIVE_RECOVERY_RECIPIENT'),
    "TIMESTAMP_EVERY_HOURS: not a whole number of 1..744: '0'",
    missing('STORE_AUDIT_LISTEN'),
    ...['PRIMARY', 'BACKUP_A', 'BACKUP_B'].map((name) => missing(`STORE_${name}_AUDIT_TOKEN`)),
    'STORE_AUDIT_CREDENTIALS: entry 1 is not <SHA-256 in hex>=<credential>',
    "NIGHTLY_AT: not a time of day, HH:MM: '2:75'",
    "NIGHTLY_TIME_ZONE: not a time zone such as Asia/Shanghai: 'Mars/Olympus'",
    missing('LEDGER_VRF_PUBLIC_KEY'),
    ...['PRIMARY', 'BACKUP_A', 'BACKUP_B'].flatMap((name) => missingKeys(`AUDITOR_STORE_${name}`)),
  ])
})

function problemsOf(names: readonly string[], env: Environment): unknown {
  try {
    readWorkersConfig(names, env)
  } catch (error) {
    if (isFault(error, 'bad_config')) return error.details.problems
    throw error
  }
  return []
}

const missing = (variable: string) => `${variable}: missing (or give a file's path in ${variable}_FILE)`
const missingKeys = (prefix: string) => [missing(`${prefix}_ACCESS_KEY`), missing(`${prefix}_SECRET_KEY`)]

t.test('settings that contradict each other are reported with those that are missing', async (t) => {
  const env = {
    ...shared,
    LEDGER_ORIGIN: 'ledger.test/custody',
    LEDGER_VERIFIER_KEY: 'nonsense',
    ARCHIVE_RECOVERY_RECIPIENT: `age1${'q'.repeat(58)}`,
    TIMESTAMP_EVERY_HOURS: 'daily',
  }
  t.throws(() => readWorkersConfig(['archive', 'timestamp'], env), {
    code: 'bad_config',
    message: /2 problem\(s\):\nLEDGER_VERIFIER_KEY: .*\nTIMESTAMP_EVERY_HOURS: not a whole number/s,
  })
})

t.test('a part is started with exactly the settings that its shape describes', async (t) => {
  const shape = { rounds: integer('ROUNDS', { min: 1, max: 9, fallback: 3 }) }
  const started: ConfigOf<typeof shape>[] = []
  const counting = part({
    name: 'counting',
    shape,
    check({ rounds }) {
      if (rounds === 4) throw new Error('four')
    },
    start(_deps, settings) {
      started.push(settings)
      return { ready: () => ({}), close: async () => undefined }
    },
  })
  t.throws(() => counting.configure({ ROUNDS: '0' }), { code: 'bad_config' })
  t.throws(() => counting.configure({ ROUNDS: '4' }), { message: 'four' })
  const running = await counting.configure({ ROUNDS: '5' }).start({} as PartDeps)
  t.same(running.ready(), {})
  t.same(started, [{ rounds: 5 }])
})
