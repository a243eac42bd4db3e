import { writeFileSync } from 'node:fs'
import { inspect } from 'node:util'
import t from 'tap'
import * as config from '../../../services/foundation/config.ts'
import { Fault } from '../../../services/foundation/errors.ts'

const shape = {
  listen: config.listenAddress('LISTEN', { fallback: { host: '127.0.0.1', port: 0 } }),
  view: { grantSeconds: config.integer('VIEW_GRANT_SECONDS', { min: 1, max: 900 }) },
  origin: config.url('ORIGIN'),
  key: config.secret('KEY'),
  mode: config.choice('MODE', ['fast', 'slow'], { fallback: 'slow' }),
  certificate: config.optional(config.text('CERTIFICATE')),
}

function problemsOf(env: config.Environment): string {
  try {
    config.readConfig(env, shape)
  } catch (error) {
    if (error instanceof Fault && error.code === 'bad_config') return error.message
  }
  return ''
}

t.test('a right environment becomes a typed, nested configuration', async (t) => {
  const read = config.readConfig(
    { LISTEN: '[::1]:8443', VIEW_GRANT_SECONDS: '60', ORIGIN: 'https://a.example/', KEY: 'k', MODE: 'fast' },
    shape,
  )
  t.same(read.listen, { host: '::1', port: 8443 })
  t.equal(read.view.grantSeconds, 60)
  t.equal(read.origin, 'https://a.example')
  t.equal(read.key.reveal(), 'k')
  t.equal(read.mode, 'fast')
  t.equal(read.certificate, null)
})

t.test('all problems are reported together, and a secret never', async (t) => {
  const message = problemsOf({ LISTEN: 'nowhere', VIEW_GRANT_SECONDS: 'abc', ORIGIN: 'ftp://x', MODE: 'odd' })
  t.match(message, /LISTEN: not host:port/)
  t.match(message, /VIEW_GRANT_SECONDS: not a whole number of 1\.\.900: 'abc'/)
  t.match(message, /ORIGIN: not an address/)
  t.match(message, /KEY: missing/)
  t.match(message, /MODE: not one of fast, slow/)
  const address = config.readConfig.bind(
    null,
    { DB: 'hunter2' },
    { db: config.secretUrl('DB', { protocols: ['postgres'] }) },
  )
  t.throws(address, { code: 'bad_config' })
  t.notMatch(String(problemsOfCall(address)), /hunter2/)
})

function problemsOfCall(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error
  }
}

t.test('a secret shows as [secret] in JSON, inspect and text', async (t) => {
  const secret = config.makeSecret('hunter2')
  t.equal(JSON.stringify({ secret }), '{"secret":"[secret]"}')
  t.notMatch(inspect({ deep: { secret } }), /hunter2/)
  t.equal(`${secret}`, '[secret]')
})

t.test('NAME_FILE is read when NAME is absent, and an unreadable file is a problem', async (t) => {
  const path = `${t.testdir()}/key`
  writeFileSync(path, 'from-file\n')
  const only = { key: config.secret('KEY'), other: config.optional(config.text('OTHER')) }
  t.equal(config.readConfig({ KEY_FILE: path }, only).key.reveal(), 'from-file')
  t.equal(config.readConfig({ KEY: 'direct', KEY_FILE: path }, only).key.reveal(), 'direct')
  t.throws(() => config.readConfig({ KEY_FILE: `${path}.no` }, only), { code: 'bad_config', message: /KEY_FILE/ })
  t.throws(() => config.readConfig({ KEY: 'k', OTHER_FILE: `${path}.no` }, only), { message: /OTHER_FILE/ })
})

t.test('the three stores are read from their own variables', async (t) => {
  const env: Record<string, string> = {}
  for (const name of ['PRIMARY', 'BACKUP_A', 'BACKUP_B']) {
    env[`STORE_${name}_ENDPOINT`] = `http://127.0.0.1:1/${name}`
    env[`STORE_${name}_ACCESS_KEY`] = name
    env[`STORE_${name}_SECRET_KEY`] = name
    env[`STORE_${name}_HOST_NAME`] = name
  }
  const stores = config.readStores(env)
  t.equal(stores['backup-a'].hostName, 'BACKUP_A')
  t.same(stores.buckets, { originals: 'originals', derived: 'derived', tails: 'tails' })
})
