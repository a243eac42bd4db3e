import { generateKeyPairSync, sign } from 'node:crypto'
import t from 'tap'
import { checkpointText, parseCheckpoint } from '../../../services/ledger/format/checkpoint.ts'
import { cosign, verifyCosignature } from '../../../services/ledger/format/cosignature.ts'
import { signatureTypes } from '../../../services/ledger/format/keys.ts'
import { type LogKeys, logKeysOf } from '../../../services/ledger/format/log-keys.ts'
import { inclusionProof } from '../../../services/ledger/format/merkle.ts'
import {
  generateSignerKey,
  joinNote,
  type NoteSigner,
  openNote,
  parseSignerKey,
  parseVerifierKey,
  splitNote,
  verifierKeyText,
  verifierOf,
} from '../../../services/ledger/format/note.ts'
import { encodeProof, parseProof } from '../../../services/ledger/format/proof.ts'
import { openCheckpoint, signCheckpoint } from '../../../services/ledger/format/signed-checkpoint.ts'
import { verifyProof } from '../../support/verify-proof.ts'
import { readerOfLeaves, someLeaves, treeHash, withBitsTurned } from './reference-tree.ts'

const origin = 'ledger.example/town'
const leaves = someLeaves(13)
const root = treeHash(leaves)
const log = parseSignerKey(generateSignerKey(origin).signerKey)
const witness = parseSignerKey(generateSignerKey('witness.example', signatureTypes.cosignatureEd25519).signerKey)
const keys: LogKeys = logKeysOf([{ from: 0, keys: [verifierOf(log)] }])
const signed = signCheckpoint({ origin, size: 13, root }, log)
const cosigned = withCosignature(signed, witness, 1679315147)
const hashes = inclusionProof(6, 13, readerOfLeaves(leaves))
const claim = { leafHash: leaves[6]!, log: keys }

t.test('a checkpoint is three lines, and the one of the specification reads back', async (t) => {
  const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'
  const checkpoint = parseCheckpoint(text)
  t.match(checkpoint, { origin: 'example.com/behind-the-sofa', size: 20852163, extensions: [] })
  t.equal(checkpointText(checkpoint), text)
  t.same(parseCheckpoint(`${text}one\ntwo\n`).extensions, ['one', 'two'])
})

t.test('a checkpoint of any other spelling is refused', async (t) => {
  const hash = root.toString('base64')
  const wrong = [
    '',
    `a\n1\n${hash}`,
    `a\n1\n`,
    `\n1\n${hash}\n`,
    `a\n01\n${hash}\n`,
    `a\n+1\n${hash}\n`,
    `a\n-1\n${hash}\n`,
  ]
  wrong.push(`a\n1e3\n${hash}\n`, `a\n9007199254740993\n${hash}\n`, `a\n\n${hash}\n`, `a\n1\n${hash.slice(0, -1)}\n`)
  wrong.push(
    `a\n1\n${hash.slice(4)}\n`,
    `a\n1\n${hash}\n\n`,
    `a\r\n1\n${hash}\n`,
    `a\n1\n${hash}\n\u0007\n`,
    `\ud800\n1\n${hash}\n`,
  )
  wrong.push(`a\n١\n${hash}\n`)
  for (const text of wrong) t.throws(() => parseCheckpoint(text), { code: 'malformed' }, JSON.stringify(text))
  t.throws(() => checkpointText({ origin: 'a', size: 1.5, root }), { code: 'malformed' })
})

t.test('a checkpoint opens for those who trust its log, whoever else signed it', async (t) => {
  for (const note of [signed, cosigned]) t.match(openCheckpoint(note, keys), { origin, size: 13 })
})

t.test('another origin, or no signature of the log, is refused', async (t) => {
  t.throws(() => openCheckpoint(signed, { ...keys, origin: 'other.example' }), { code: 'unproven' })
  t.throws(
    () =>
      openCheckpoint(
        cosigned,
        logKeysOf([{ from: 0, keys: [verifierOf(parseSignerKey(generateSignerKey(origin).signerKey))] }]),
      ),
    { code: 'unproven' },
  )
})

t.test('a cosignature is over name of the format, time and text', async (t) => {
  const text = checkpointText({ origin, size: 13, root })
  const signature = cosign(witness, text, 1679315147)
  const key = verifierOf(witness)
  t.equal(verifyCosignature(key, text, signature), 1679315147)
  for (const turned of withBitsTurned(signature)) if (verifyCosignature(key, text, turned) !== null) t.fail('held')
  t.equal(verifyCosignature(key, checkpointText({ origin, size: 14, root }), signature), null)
  t.equal(verifyCosignature(key, text, Buffer.alloc(7)), null)
  t.equal(verifyCosignature(key, text, Buffer.alloc(72, 0xff)), null)
})

