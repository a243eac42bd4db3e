import { randomBytes } from 'node:crypto'
import t from 'tap'
import { checkpointText } from '../../../services/ledger/format/checkpoint.ts'
import { cosign } from '../../../services/ledger/format/cosignature.ts'
import { signatureTypes } from '../../../services/ledger/format/keys.ts'
import { generateSignerKey, type NoteSigner, parseSignerKey, verifierOf } from '../../../services/ledger/format/note.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { signCheckpoint } from '../../../services/ledger/format/signed-checkpoint.ts'
import {
  addCheckpointText,
  judgeAnswer,
  parseAddCheckpoint,
  parseTreeSize,
  signatureLines,
  treeSizeText,
} from '../../../services/ledger/format/witness-protocol.ts'
import { requireWitness, witnessesOf } from '../../../services/ledger/format/witnesses.ts'

const origin = 'ledger.test/custody'
const logSigner = parseSignerKey(generateSignerKey(origin).signerKey)
const { cosignatureEd25519, cosignatureMlDsa44 } = signatureTypes
const signerOf = (name: string, type: number) => parseSignerKey(generateSignerKey(name, type).signerKey)
const ed25519 = signerOf('witness.test/one', cosignatureEd25519)
const mlDsa44 = signerOf('witness.test/one', cosignatureMlDsa44)
const root = randomBytes(32)
const text = checkpointText({ origin, size: 7, root })
const note = signCheckpoint({ origin, size: 7, root }, logSigner)
const nowSeconds = 1_800_000_000
const lineOf = (signer: NoteSigner, over = text, at = nowSeconds) =>
  signatureLines(over, [{ name: signer.name, keyId: signer.keyId, signature: cosign(signer, over, at) }])
const judge = (answer: string) => judgeAnswer(answer, text, [verifierOf(ed25519), verifierOf(mlDsa44)], nowSeconds)

