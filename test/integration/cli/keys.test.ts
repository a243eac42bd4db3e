import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runProgram } from '../../../services/cli/program.ts'
import { generateSignerKey, parseVerifierKey, signatureTypes } from '../../../services/ledger/format/keys.ts'
import { parseTrust } from '../../../services/verifier/trust.ts'
import { testTerminal } from '../../support/terminal.ts'

const origin = 'test.log/ledger'

function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'custody-keys-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}

async function keys(args: string[], env: Record<string, string> = {}) {
  const terminal = testTerminal({ LEDGER_ORIGIN: origin, ...env })
  const code = await runProgram(['keys', ...args], terminal)
  return { code, printed: terminal.printed.join('\n'), told: terminal.told.join('\n') }
}

/** The one set of keys that a folder holds, as the command prints it. */
function keysIn(printed: string): { verifierKeys: string[]; vrfPublicKey: string } {
  const { keySets, vrfPublicKey } = JSON.parse(printed) as {
    keySets: { from: number; keys: string[] }[]
    vrfPublicKey: string
  }
  return { verifierKeys: keySets.flatMap(({ keys }) => keys), vrfPublicKey }
}

async function made(t: Test) {
  const directory = folder(t)
  const { code, printed } = await keys(['make', '--keys-directory', directory, '--json'])
  t.equal(code, 0)
  return { directory, ...keysIn(printed) }
}

t.test('three keys are made once, 0600, and printed in the form of the settings', async (t) => {
  const { directory, verifierKeys, vrfPublicKey } = await made(t)
  t.same(readdirSync(directory).sort(), ['ledger-mldsa.key', 'ledger-signing.key', 'ledger-vrf.key'])
  for (const name of readdirSync(directory)) t.equal(statSync(join(directory, name)).mode & 0o777, 0o600)
  t.same(
    verifierKeys.map((key) => parseVerifierKey(key).type),
    [0x01, 0x06],
  )
  const again = await keys(['make', '--keys-directory', directory, '--json'])
  t.same(JSON.parse(again.printed), { origin, keySets: [{ from: 0, keys: verifierKeys }], vrfPublicKey })
  t.match(again.told, 'were there already')
  const shown = await keys(['show', '--keys-directory', directory])
  t.ok(shown.printed.includes(`LEDGER_VERIFIER_KEY="${verifierKeys.join(' ')}"`))
  const env = { LEDGER_VERIFIER_KEY: verifierKeys.join(' '), LEDGER_VRF_PUBLIC_KEY: vrfPublicKey }
  t.equal((await keys([], env)).printed, shown.printed, 'of the settings alone, without the secret halves')
})

t.test('a log without an ML-DSA-44 key is given one; any other that is missing is not replaced', async (t) => {
  const { directory, verifierKeys, vrfPublicKey } = await made(t)
  rmSync(join(directory, 'ledger-mldsa.key'))
  const before = await keys(['show', '--keys-directory', directory, '--json'])
  t.same(JSON.parse(before.printed).keySets, [{ from: 0, keys: [verifierKeys[0]] }])
  const wrong = await keys(['make', '--keys-directory', directory, '--origin', 'other.example'])
  t.equal(wrong.code, 2)
  t.same(readdirSync(directory).sort(), ['ledger-signing.key', 'ledger-vrf.key'], 'nothing beside keys of another log')
  const after = keysIn((await keys(['make', '--keys-directory', directory, '--json'])).printed)
  t.equal(after.verifierKeys.length, 2)
  t.equal(after.verifierKeys[0], verifierKeys[0])
  t.not(after.verifierKeys[1], verifierKeys[1])
  t.equal(after.vrfPublicKey, vrfPublicKey)
  for (const name of ['ledger-signing.key', 'ledger-vrf.key']) {
    const text = readFileSync(join(directory, name))
    rmSync(join(directory, name))
    const refused = await keys(['make', '--keys-directory', directory])
    t.equal(refused.code, 2)
    t.match(refused.told, name)
    writeFileSync(join(directory, name), text)
  }
})