t.test('only a key for cosignatures cosigns, at a time, and only checkpoints', async (t) => {
  t.throws(() => cosign(log, splitNote(signed).text, 1), { code: 'malformed' })
  t.throws(() => cosign(witness, splitNote(signed).text, -1), { code: 'malformed' })
  t.throws(() => cosign(witness, 'text\n', 1), { code: 'malformed' })
})

t.test('an ML-DSA-44 cosignature, built as the specification lays it out, is accepted', async (t) => {
  const { publicKey, privateKey } = generateKeyPairSync('ml-dsa-44')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-1312)
  const key = parseVerifierKey(verifierKeyText('pq.example', raw, signatureTypes.cosignatureMlDsa44))
  const number = (value: number) => Buffer.from(value.toString(16).padStart(16, '0'), 'hex')
  const name = (text: string) => Buffer.concat([Buffer.of(text.length), Buffer.from(text)])
  const label = Buffer.from('subtree/v1\n\0')
  const parts = [label, name('pq.example'), number(7), name(origin), number(0), number(13), root]
  const signature = Buffer.concat([number(7), sign(null, Buffer.concat(parts), privateKey)])
  const note = splitNote(signed)
  const line = { name: 'pq.example', keyId: key.keyId, signature }
  const { verified } = openNote(joinNote(note.text, [...note.signatures, line]), [key])
  t.same(verified, [{ key, timestampSeconds: 7 }])
  signature[100]! ^= 1
  t.equal(verifyCosignature(key, note.text, signature), null)
  const long = checkpointText({ origin: 'a'.repeat(256), size: 1, root })
  t.throws(() => verifyCosignature(key, long, signature), { code: 'malformed' })
})

t.test('a proof reads back as it was written, with and without extra data', async (t) => {
  for (const extra of [undefined, Buffer.from('vrf')]) {
    const proof = { index: 6, hashes, checkpoint: cosigned, ...(extra && { extra }) }
    t.same(parseProof(encodeProof(proof)), proof)
  }
  t.match(encodeProof({ index: 6, hashes, checkpoint: cosigned }), /^c2sp\.org\/tlog-proof@v1\nindex 6\n/)
})

t.test('a proof of any other spelling is refused', async (t) => {
  const text = encodeProof({ index: 6, hashes, checkpoint: cosigned, extra: Buffer.from('vrf') })
  const wrong: Record<string, string> = {
    empty: '',
    'no checkpoint': text.split('\n\n')[0]!,
    'other version': text.replace('@v1', '@v2'),
    'only a header': 'c2sp.org/tlog-proof@v1\n\nnote',
    'no index': text.replace('index 6\n', ''),
    'index with zero': text.replace('index 6', 'index 06'),
    'negative index': text.replace('index 6', 'index -6'),
    'empty extra': text.replace('extra dnJm', 'extra '),
    'two extras': text.replace('extra dnJm', 'extra dnJm\nextra dnJm'),
    'extra no base64': text.replace('dnJm', 'dnJ'),
    'carriage return': text.replace('\nindex', '\r\nindex'),
    'short hash': text.replace(hashes[0]!.toString('base64'), 'AAAA'),
    'hash no base64': text.replace(hashes[0]!.toString('base64'), '!'),
    'endless path': text.replace('index 6\n', `index 6\n${`${root.toString('base64')}\n`.repeat(60)}`),
  }
  for (const [name, bad] of Object.entries(wrong)) t.throws(() => parseProof(bad), { code: 'malformed' }, name)
  t.throws(() => encodeProof({ index: -1, hashes, checkpoint: cosigned }), { code: 'malformed' })
})

t.test('a proof holds for its leaf', async (t) => {
  for (const checkpoint of [signed, cosigned]) {
    t.match(verifyProof(encodeProof({ index: 6, hashes, checkpoint }), claim), { index: 6, checkpoint: { size: 13 } })
  }
})

t.test('another leaf, place or path is unproven', async (t) => {
  const text = encodeProof({ index: 6, hashes, checkpoint: signed })
  t.throws(() => verifyProof(text, { ...claim, leafHash: leaves[7]! }), { code: 'unproven' })
  t.throws(() => verifyProof(encodeProof({ index: 7, hashes, checkpoint: signed }), claim), { code: 'unproven' })
  hashes.forEach((hash, at) => {
    for (const turned of withBitsTurned(hash)) {
      const changed = encodeProof({ index: 6, hashes: hashes.with(at, turned), checkpoint: signed })
      try {
        verifyProof(changed, claim)
        t.fail('a changed proof held')
      } catch (error) {
        if ((error as { code?: string }).code !== 'unproven') throw error
      }
    }
  })
})

function withCosignature(note: string, signer: NoteSigner, timestampSeconds: number): string {
  const { text, signatures } = splitNote(note)
  const signature = cosign(signer, text, timestampSeconds)
  return joinNote(text, [...signatures, { name: signer.name, keyId: signer.keyId, signature }])
}