t.test('the example request of the specification reads and is written again byte for byte', async (t) => {
  const example = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`
  const request = parseAddCheckpoint(example)
  t.equal(request.oldSize, 20852014)
  t.equal(request.proof.length, 4)
  t.equal(addCheckpointText(request), example)
})

t.test('a request is read strictly', async (t) => {
  const hash = randomBytes(32).toString('base64')
  const wrong: Record<string, string> = {
    'a leading zero': `old 01\n${hash}\n\n${note}`,
    'no number': `old \n\n${note}`,
    'another word': `size 1\n\n${note}`,
    'two spaces': `old  1\n\n${note}`,
    'a number beyond 2^53': `old 9007199254740993\n\n${note}`,
    'a short hash': `old 1\n${randomBytes(31).toString('base64')}\n\n${note}`,
    'base64 without its padding': `old 1\n${hash.slice(0, -1)}\n\n${note}`,
    'carriage returns': `old 1\r\n${hash}\r\n\r\n${note}`,
    '64 proof lines': `old 1\n${`${hash}\n`.repeat(64)}\n${note}`,
    'no empty line': `old 1\n${note.replace('\n\n', '\n')}`,
    'no note': 'old 1\n\n',
    'a note cut in the middle': `old 1\n\n${note.slice(0, -3)}`,
    nothing: '',
  }
  for (const [name, body] of Object.entries(wrong)) {
    t.throws(() => parseAddCheckpoint(body), { code: 'malformed' }, name)
  }
  t.equal(parseAddCheckpoint(`old 1\n${`${hash}\n`.repeat(63)}\n${note}`).proof.length, 63)
})

t.test('a tree size is a decimal and a newline, nothing else', async (t) => {
  t.equal(parseTreeSize(treeSizeText(20852163)), 20852163)
  t.equal(parseTreeSize('0\n'), 0)
  for (const wrong of ['', '7', '07\n', '-1\n', '7\n\n', '7\r\n', ' 7\n', '9007199254740993\n', 'x\n']) {
    t.throws(() => parseTreeSize(wrong), { code: 'malformed' }, JSON.stringify(wrong))
  }
})

t.test('lines of both kinds count, each once, and are kept as they came', async (t) => {
  const lines = [lineOf(ed25519), lineOf(mlDsa44)]
  const judged = judge([...lines, lineOf(ed25519, text, nowSeconds - 5)].join(''))
  t.same(
    judged.cosignatures.map(({ line }) => line),
    lines,
  )
  t.same(
    judged.cosignatures.map(({ timestampSeconds }) => timestampSeconds),
    [nowSeconds, nowSeconds],
  )
})

t.test('what is not a cosignature of this witness over this checkpoint does not count', async (t) => {
  const stranger = signerOf('witness.test/two', cosignatureEd25519)
  const sameName = signerOf('witness.test/one', cosignatureEd25519)
  const otherRoot = checkpointText({ origin, size: 7, root: randomBytes(32) })
  const otherSize = checkpointText({ origin, size: 6, root })
  const under = (signer: NoteSigner, over: string) => ({
    name: signer.name,
    keyId: signer.keyId,
    signature: cosign(signer, over, nowSeconds),
  })
  const lies: Record<string, string> = {
    'of another witness': lineOf(stranger),
    'of another key under its name': lineOf(sameName),
    'over another root': signatureLines(text, [under(ed25519, otherRoot)]),
    'over an older checkpoint': signatureLines(text, [under(mlDsa44, otherSize)]),
    'another key under its key id': signatureLines(text, [{ ...under(sameName, text), keyId: ed25519.keyId }]),
    'of the other kind under its key id': signatureLines(text, [{ ...under(mlDsa44, text), keyId: ed25519.keyId }]),
    'without a time': lineOf(ed25519, text, 0),
    'of the future': lineOf(mlDsa44, text, nowSeconds + 301),
    'cut to its time': signatureLines(text, [
      { ...under(ed25519, text), signature: cosign(ed25519, text, nowSeconds).subarray(0, 8) },
    ]),
  }
  for (const [name, lie] of Object.entries(lies)) {
    t.match(judge(lie), { cosignatures: [], ignored: [String] }, name)
    t.equal(judge(`${lie}${lineOf(ed25519)}`).cosignatures.length, 1, `${name}, beside one that counts`)
  }
  t.equal(judge(lineOf(ed25519, text, nowSeconds + 299)).cosignatures.length, 1, 'a clock a little ahead is fine')
  for (const byte of [0, 4, 12, 40, 75]) {
    const line = lineOf(ed25519)
    const [dash, name, base64] = line.trimEnd().split(' ') as [string, string, string]
    const bytes = Buffer.from(base64, 'base64')
    bytes[byte]! ^= 1
    t.same(judge(`${dash} ${name} ${bytes.toString('base64')}\n`).cosignatures, [], `byte ${byte} flipped`)
  }
})

t.test('an answer that holds no signature lines is malformed', async (t) => {
  for (const garbage of [
    '',
    'ok\n',
    '<html>',
    lineOf(ed25519).trimEnd(),
    `\n${'x'.repeat(100)}\n`,
    note.slice(0, 40),
  ]) {
    t.throws(() => judge(garbage), { code: 'malformed' }, JSON.stringify(garbage.slice(0, 40)))
  }
  const shifted = `other\n9\n${root.toString('base64')}\n\n${lineOf(ed25519)}`
  t.equal(judge(shifted).cosignatures.length, 1, 'lines are judged over what was sent, whatever stands before them')
})

t.test('the lines of a policy that share a key name or an address are one witness', async (t) => {
  const key = (name: string, type: number = cosignatureEd25519) => generateSignerKey(name, type).verifierKey
  const url = 'http://127.0.0.1:1/w'
  const policy = parsePolicy(`witness a1 ${key('a')} ${url}
witness a2 ${key('a', cosignatureMlDsa44)}
witness b ${key('b')} ${url}
witness c1 ${key('c')}
witness c2 ${key('c', cosignatureMlDsa44)}
group a all a1 a2
quorum a
`)
  t.match(witnessesOf(policy), [
    { name: 'a', url, keys: { length: 3 } },
    { name: 'c', url: null, keys: { length: 2 } },
  ])
  t.equal(requireWitness(policy, 'c2').name, 'c')
  t.equal(requireWitness(policy, 'b').name, 'a')
  t.throws(() => requireWitness(policy, 'd'), { code: 'not_found', message: /a, c/ })
  const twice = `witness a1 ${key('a')} ${url}\nwitness a2 ${key('a', cosignatureMlDsa44)} ${url}/2\nquorum none\n`
  t.throws(() => witnessesOf(parsePolicy(twice)), { code: 'bad_config', message: /two addresses/ })
})
