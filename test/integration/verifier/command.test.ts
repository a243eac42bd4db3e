import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import t from 'tap'
import { buildVerifier } from '../../../services/verifier/build.mjs'
import {
  closeMutationBase,
  mutations,
  openMutationBase,
  randomNumbers,
  writeMutated,
} from '../../support/mutate-package.ts'
import { entriesOf } from '../../support/package/mutations-container.ts'
import { writeZip } from '../../support/package/zip-writer.ts'

t.setTimeout(480_000)

const own = resolve('services/verifier')

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a program in a folder of its own, so that nothing of this checkout is found by chance. */
function run(folder: string, program: string, ...args: string[]): Promise<Ran> {
  const env = { PATH: process.env.PATH, npm_config_cache: join(folder, 'npm-cache'), npm_config_offline: 'true' }
  return new Promise((done) => {
    execFile(program, args, { cwd: folder, env }, (error, out, err) => {
      done({ code: error ? Number(error.code ?? -1) : 0, out, err })
    })
  })
}

/** This Node, and an older one that came with the machine, where there is one. */
function nodes(): string[] {
  const found = ['/usr/bin/node', '/usr/local/bin/node'].filter((path) => {
    try {
      return Number(execFileSync(path, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' })) >= 20
    } catch {
      return false
    }
  })
  return [process.execPath, ...found]
}

t.test('the command', async (t) => {
  await buildVerifier({ ifStale: true })
  const folder = await mkdtemp(join(tmpdir(), 'verifier-command-'))
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  const base = openMutationBase(folder, 'command')
  t.teardown(() => closeMutationBase(base))
  const spoilt = writeMutated(
    base,
    folder,
    'spoilt',
    mutations.filter(({ name }) => name === 'flip original'),
    randomNumbers('command'),
  ).path
  // One file alone, as somebody is given it.
  const program = join(folder, 'verify.mjs')
  await writeFile(program, await readFile(join(own, 'dist/verify.mjs')))
  const sound = writeZip(entriesOf(base.parts.files))
  await writeFile(join(folder, 'sound.zip'), sound)

  for (const node of nodes()) {
    t.test(`runs as one file, with nothing installed, on ${node}`, async (t) => {
      const accepted = await run(folder, node, program, 'sound.zip', '--trust', 'trust.json')
      t.match(accepted, { code: 0, err: '' })
      t.match(accepted.out, /✔ 核验通过/)
      t.match(accepted.out, /witness-b\.example/, 'the witness that signs with ML-DSA-44')
      const english = await run(folder, node, program, spoilt, '--trust', 'trust.json', '--lang', 'en')
      t.equal(english.code, 1)
      t.match(english.out, /✘ Rejected[\s\S]*media_differs[\s\S]*What this check cannot prove/)
    })
  }

  t.test('several packages: one line of JSON each, in their order', async (t) => {
    const paths = ['package', spoilt, 'sound.zip']
    const { code, out } = await run(folder, process.execPath, program, ...paths, '--json', '--trust', 'trust.json')
    t.equal(code, 1)
    t.same(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
      [
        { path: 'package', accepted: true, fault: null, codes: [], remarks: [] },
        {
          path: spoilt,
          accepted: false,
          fault: 'media_differs',
          codes: ['media_differs', 'contents_differs', 'file_differs'],
          remarks: [],
        },
        { path: 'sound.zip', accepted: true, fault: null, codes: [], remarks: [] },
      ],
    )
  })

  t.test('asked wrongly it gives no verdict', async (t) => {
    await writeFile(join(folder, 'wrong.json'), '{}')
    for (const args of [
      [],
      ['sound.zip'],
      ['--trust', 'trust.json'],
      ['sound.zip', '--trust', 'absent.json'],
      ['sound.zip', '--trust', 'wrong.json'],
      ['absent.zip', '--trust', 'trust.json'],
      ['sound.zip', '--trust', 'trust.json', '--lang', 'fr'],
      ['sound.zip', '--trust', 'trust.json', '--unknown'],
    ]) {
      const { code, out, err } = await run(folder, process.execPath, program, ...args)
      t.match({ code, out }, { code: 2, out: '' }, args.join(' '))
      t.ok(err.length > 10 && !/ at .*\.mjs:\d+/.test(err), 'words, no stack')
    }
  })

  t.test('it says the SHA-256 of its own file', async (t) => {
    const sha256 = createHash('sha256')
      .update(await readFile(program))
      .digest('hex')
    const { code, out } = await run(folder, process.execPath, program, '--version')
    t.equal(code, 0)
    t.ok(out.includes(sha256))
  })

  t.test('an encrypted package is opened by its recipient only', async (t) => {
    const identity = await generateX25519Identity()
    const encrypter = new Encrypter()
    encrypter.addRecipient(await identityToRecipient(identity))
    const encrypted = Buffer.from(await encrypter.encrypt(sound))
    await writeFile(join(folder, 'package.zip.age'), encrypted)
    await writeFile(join(folder, 'identity.txt'), `# of the court\n${identity}\n`)
    await writeFile(join(folder, 'other.txt'), `${await generateX25519Identity()}\n`)
    await writeFile(join(folder, 'cut.zip.age'), encrypted.subarray(0, encrypted.length - 70_000))
    const verify = (path: string, ...args: string[]) =>
      run(folder, process.execPath, program, path, '--json', '--trust', 'trust.json', ...args)
    t.match(await verify('package.zip.age'), { code: 2, err: /--identity/ })
    t.match(await verify('package.zip.age', '--identity', 'other.txt'), { code: 2, err: /other\.txt/ })
    t.match(await verify('package.zip.age', '--identity', 'identity.txt'), { code: 0, out: /"accepted":true/ })
    t.match(await verify('cut.zip.age', '--identity', 'identity.txt'), { code: 1, out: /container_malformed/ })
  })

  t.test('npx runs its folder and its tarball', async (t) => {
    const place = join(folder, 'npx')
    await mkdir(place)
    const packed = await run(place, 'npm', 'pack', '--json', own)
    t.equal(packed.code, 0, packed.err)
    const [{ filename, files }] = JSON.parse(packed.out) as [{ filename: string; files: { path: string }[] }]
    t.same(files.map(({ path }) => path).sort(), ['README.md', 'dist/verify.html', 'dist/verify.mjs', 'package.json'])
    const args = [join(folder, 'sound.zip'), '--trust', join(folder, 'trust.json'), '--json']
    for (const given of [own, `file:${join(place, filename)}`]) {
      t.match(await run(place, 'npx', '--yes', given, ...args), { code: 0, out: /"accepted":true/ }, given)
    }
  })

  t.test('custody verify is the same', async (t) => {
    const custody = resolve('services/cli/custody.mjs')
    const verify = (path: string) =>
      run(folder, process.execPath, custody, 'verify', path, '--trust', 'trust.json', '--json')
    t.match(await verify('sound.zip'), { code: 0, out: /"accepted":true/ })
    t.match(await verify(spoilt), { code: 1, out: /"fault":"media_differs"/ })
  })
})
