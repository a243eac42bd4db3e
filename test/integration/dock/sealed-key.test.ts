import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { freePort } from '../../../deploy/local/stack/free-port.ts'
import {
  openSealedKey,
  rawPublicKey,
  readSigningKey,
  sealSigningKey,
} from '../../../services/dock/station/signing-key.ts'

/** A TPM 2.0 of its own, in software, for one test. Its clients expect the control channel on the next port. */
async function startTpm(t: Test, folder: string): Promise<{ device: string }> {
  mkdirSync(folder)
  for (let tries = 0; tries < 20; tries++) {
    const port = await freePort()
    const channels = ['--server', `type=tcp,port=${port}`, '--ctrl', `type=tcp,port=${port + 1}`]
    const state = ['socket', '--tpm2', '--tpmstate', `dir=${folder}`, '--flags', 'not-need-init,startup-clear']
    const tpm = spawn('swtpm', [...state, ...channels], { stdio: 'ignore' })
    t.teardown(() => tpm.kill('SIGKILL'))
    const isUp = await untilListening(port + 1, tpm)
    if (isUp) return { device: `swtpm:port=${port}` }
  }
  throw new Error('no two free ports side by side in twenty tries')
}

/** False when the program ended before, because somebody else has the port. */
async function untilListening(port: number, program: ChildProcess): Promise<boolean> {
  while (program.exitCode === null) {
    if (await answers(port)) return true
    await delay(50)
  }
  return false
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

t.test('a sealed key opens with the same TPM, and with no other one', async (t) => {
  const folder = t.testdir()
  const tpm = await startTpm(t, join(folder, 'tpm'))
  const file = join(folder, 'signing.key')
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
  writeFileSync(file, pem, { mode: 0o600 })

  const sealed = await sealSigningKey(file, tpm)
  t.notOk(existsSync(file), 'the plain key is gone')
  const seed = privateKey.export({ format: 'jwk' }).d!
  t.notOk(readFileSync(sealed, 'utf8').includes(seed), 'nor does it stand in the sealed file')
  const opened = await openSealedKey(sealed, tpm)
  t.same(rawPublicKey(opened), rawPublicKey(privateKey))
  const message = Buffer.from('a list of files')
  t.ok(verify(null, message, publicKey, sign(null, message, opened)))

  const other = await startTpm(t, join(folder, 'other'))
  await t.rejects(openSealedKey(sealed, other), { code: 'not_ready' })
})

t.test('without a TPM the plain key stays where it is', async (t) => {
  const folder = t.testdir()
  const file = join(folder, 'signing.key')
  const { privateKey } = generateKeyPairSync('ed25519')
  writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }) as string, { mode: 0o600 })
  const nobody = { device: `swtpm:port=${await freePort()}` }
  await t.rejects(sealSigningKey(file, nobody), { code: 'not_ready' })
  t.same(rawPublicKey(readSigningKey(file, null)), rawPublicKey(privateKey))
})

t.test('a key that others may read, or that is none, is refused', async (t) => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const folder = t.testdir({ none: 'no key at all' })
  const write = (name: string, mode: number, key = privateKey) => {
    writeFileSync(join(folder, name), key.export({ format: 'pem', type: 'pkcs8' }) as string, { mode })
    return join(folder, name)
  }
  t.throws(() => readSigningKey(write('open', 0o644), null), { code: 'bad_config', message: /chmod 600/ })
  t.throws(() => readSigningKey(write('rsa', 0o600, rsa), null), { message: /no Ed25519 key/ })
  writeFileSync(join(folder, 'text'), 'no key at all', { mode: 0o600 })
  t.throws(() => readSigningKey(join(folder, 'text'), null), { message: /holds no private key/ })
  t.throws(() => readSigningKey(join(folder, 'nowhere'), null), { message: /cannot be read/ })
  t.throws(() => readSigningKey('dock-signing-key', null), { message: /systemd unit/ })
  write('dock-signing-key', 0o600)
  t.ok(readSigningKey('dock-signing-key', folder), 'as systemd hands it out')
})
