import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { optional, readConfig } from '../../../services/foundation/config.ts'
import {
  generateSignerKey,
  parseVerifierKey,
  signatureTypes,
  verifierKeyText,
} from '../../../services/ledger/format/keys.ts'
import { originOf, type Policy, parsePolicy } from '../../../services/ledger/format/policy.ts'
import { policySetting, requirePolicyOf } from '../../../services/ledger/witness/policy-setting.ts'

const { ed25519, cosignatureEd25519, cosignatureMlDsa44 } = signatureTypes
const keyText = (name: string, type: number = cosignatureEd25519) => generateSignerKey(name, type).verifierKey

const origin = 'ledger.example/town'
const log = keyText(origin, ed25519)
const logMlDsa = keyText(origin, cosignatureMlDsa44)
const [x1, x2, x3, y1, y2, y3] = ['x1', 'x2', 'x3', 'y1', 'y2', 'y3'].map((name, at) =>
  keyText(`${name}.example`, at % 2 === 0 ? cosignatureEd25519 : cosignatureMlDsa44),
) as [string, string, string, string, string, string]

/** The example of c2sp.org/tlog-policy, with keys. */
const example = `log ${log}

witness X1 ${x1}
witness X2 ${x2}
witness X3 ${x3}
group X-witnesses 2 X1 X2 X3

witness Y1 ${y1}
witness Y2 ${y2}
witness Y3 ${y3}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`
const isMet = (policy: Policy, ...keys: string[]) => policy.isMet(keys.map(parseVerifierKey))

t.test('the example of the specification means what it says there', async (t) => {
  const policy = parsePolicy(example)
  t.equal(policy.text, example)
  t.equal(originOf(policy), origin)
  t.same(
    policy.witnesses.map(({ name, url }) => [name, url]),
    ['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'].map((name) => [name, null]),
  )
  t.ok(policy.needsWitnesses)
  for (const keys of [
    [x1, x2, y1],
    [x3, x1, y3],
    [x1, x2, x3, y1, y2, y3],
  ])
    t.ok(isMet(policy, ...keys))
  for (const keys of [[], [x1, x2], [x1, y1, y2, y3], [x1, x1, y1], [log, logMlDsa, y1]])
    t.notOk(isMet(policy, ...keys))
})

t.test('a cosigner counts by name and key id, not by name alone', async (t) => {
  const policy = parsePolicy(`witness w ${x1}\nquorum w\n`)
  t.notOk(isMet(policy, keyText('x1.example')))
  t.ok(isMet(policy, x1))
})

t.test('addresses, spaces, tabs, comments and empty lines', async (t) => {
  const policy = parsePolicy(
    ` \t\n# 说明\n \t# log nonsense\n\tlog\t ${log}  https://ledger.example \nwitness 证人 ${x1}\thttps://w.example/x/ \n\nquorum 证人\n`,
  )
  t.same(
    policy.witnesses.map(({ name, url }) => [name, url]),
    [['证人', 'https://w.example/x/']],
  )
  t.ok(isMet(policy, x1))
})

t.test('a policy without logs or witnesses, and with two keys of one log', async (t) => {
  const none = parsePolicy('quorum none\n')
  t.ok(isMet(none))
  t.notOk(none.needsWitnesses)
  t.throws(() => originOf(none), { code: 'malformed' })
  t.equal(originOf(parsePolicy(`log ${log}\nlog ${logMlDsa}\nquorum none\n`)), origin)
  const other = keyText('other.example', ed25519)
  t.throws(() => originOf(parsePolicy(`log ${log}\nlog ${other}\nquorum none\n`)), { code: 'malformed' })
})

t.test('32 logs, witnesses and groups, and "any", "all" and a number', async (t) => {
  const names = [...Array(32).keys()]
  const witnesses = names.map((at) => keyText(`w${at}.example`))
  const lines = [
    ...names.map((at) => `log ${keyText(`log${at}.example`, ed25519)}`),
    ...names.map((at) => `witness w${at} ${witnesses[at]}`),
    ...names.map((at) => `group g${at} any w${at}${at === 0 ? '' : ` g${at - 1}`}`),
  ]
  const policy = parsePolicy(`${lines.join('\n')}\nquorum g31\n`)
  t.ok(isMet(policy, witnesses[0]!))
  t.notOk(isMet(policy, x1))
  const all = parsePolicy(`witness a ${x1}\nwitness b ${x2}\ngroup g all a b\nquorum g\n`)
  t.notOk(isMet(all, x1))
  t.ok(isMet(all, x2, x1))
  const one = parsePolicy(`witness a ${x1}\nwitness b ${x2}\ngroup g 1 a b\nquorum g\n`)
  t.ok(isMet(one, x2))
})

const [aEd, aMlDsa] = [keyText('a.example', cosignatureEd25519), keyText('a.example', cosignatureMlDsa44)]
const oneWitness = `witness a-ed ${aEd}\nwitness a-pq ${aMlDsa}\n`

