import t from 'tap'
import { generateSignerKey, parseSignerKey, signatureTypes } from '../../../services/ledger/format/keys.ts'
import { allKeys, logKeysOfSetting, logKeysText, parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { joinNote, splitNote } from '../../../services/ledger/format/note.ts'
import { openCheckpoint, signCheckpoint } from '../../../services/ledger/format/signed-checkpoint.ts'
import { vrfGenerateKey } from '../../../services/ledger/format/vrf.ts'
import { keysOfLog, parseLedgerKeys } from '../../../services/ledger/log/secret-keys.ts'

const origin = 'ledger.example/town'
const { ed25519, cosignatureEd25519, cosignatureMlDsa44 } = signatureTypes
const first = generateSignerKey(origin, ed25519)
const second = generateSignerKey(origin, ed25519)
const mlDsa = generateSignerKey(origin, cosignatureMlDsa44)
const tree = { origin, size: 13, root: Buffer.alloc(32, 7) }
const both = signCheckpoint(tree, parseSignerKey(first.signerKey), {
  signer: parseSignerKey(mlDsa.signerKey),
  timestampSeconds: 1679315147,
})
const opens = (note: string, keys: string) => openCheckpoint(note, parseLogKeys(keys)).size

t.test('a checkpoint of two keys: Ed25519 first, and both are needed where both are named', async (t) => {
  const alone = signCheckpoint(tree, parseSignerKey(first.signerKey))
  t.ok(both.startsWith(alone), 'the Ed25519 line is the same with and without the second key')
  const { text, signatures } = splitNote(both)
  t.equal(signatures.length, 2)
  const named = `${mlDsa.verifierKey}\n${first.verifierKey}\n`
  for (const keys of [first.verifierKey, mlDsa.verifierKey, named]) t.equal(opens(both, keys), 13)
  const [ed, pq] = signatures.map((one) => joinNote(text, [one]))
  const twice = joinNote(text, [signatures[0]!, signatures[0]!])
  t.throws(() => opens(ed!, named), { code: 'unproven', message: /lacks the log's ML-DSA-44 signature/ })
  t.throws(() => opens(pq!, named), { code: 'unproven', message: /lacks the log's Ed25519 signature/ })
  t.throws(() => opens(twice, named), { code: 'unproven', message: /ML-DSA-44/ }, 'one kind twice is one kind')
  t.throws(() => opens(alone, mlDsa.verifierKey), { code: 'unproven' })
  t.throws(() => opens(both, second.verifierKey), { code: 'unproven' })
})

t.test('a wrong signature of either known key spoils the checkpoint', async (t) => {
  const keys = `${first.verifierKey} ${mlDsa.verifierKey}`
  const other = signCheckpoint({ ...tree, size: 14 }, parseSignerKey(first.signerKey), {
    signer: parseSignerKey(mlDsa.signerKey),
    timestampSeconds: 1679315147,
  })
  const [ours, theirs] = [both.split('\n'), other.split('\n')]
  for (const line of [4, 5]) {
    const mixed = ours.with(line, theirs[line]!).join('\n')
    t.throws(() => opens(mixed, keys), { code: 'unproven' })
  }
  const withOne = ours.with(5, theirs[5]!).join('\n')
  t.equal(opens(withOne, first.verifierKey), 13, 'a key that is not known counts nothing')
})

t.test('after a rotation each size has its keys: the earlier ones below it, the new ones from it on', async (t) => {
  const keys = `${first.verifierKey} from 20 ${second.verifierKey} ${mlDsa.verifierKey}`
  const signed = (size: number, signer: string, mlDsaSigner?: string) =>
    signCheckpoint(
      { ...tree, size },
      parseSignerKey(signer),
      mlDsaSigner === undefined ? null : { signer: parseSignerKey(mlDsaSigner), timestampSeconds: 1679315147 },
    )
  for (const size of [0, 13, 19]) {
    t.equal(opens(signed(size, first.signerKey), keys), size)
    t.throws(() => opens(signed(size, second.signerKey, mlDsa.signerKey), keys), { code: 'unproven' }, `new at ${size}`)
  }
  for (const size of [20, 21, Number.MAX_SAFE_INTEGER]) {
    t.equal(opens(signed(size, second.signerKey, mlDsa.signerKey), keys), size)
    t.throws(() => opens(signed(size, first.signerKey), keys), { code: 'unproven' }, `earlier at ${size}`)
    t.throws(() => opens(signed(size, second.signerKey), keys), { code: 'unproven' }, `half of the new at ${size}`)
  }
  const log = parseLogKeys(keys)
  t.equal(logKeysText(log), keys)
  t.equal(allKeys(log).length, 3)
})

t.test('keys that are not those of one log are refused', async (t) => {
  const witness = generateSignerKey(origin, cosignatureEd25519).verifierKey
  const other = generateSignerKey('other.example', ed25519).verifierKey
  const rotations = ['from 0', 'from 5 from 5', 'from 5 from', 'from 05', 'from -1', 'from', 'from 5']
  const wrong = ['', ' \n', witness, `${first.verifierKey} ${other}`, `${first.verifierKey} ${first.verifierKey}`, 'x']
  for (const rotation of rotations) wrong.push(rotation.replaceAll('from', `${first.verifierKey} from`))
  wrong.push(`from 5 ${first.verifierKey}`)
  t.throws(() => parseLogKeys(`${second.verifierKey} ${first.verifierKey}`), { message: /begin a new set with "from/ })
  for (const keys of wrong) t.throws(() => parseLogKeys(keys), { code: 'malformed' }, keys.slice(0, 40))
  for (const keys of [...wrong, other]) {
    t.throws(() => logKeysOfSetting(keys, origin), { code: 'bad_config', message: /LEDGER_VERIFIER_KEY/ })
  }
  t.equal(logKeysOfSetting(first.verifierKey, origin).sets.length, 1)
})

t.test('the sequencer’s keys are of their types and of its log, and no message shows one', async (t) => {
  const vrfKey = vrfGenerateKey().toString('hex')
  const texts = { origin, signingKey: first.signerKey, mlDsaKey: mlDsa.signerKey, vrfKey }
  t.match(parseLedgerKeys(texts), { signer: { type: 0x01 }, mlDsaSigner: { type: 0x06 } })
  t.equal(parseLedgerKeys({ ...texts, mlDsaKey: null }).mlDsaSigner, null)
  const foreign = generateSignerKey('other.example', cosignatureMlDsa44).signerKey
  const wrong = [
    { ...texts, mlDsaKey: first.signerKey },
    { ...texts, signingKey: mlDsa.signerKey },
    { ...texts, mlDsaKey: foreign },
    { ...texts, origin: 'other.example' },
  ]
  for (const one of wrong) {
    t.throws(() => parseLedgerKeys(one), { code: 'bad_config', message: /^(?!.*PRIVATE).*LEDGER_(MLDSA|SIGNING)_KEY/ })
  }
})

t.test('the sequencer signs with the last key set of the setting, or not at all', async (t) => {
  const vrfKey = vrfGenerateKey().toString('hex')
  const keys = parseLedgerKeys({ origin, signingKey: first.signerKey, mlDsaKey: mlDsa.signerKey, vrfKey })
  const own = `${first.verifierKey} ${mlDsa.verifierKey}`
  t.equal(logKeysText(keysOfLog(keys, null)), own)
  for (const setting of [own, `${second.verifierKey} from 7 ${own}`])
    t.equal(logKeysText(keysOfLog(keys, setting)), setting)
  for (const setting of [first.verifierKey, second.verifierKey, `${own} from 7 ${second.verifierKey}`, 'x']) {
    t.throws(() => keysOfLog(keys, setting), { code: 'bad_config', message: /LEDGER_VERIFIER_KEY/ })
  }
})
