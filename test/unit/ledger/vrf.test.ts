import t from 'tap'
import { vrfGenerateKey, vrfProve, vrfPublicKey, vrfVerify } from '../../../services/ledger/format/vrf.ts'
import { withBitsTurned } from './reference-tree.ts'

const hex = (text: string) => Buffer.from(text, 'hex')

/** The test vector of c2sp.org/vrf-r255. */
const secretKey = hex('3431c2b03533e280b23232e280b34e2c3132c2b03238e280b23131e280b34500')
const publicKey = hex('54136cd90d99fbd1d4e855d9556efea87ba0337f2a6ce22028d0f5726fcb854e')
const alpha = hex('633273702e6f72672f7672662d72323535')
const proof = hex(
  '0a97d961262fb549b4175c5117860f42ae44a123f93c476c439eddd1c0cff9265c805525233e2284dbed45e593b8eea31d5ca9734d72bcbba9738d5237f955f3b2422351149d1312503b6441a47c940c',
)
const output = hex(
  'dd653f0879b48c3ef69e13551239bec4cbcc1c18fe8894de2e9e1c790e18273603bf1c6c25d7a797aeff3c43fd32b974d3fcbd4bcce916007097922a3ea3a794',
)
const order = 2n ** 252n + 27742317777372353535851937790883648493n
const scalar = (value: bigint) => hex(value.toString(16).padStart(64, '0')).reverse()

t.test('the vector of the specification comes out', async (t) => {
  t.same(vrfPublicKey(secretKey), publicKey)
  t.same(vrfProve(secretKey, alpha), { proof, output })
  t.same(vrfVerify(publicKey, alpha, proof), output)
})

t.test('a new key proves, and each input has its own output', async (t) => {
  const key = vrfGenerateKey()
  const one = vrfProve(key, Buffer.from('case:1'))
  const two = vrfProve(key, Buffer.from('case:2'))
  t.notSame(one.output, two.output)
  t.same(vrfVerify(vrfPublicKey(key), Buffer.from('case:1'), one.proof), one.output)
  t.equal(vrfVerify(vrfPublicKey(key), Buffer.from('case:2'), one.proof), null)
  t.equal(vrfVerify(publicKey, Buffer.from('case:1'), one.proof), null)
})

t.test('any bit turned in proof, key or input breaks it', async (t) => {
  for (const turned of withBitsTurned(proof)) if (vrfVerify(publicKey, alpha, turned)) t.fail('a changed proof held')
  for (const turned of withBitsTurned(publicKey)) if (vrfVerify(turned, alpha, proof)) t.fail('a changed key held')
  for (const turned of withBitsTurned(alpha)) if (vrfVerify(publicKey, turned, proof)) t.fail('a changed input held')
  t.pass('none held')
})

t.test('what is no proof or key is null, not an error', async (t) => {
  t.equal(vrfVerify(publicKey, alpha, proof.subarray(1)), null)
  t.equal(vrfVerify(publicKey, alpha, Buffer.alloc(80)), null)
  t.equal(vrfVerify(publicKey.subarray(1), alpha, proof), null)
  t.equal(vrfVerify(Buffer.alloc(32), alpha, proof), null, 'the identity element as key')
  const s = BigInt(`0x${Buffer.from(proof.subarray(48)).reverse().toString('hex')}`)
  t.equal(vrfVerify(publicKey, alpha, Buffer.concat([proof.subarray(0, 48), scalar(s + order)])), null, 's not reduced')
})

t.test('a secret key is a scalar of 1 to q - 1', async (t) => {
  t.ok(vrfPublicKey(scalar(order - 1n)))
  for (const key of [Buffer.alloc(31), Buffer.alloc(32), scalar(order), Buffer.alloc(32, 0xff)]) {
    t.throws(() => vrfPublicKey(key), { code: 'malformed' })
    t.throws(() => vrfProve(key, alpha), { code: 'malformed' })
  }
})
