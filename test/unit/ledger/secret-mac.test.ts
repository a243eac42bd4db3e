import t from 'tap'
import {
  isOwnSecret,
  type StoredSecret,
  secretMac,
  secretMacKey,
} from '../../../services/ledger/log/sequence/secret-mac.ts'

const vrfKey = Buffer.alloc(32, 7)
const macKey = secretMacKey(vrfKey)
const row = withMac({ subject: 'recording:a', secret: Buffer.alloc(64, 1), proof: Buffer.alloc(80, 2) })

function withMac(secret: Omit<StoredSecret, 'mac'>): StoredSecret {
  return { ...secret, mac: secretMac(macKey, secret) }
}

function flipped(bytes: Buffer, place: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[place]! ^= 1
  return copy
}

t.test('key and MAC are the ones that were always written: rows of an earlier version stay believed', async (t) => {
  t.equal(macKey.toString('hex'), '1a3ba05d1b078371b5c8f38bca754397ab5257bbe1fe5e28b7d687a0a9cc0932')
  t.equal(row.mac?.toString('hex'), 'f6473c8102af700bdcf0e3fbe52069a38a8ac2650ce135a845f1efdf1debf396')
})

t.test('the MAC of the row as it was written is believed, and no other row', async (t) => {
  t.ok(isOwnSecret(macKey, row))
  const other = withMac({ subject: 'recording:b', secret: Buffer.alloc(64, 3), proof: Buffer.alloc(80, 4) })
  const changed: Record<string, StoredSecret> = {
    'no MAC': { ...row, mac: null },
    'an empty MAC': { ...row, mac: Buffer.alloc(0) },
    'a cut MAC': { ...row, mac: row.mac!.subarray(0, 31) },
    'a longer MAC': { ...row, mac: Buffer.concat([row.mac!, Buffer.alloc(1)]) },
    'first bit of the MAC': { ...row, mac: flipped(row.mac!, 0) },
    'last bit of the MAC': { ...row, mac: flipped(row.mac!, 31) },
    'first byte of the secret': { ...row, secret: flipped(row.secret, 0) },
    'last byte of the secret': { ...row, secret: flipped(row.secret, 63) },
    'the proof': { ...row, proof: flipped(row.proof, 79) },
    'the id': { ...row, subject: 'recording:c' },
    'the type': { ...row, subject: 'viewing:a' },
    'the subject of another row': { ...other, subject: row.subject },
    'the MAC of another row': { ...row, mac: other.mac },
    'the border between secret and proof': {
      ...row,
      secret: Buffer.concat([row.secret, row.proof.subarray(0, 1)]),
      proof: row.proof.subarray(1),
    },
    'the border between proof and subject': {
      ...row,
      proof: Buffer.concat([row.proof, Buffer.from('r')]),
      subject: 'ecording:a',
    },
  }
  for (const [what, stored] of Object.entries(changed)) t.notOk(isOwnSecret(macKey, stored), what)
})

t.test('another log’s key believes none of it, and the key of the MACs is not the VRF key', async (t) => {
  t.notOk(isOwnSecret(secretMacKey(Buffer.alloc(32, 8)), row))
  t.notOk(isOwnSecret(vrfKey, row))
  t.notSame(macKey, vrfKey)
})

t.test('what is no secret with its proof gets no MAC', async (t) => {
  t.throws(() => secretMac(macKey, { ...row, secret: Buffer.alloc(63) }), /63 bytes/)
  t.throws(() => secretMac(macKey, { ...row, proof: Buffer.alloc(81) }), /81 bytes/)
})
