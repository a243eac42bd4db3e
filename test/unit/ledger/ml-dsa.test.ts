import { createPrivateKey, createPublicKey } from 'node:crypto'
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js'
import t from 'tap'
import { checkpointText } from '../../../services/ledger/format/checkpoint.ts'
import { cosign, verifyCosignature } from '../../../services/ledger/format/cosignature.ts'
import {
  generateSignerKey,
  parseSignerKey,
  parseVerifierKey,
  signatureTypes,
  signBytes,
  signerKeyText,
  verifierKeyText,
  verifierOf,
  verifyBytes,
} from '../../../services/ledger/format/keys.ts'
import { withBitsTurned } from './reference-tree.ts'

const type = signatureTypes.cosignatureMlDsa44
const seed = Buffer.from([...Array(32).keys()])
const origin = 'ledger.example/town'
const text = checkpointText({ origin, size: 13, root: Buffer.alloc(32, 7) })

/** The signed message as c2sp.org/tlog-cosignature lays it out, without our code. */
function messageOf(name: string, timestampSeconds: number): Buffer {
  const number = (value: number) => Buffer.from(value.toString(16).padStart(16, '0'), 'hex')
  const opaque = (value: string) => Buffer.concat([Buffer.of(value.length), Buffer.from(value)])
  const label = Buffer.from('subtree/v1\n\0')
  const parts = [label, opaque(name), number(timestampSeconds), opaque(origin), number(0), number(13)]
  return Buffer.concat([...parts, Buffer.alloc(32, 7)])
}

/** RFC 9881, appendix C.1 and C.2: the seed form of the private key, and how its public key begins. */
const rfcPrivateKey = 'MDQCAQAwCwYJYIZIAWUDBAMRBCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f'
const rfcPublicKeyStart =
  'MIIFMjALBglghkgBZQMEAxEDggUhANeytHJUquDbReeTDUqY0sl9jxOX0Xidr6FwJLMW6b7JT8mUbULxm3mnQTu6oz5xSctC7VEVaTrAQfrLmIretf4O'

t.test('the seed 00 01 … 1f has the public key of RFC 9881, and its form of the seed reads', async (t) => {
  const signer = parseSignerKey(signerKeyText(origin, seed, type))
  t.ok(
    createPrivateKey({ key: Buffer.from(rfcPrivateKey, 'base64'), format: 'der', type: 'pkcs8' }).equals(
      signer.privateKey,
    ),
  )
  const der = createPublicKey(signer.privateKey).export({ format: 'der', type: 'spki' })
  t.ok(der.toString('base64').startsWith(rfcPublicKeyStart))
  t.ok(der.subarray(-1312).equals(signer.publicKey))
})

t.test('a second implementation makes the same public key of a seed', async (t) => {
  for (let round = 0; round < 8; round++) {
    const { signerKey, verifierKey } = generateSignerKey(`pq.example/${round}`, type)
    const made = ml_dsa44.keygen(Buffer.from(signerKey.split('+').slice(4).join('+'), 'base64').subarray(1))
    t.same(Buffer.from(made.publicKey), parseVerifierKey(verifierKey).publicKey)
  }
})

t.test('each accepts what the other signed, and nothing that was changed', async (t) => {
  const signer = parseSignerKey(signerKeyText('pq.example', seed, type))
  const key = parseVerifierKey(verifierKeyText('pq.example', signer.publicKey, type))
  const cosignature = cosign(signer, text, 1679315147)
  t.equal(cosignature.length, 8 + 2420)
  const message = messageOf('pq.example', 1679315147)
  t.ok(ml_dsa44.verify(cosignature.subarray(8), message, signer.publicKey))
  t.notOk(ml_dsa44.verify(cosignature.subarray(8), messageOf('pq.example', 1679315148), signer.publicKey))
  const theirs = Buffer.concat([
    cosignature.subarray(0, 8),
    ml_dsa44.sign(message, ml_dsa44.keygen(seed).secretKey, { extraEntropy: false }),
  ])
  t.equal(verifyCosignature(key, text, theirs), 1679315147)
  const context = ml_dsa44.sign(message, ml_dsa44.keygen(seed).secretKey, { context: Buffer.from('x') })
  t.equal(verifyCosignature(key, text, Buffer.concat([cosignature.subarray(0, 8), context])), null, 'other context')
  t.equal(verifyCosignature({ ...key, name: 'other.example' }, text, theirs), null, 'the name is signed too')
  const turned = [...withBitsTurned(theirs.subarray(0, 64))].slice(0, 100)
  for (const head of turned) {
    if (verifyCosignature(key, text, Buffer.concat([head, theirs.subarray(64)])) !== null) t.fail('held')
  }
  t.equal(verifyCosignature(key, text, theirs.subarray(0, -1)), null)
  t.equal(verifyCosignature(key, text, Buffer.concat([theirs, Buffer.of(0)])), null)
})

t.test('two signatures over one tree differ and both hold', async (t) => {
  const signer = parseSignerKey(generateSignerKey(origin, type).signerKey)
  const [one, other] = [cosign(signer, text, 1), cosign(signer, text, 1)]
  t.notSame(one, other)
  for (const signature of [one, other]) t.equal(verifyCosignature(verifierOf(signer), text, signature), 1)
})

t.test('keys of all three types are made, read back and sign', async (t) => {
  for (const each of Object.values(signatureTypes)) {
    const { signerKey, verifierKey } = generateSignerKey('key.example', each)
    const signer = parseSignerKey(signerKey)
    t.same(verifierOf(signer), parseVerifierKey(verifierKey))
    t.equal(signer.type, each)
    const message = Buffer.from('message')
    t.ok(verifyBytes(parseVerifierKey(verifierKey), message, signBytes(signer, message)))
    t.notSame(generateSignerKey('key.example', each).signerKey, signerKey)
  }
  t.throws(() => generateSignerKey('key.example', 0x05), { code: 'malformed' })
  t.throws(() => generateSignerKey('key example', type), { code: 'malformed' })
})

t.test('a cosignature of a plain key is none', async (t) => {
  const plain = parseSignerKey(generateSignerKey(origin).signerKey)
  t.throws(() => cosign(plain, text, 1), { code: 'malformed' })
  t.equal(verifyCosignature(verifierOf(plain), text, Buffer.alloc(72)), null)
})
