import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import t from 'tap'
import { signatureTypes } from '../../../services/ledger/format/keys.ts'
import { generateSignerKey } from '../../../services/ledger/format/note.ts'
import { inFull } from '../../support/in-full.ts'
import { openIngestWorld } from '../../support/ingest.ts'
import type { ProcessOptions } from './agent-process.ts'

const program = fileURLToPath(new URL('agent-process.ts', import.meta.url))
const count = inFull ? 10_000 : 100
const mebibyte = 1024 * 1024
/** By which the agent may grow between a fifth of the files and the last. */
const growthBytesMax = 96 * mebibyte
const patienceMs = 1_400_000

t.test(`a card with ${count} small files: each comes in, and the agent does not grow with them`, async (t) => {
  const world = await openIngestWorld(t)
  const folder = mkdtempSync(join(tmpdir(), 'many-'))
  const [device, spool] = [join(folder, 'device'), join(folder, 'spool')]
  mkdirSync(device)
  for (let number = 0; number < count; number++) {
    writeFileSync(join(device, `${String(number).padStart(5, '0')}.MP4`), `${number} `.repeat(100))
  }
  const identity = await generateX25519Identity()
  const log = generateSignerKey('log.test', signatureTypes.ed25519)
  const witness = generateSignerKey('witness.test/9', signatureTypes.cosignatureEd25519)
  const options: ProcessOptions = {
    ...{ origin: world.origin, token: world.dock.token, serial: 'DSJ0001', device, spool, identity },
    key: world.dock.key.export({ format: 'pem', type: 'pkcs8' }) as string,
    recoveryRecipient: await identityToRecipient(await generateX25519Identity()),
    ...{ logKeys: log.verifierKey, policy: `witness one ${witness.verifierKey}\nquorum one\n`, killAt: null },
  }
  const agent = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ['ignore', 'ignore', 'inherit'] })
  t.teardown(async () => {
    const ended = new Promise((resolve) => agent.once('exit', resolve))
    agent.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true })
  })
  const sealed = async () => {
    const uploads = world.db.selectFrom('upload').where('state', '=', 'sealed')
    const { files } = await uploads.select(({ fn }) => fn.countAll<number>().as('files')).executeTakeFirstOrThrow()
    return Number(files)
  }
  await world.until(async () => (await sealed()) >= count / 5, { timeoutMs: patienceMs })
  const early = residentBytes(agent.pid!)
  await world.until(async () => (await sealed()) === count, { timeoutMs: patienceMs })
  const grown = residentBytes(agent.pid!) - early
  t.comment(`${Math.round(early / mebibyte)} MiB, grown by ${Math.round(grown / mebibyte)} MiB`)
  t.ok(grown <= growthBytesMax, 'its memory is flat')
  const handIns = await world.db.selectFrom('hand_in').select('id').execute()
  t.equal(handIns.length, 1, 'one list names them all')
})

function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
  return Number(kilobytes) * 1024
}