t.test('the kinds of one witness are needed together; any and a number are for several witnesses', async (t) => {
  const policy = parsePolicy(
    `${oneWitness}group a all a-ed a-pq\nwitness b ${x1}\nwitness c ${x2}\ngroup two 2 a b c\nquorum two\n`,
  )
  for (const keys of [
    [aEd, x1],
    [aMlDsa, x1],
    [aEd, aEd, x1],
    [aEd, aMlDsa],
  ])
    t.notOk(isMet(policy, ...keys))
  for (const keys of [
    [aEd, aMlDsa, x1],
    [x1, x2],
  ])
    t.ok(isMet(policy, ...keys))
  t.ok(isMet(parsePolicy(`${oneWitness}witness b ${x1}\ngroup g all a-ed b a-pq\nquorum g\n`), aEd, aMlDsa, x1))
  t.doesNotThrow(() => parsePolicy(`${oneWitness}quorum none\n`), 'where nobody is asked nothing is asked of one')
  const misused = {
    'any of its kinds': `${oneWitness}group g any a-ed a-pq\nquorum g\n`,
    '1 of its kinds': `${oneWitness}group g 1 a-ed a-pq\nquorum g\n`,
    'one kind alone': `${oneWitness}quorum a-ed\n`,
    'one kind in a group': `${oneWitness}witness b ${x1}\ngroup g all a-ed b\nquorum g\n`,
    'as if it were two': `${oneWitness}witness b ${x1}\ngroup g 2 a-ed a-pq b\nquorum g\n`,
    'in two groups': `${oneWitness}group g all a-ed\ngroup h all a-pq\ngroup i any g h\nquorum i\n`,
  }
  for (const [name, text] of Object.entries(misused)) {
    t.throws(() => parsePolicy(text), { code: 'malformed', message: /keys of one witness, a\.example/ }, name)
  }
})

const ed25519OfWitness = `${origin}+${x1.split('+')[1]}+${x1.split('+').slice(2).join('+')}`
const wrong: Record<string, string> = {
  empty: '',
  'no newline at the end': 'quorum none',
  'carriage return': 'quorum none\r\n',
  'control character in a comment': '# \x01\nquorum none\n',
  delete: '# \x7f\nquorum none\n',
  'form feed as a space': 'quorum\x0cnone\n',
  'no quorum': `log ${log}\n`,
  'two quorums': 'quorum none\nquorum none\n',
  'unknown word': 'quorum none\nallow all\n',
  'capital word': 'Quorum none\n',
  'quorum of a name not defined': 'quorum w\n',
  'quorum before its witness': `quorum w\nwitness w ${x1}\n`,
  'quorum with a comment behind': 'quorum none # yes\n',
  'quorum without a name': 'quorum\n',
  'log without a key': 'log\nquorum none\n',
  'log with too much': `log ${log} https://a.example b\nquorum none\n`,
  'log with a witness key': `log ${x1}\nquorum none\n`,
  'log with a bad key id': `log ${ed25519OfWitness}\nquorum none\n`,
  'log twice': `log ${log}\nlog ${log}\nquorum none\n`,
  'witness with a log key': `witness w ${log}\nquorum w\n`,
  'witness without a key': 'witness w\nquorum none\n',
  'witness with no address': `witness w ${x1} nowhere\nquorum w\n`,
  'witness with too much': `witness w ${x1} https://a.example b\nquorum w\n`,
  'witness twice': `witness v ${x1}\nwitness w ${x1}\nquorum w\n`,
  'name twice': `witness w ${x1}\nwitness w ${x2}\nquorum w\n`,
  'name of a group and a witness': `witness w ${x1}\ngroup w any w\nquorum w\n`,
  'witness called none': `witness none ${x1}\nquorum none\n`,
  'group called none': `witness w ${x1}\ngroup none any w\nquorum none\n`,
  'group without members': `witness w ${x1}\ngroup g any\nquorum g\n`,
  'group of none': `witness w ${x1}\ngroup g any none\nquorum g\n`,
  'group before its member': `group g any w\nwitness w ${x1}\nquorum g\n`,
  'group of itself': `witness w ${x1}\ngroup g any w g\nquorum g\n`,
  'member twice in a group': `witness w ${x1}\ngroup g any w w\nquorum g\n`,
  'member of two groups': `witness w ${x1}\ngroup g any w\ngroup h any w\nquorum g\n`,
  'group of 0': `witness w ${x1}\ngroup g 0 w\nquorum g\n`,
  'group of more than it has': `witness w ${x1}\ngroup g 2 w\nquorum g\n`,
  'group of a number that is none': `witness w ${x1}\ngroup g 1e0 w\nquorum g\n`,
  'group of most': `witness w ${x1}\ngroup g most w\nquorum g\n`,
}
t.test('every other policy is refused', async (t) => {
  for (const [name, policy] of Object.entries(wrong)) t.throws(() => parsePolicy(policy), { code: 'malformed' }, name)
})

t.test('the same raw key as another name is the same witness', async (t) => {
  const again = verifierKeyText('z.example', parseVerifierKey(x1).publicKey, cosignatureEd25519)
  t.throws(() => parsePolicy(`witness v ${x1}\nwitness w ${again}\nquorum w\n`), { code: 'malformed' })
})

t.test('the setting: text, file, absent, wrong, of another log', async (t) => {
  const shape = { policy: optional(policySetting('LEDGER_POLICY')) }
  t.equal(readConfig({}, shape).policy, null)
  t.equal(readConfig({ LEDGER_POLICY: example.trimEnd() }, shape).policy?.text, example)
  const path = join(t.testdir(), 'policy')
  writeFileSync(path, example)
  const { policy } = readConfig({ LEDGER_POLICY_FILE: path }, shape)
  t.equal(policy?.text, example)
  t.throws(() => readConfig({ LEDGER_POLICY: 'quorum w' }, shape), {
    code: 'bad_config',
    message: /LEDGER_POLICY: line 1/,
  })
  t.throws(() => readConfig({ LEDGER_POLICY_FILE: `${path}.not` }, shape), { code: 'bad_config' })
  t.doesNotThrow(() => requirePolicyOf(origin, policy))
  t.doesNotThrow(() => requirePolicyOf(origin, null))
  t.doesNotThrow(() => requirePolicyOf(origin, parsePolicy('quorum none\n')))
  t.throws(() => requirePolicyOf('other.example', policy), { code: 'bad_config', message: /other\.example/ })
})
