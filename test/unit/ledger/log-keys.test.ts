import t from 'tap'
import { generateSignerKey, parseSignerKey, signatureTypes } from '../../../services/ledger/format/keys.ts'
import { logKeysOfSetting, parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { splitNote } from '../../../services/ledger/format/note.ts'
import { openCheckpoint, signCheckpoint } from '../../../services/ledger/format/signed-checkpoint.ts'
import { vrfGenerateKey } from '../../../services/ledger/format/vrf.ts'
import { parseLedgerKeys } from '../../../services/ledger/log/secret-keys.ts'

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

t.test('a checkpoint of two keys: Ed25519 first, and each alone is enough to open it', async (t) => {
  const alone = signCheckpoint(tree, parseSignerKey(first.signerKey))
  t.ok(both.startsWith(alone), 'the Ed25519 line is the same with and without the second key')
  t.equal(splitNote(both).signatures.length, 2)
  for (const keys of [first.verifierKey, mlDsa.verifierKey, `${first.verifierKey} ${mlDsa.verifierKey}`]) {
    t.equal(opens(both, keys), 13)
  }
  t.equal(opens(alone, `${mlDsa.verifierKey}\n${first.verifierKey}\n`), 13, 'as before it had the second key')
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

t.test('while one key takes the place of another, checkpoints of both hold', async (t) => {
  const keys = `${second.verifierKey} ${first.verifierKey}`
  for (const { signerKey } of [first, second]) t.equal(opens(signCheckpoint(tree, parseSignerKey(signerKey)), keys), 13)
})

t.test('keys that are not those of one log are refused', async (t) => {
  const witness = generateSignerKey(origin, cosignatureEd25519).verifierKey
  const other = generateSignerKey('other.example', ed25519).verifierKey
  const wrong = ['', ' \n', witness, `${first.verifierKey} ${other}`, `${first.verifierKey} ${first.verifierKey}`, 'x']
  for (const keys of wrong) t.throws(() => parseLogKeys(keys), { code: 'malformed' }, keys.slice(0, 40))
  for (const keys of [...wrong, other]) {
    t.throws(() => logKeysOfSetting(keys, origin), { code: 'bad_config', message: /LEDGER_VERIFIER_KEY/ })
  }
  t.equal(logKeysOfSetting(first.verifierKey, origin).keys.length, 1)
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