t.test('the trust file: keys, policy, authorities', async (t) => {
  const { directory, verifierKeys, vrfPublicKey } = await made(t)
  const from = ['--keys-directory', directory, '--trust-file']
  const plain = await keys(from)
  const file = JSON.parse(plain.printed)
  t.same(Object.keys(file), ['format', 'logKeys', 'policy', 'timestampRoots', 'vrfPublicKey'])
  t.match(file, { format: 'trust/v2', logKeys: [{ from: 0, keys: verifierKeys }], vrfPublicKey, timestampRoots: [] })
  t.equal(parseTrust(plain.printed).policy.needsWitnesses, false)
  t.match(plain.told, 'no policy')

  const witness = `witness w ${generateSignerKey('w.example', signatureTypes.cosignatureMlDsa44).verifierKey}`
  const own = await keys(from, { LEDGER_POLICY: `${witness}\nquorum w` })
  t.equal(parseTrust(own.printed).policy.needsWitnesses, true)

  const later = generateSignerKey(origin).verifierKey
  const rotated = `${verifierKeys.join(' ')} from 1200 ${later}`
  const setting = { LEDGER_VERIFIER_KEY: rotated, LEDGER_VRF_PUBLIC_KEY: vrfPublicKey }
  const sets = [
    { from: 0, keys: verifierKeys },
    { from: 1200, keys: [later] },
  ]
  t.same(JSON.parse((await keys(['--trust-file'], setting)).printed).logKeys, sets)
  t.same(JSON.parse((await keys(['--json'], setting)).printed).keySets, sets)
  t.ok((await keys([], setting)).printed.includes(`LEDGER_VERIFIER_KEY="${rotated}"`))

  const path = join(directory, 'policy')
  const text = `# ours\n${witness}\nquorum w\n`
  writeFileSync(path, `log ${verifierKeys[0]}\n${text}`)
  const given = await keys([...from, '--policy', path], { LEDGER_POLICY: 'quorum none' })
  t.equal(JSON.parse(given.printed).policy, text, 'verbatim but for the log lines, and before the setting')

  writeFileSync(path, `log ${later}\nquorum none\n`)
  t.match(await keys([...from, '--policy', path]), { code: 2, told: /does not hold/ }, 'a key that no key set has')
  writeFileSync(path, `log ${generateSignerKey('other.example').verifierKey}\nquorum none\n`)
  t.match(await keys([...from, '--policy', path]), { code: 2, told: /other\.example/ })
  writeFileSync(path, 'quorum x\n')
  t.match(await keys([...from, '--policy', path]), { code: 2, told: /line 1 of the policy/ })
  t.equal((await keys([...from, '--policy', `${path}.not`])).code, 2)
  t.equal((await keys(['--keys-directory', directory, '--policy', path])).code, 2)
})

t.test('authorities’ certificates go in one by one', async (t) => {
  const { directory } = await made(t)
  const certificate = (name: string) => {
    const [key, cert] = [join(directory, `${name}.key`), join(directory, `${name}.pem`)]
    const args = ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', `/CN=${name}`, '-keyout', key, '-out', cert]
    execFileSync('openssl', args, { stdio: 'ignore' })
    return readFileSync(cert, 'utf8')
  }
  const roots = ['one', 'two', 'three'].map(certificate)
  const path = (name: string) => join(directory, name)
  writeFileSync(path('chain.pem'), `说明 text before\n${roots[0]}${roots[1]}`)
  const args = ['--trust-file', '--timestamp-root', path('chain.pem'), '--timestamp-root', path('three.pem')]
  const { code, printed } = await keys(['--keys-directory', directory, ...args])
  t.equal(code, 0)
  t.same(JSON.parse(printed).timestampRoots, roots)
  for (const [name, text] of [
    ['empty.pem', ''],
    ['bad.pem', roots[0]!.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAAAAAAAAAAAAAAAAAA')],
  ] as const) {
    writeFileSync(path(name), text)
    const bad = await keys(['--keys-directory', directory, '--trust-file', '--timestamp-root', path(name)])
    t.equal(bad.code, 2, name)
    t.match(bad.told, name)
  }
})
