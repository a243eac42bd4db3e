import t from 'tap'
import { canonicalText } from '../../../../services/ledger/format/canonical.ts'
import { parseLogKeys } from '../../../../services/ledger/format/log-keys.ts'
import { generateSignerKey } from '../../../../services/ledger/format/note.ts'
import { signCheckpoint } from '../../../../services/ledger/format/signed-checkpoint.ts'
import { vrfGenerateKey, vrfProve, vrfPublicKey } from '../../../../services/ledger/format/vrf.ts'
import { type ChainTrust, verifyChain } from '../../../../services/ledger/verify/case.ts'
import { makeLog, type OpenChain, spoil } from './log-in-memory.ts'

type Log = ReturnType<typeof makeLog>

const size = 600

t.test('a sound chain has no findings and every event of it is proven', async (t) => {
  for (const count of [4, 256, 257, size]) {
    const log = makeLog(count)
    const chain = log.chain()
    const verdict = await verifyChain(chain, log.trust)
    t.same(verdict.findings, [])
    t.equal(verdict.proven.length, chain.events.length)
    t.equal(verdict.checkpoint?.size, count)
  }
})

/** Each tampering, and all that the verifier may say about it. */
const tamperings: Record<string, { tamper: (chain: OpenChain, log: Log) => void; expect: string[] }> = {
  'an event is left out': { tamper: (chain) => chain.events.splice(3, 1), expect: ['event_missing leaf 12'] },
  'the last event is left out': { tamper: (chain) => chain.events.pop(), expect: ['event_missing leaf 598'] },
  'all events are left out': {
    tamper: (chain) => chain.events.splice(2),
    expect: Array.from({ length: size }, (_, n) => n)
      .filter((n) => n > 5 && (n % 7 === 3 || n % 7 === 5))
      .map((n) => `event_missing leaf ${n}`),
  },
  'a body is changed': {
    tamper: (chain) => {
      const event = chain.events[0]!
      event.details = { number: 4 }
      event.body = canonicalText({ ...JSON.parse(event.body), details: event.details })
    },
    expect: ['body_differs event e3'],
  },
  'a salt is changed': {
    tamper: (chain) => {
      chain.events[1]!.salt = '00'.repeat(32)
    },
    expect: ['body_differs event e5'],
  },
  'a salt is cut': {
    tamper: (chain) => {
      chain.events[1]!.salt = '00'
    },
    expect: ['body_differs event e5'],
  },
  'a field beside the body is changed': {
    tamper: (chain) => {
      chain.events[1]!.actor = 'b'
    },
    expect: ['fields_differ event e5'],
  },
  'a leaf hash is changed': {
    tamper: (chain) => {
      chain.events[1]!.leafHash = '00'.repeat(32)
    },
    expect: ['leaf_hash_differs event e5'],
  },
  'two events are swapped': {
    tamper: (chain) => {
      const [first, second] = chain.events
      ;[first!.index, second!.index] = [second!.index, first!.index]
      chain.events.splice(0, 2, second!, first!)
    },
    expect: ['index_differs event e5', 'index_differs event e3'],
  },
  'events are out of order': {
    tamper: (chain) => chain.events.splice(0, 2, chain.events[1]!, chain.events[0]!),
    expect: ['order_differs event e3'],
  },
  'an event is shown twice': {
    tamper: (chain) => chain.events.push(chain.events.at(-1)!),
    expect: ['event_twice event e598'],
  },
  'a secret is that of another key': {
    tamper: (chain) => {
      const { output, proof } = vrfProve(vrfGenerateKey(), Buffer.from('recording:r1'))
      chain.subjects[1] = { subject: 'recording:r1', secret: output.toString('hex'), proof: proof.toString('hex') }
    },
    expect: ['secret_differs recording:r1'],
  },
  'a secret is held back': {
    tamper: (chain) => {
      chain.subjects[1] = { subject: 'recording:r1', secret: null, proof: null }
    },
    expect: ['secret_missing recording:r1'],
  },
  'a subject is not disclosed': {
    tamper: (chain) => chain.subjects.pop(),
    expect: [
      'subject_missing recording:r1',
      ...Array.from({ length: 85 }, (_, n) => `event_extra event e${n * 7 + 5}`),
    ],
  },
  'the checkpoint is gone': {
    tamper: (chain) => {
      chain.checkpoint = null
    },
    expect: ['checkpoint_missing checkpoint'],
  },
  'the checkpoint is not a checkpoint': {
    tamper: (chain) => {
      chain.checkpoint = 'x'
    },
    expect: ['checkpoint_malformed checkpoint'],
  },
  'the checkpoint was changed after it was signed': {
    tamper: (chain) => {
      chain.checkpoint = chain.checkpoint!.replace('\n600\n', '\n500\n')
    },
    expect: ['checkpoint_signature checkpoint'],
  },
  'the log signed another root': {
    tamper: (chain, log) => {
      chain.checkpoint = signCheckpoint({ origin: 'test.log', size, root: Buffer.alloc(32) }, log.signer)
    },
    expect: ['root_differs checkpoint'],
  },
  'a tile was changed': {
    tamper: (_, log) => spoil(log.files, 'tile/0/001', 40),
    expect: ['tile_differs tile/0/001'],
  },
  'an upper tile was changed': {
    tamper: (_, log) => spoil(log.files, 'tile/1/000.p/2', 40),
    expect: ['tile_differs tile/1/000.p/2'],
  },
  'a tile is cut': {
    tamper: (_, log) => log.files.set('tile/0/001', log.files.get('tile/0/001')!.subarray(32)),
    expect: ['tile_differs tile/0/001'],
  },
  'a tile is missing': {
    tamper: (_, log) => log.files.delete('tile/0/001'),
    expect: ['tile_missing tile/0/001'],
  },
  'an entry was changed': {
    // 2 bytes of length and 668 of data an entry: this is a hex digit of leaf 258's commitment.
    tamper: (_, log) => spoil(log.files, 'tile/entries/001', entryOffset(log, 2) + 40),
    expect: ['leaf_differs leaf 258'],
  },
  'the entry of an event of the case was changed': {
    tamper: (_, log) => spoil(log.files, 'tile/entries/000', entryOffset(log, 3) + 40),
    expect: ['leaf_differs leaf 3'],
  },
  'a bundle is cut': {
    tamper: (_, log) => log.files.set('tile/entries/001', log.files.get('tile/entries/001')!.subarray(5)),
    expect: ['bundle_malformed tile/entries/001'],
  },
}

for (const [name, { tamper, expect }] of Object.entries(tamperings)) {
  t.test(`${name}: that and nothing else is found`, async (t) => {
    const log = makeLog(size)
    const chain = log.chain()
    tamper(chain, log)
    const { findings } = await verifyChain(chain, log.trust)
    t.same(
      findings.map(({ code, where }) => `${code} ${where}`),
      expect,
    )
  })
}

t.test('an event whose number was taken back and given again cannot be hidden', async (t) => {
  const log = makeLog(size, { index: 10, subject: 'recording:r1' })
  const chain = log.chain()
  const hidden = chain.events.findIndex(({ index }) => index === 5)
  chain.events.splice(hidden, 1)
  const { findings } = await verifyChain(chain, log.trust)
  t.same(
    findings.map(({ code, where }) => `${code} ${where}`),
    ['number_twice recording:r1', 'event_missing leaf 5'],
  )
})

t.test('a case of which nothing is shown is not proven to be empty', async (t) => {
  const log = makeLog(20)
  const chain = log.chain()
  chain.subjects = [{ subject: 'case:C1', secret: null, proof: null }]
  chain.events = []
  const { findings } = await verifyChain(chain, log.trust)
  t.same(
    findings.map(({ code, where }) => `${code} ${where}`),
    ['secret_missing case:C1'],
  )
})

t.test('keys come from outside: another log key or VRF key proves nothing', async (t) => {
  const log = makeLog(20)
  const verify = async (trust: Partial<ChainTrust>) => {
    const { findings } = await verifyChain(log.chain(), { ...log.trust, ...trust })
    return [...new Set(findings.map(({ code }) => code))]
  }
  const keysOf = (name: string) => parseLogKeys(generateSignerKey(name).verifierKey)
  t.same(await verify({ log: keysOf('test.log') }), ['checkpoint_signature'])
  t.same(await verify({ log: keysOf('other.log') }), ['checkpoint_origin'])
  t.same(await verify({ vrfPublicKey: vrfPublicKey(vrfGenerateKey()) }), ['secret_differs'])
})

t.test('an event that no checkpoint covers yet is named as such, not as a fault', async (t) => {
  const log = makeLog(20)
  const chain = log.chain()
  chain.events.push({ ...chain.events[0]!, id: 'new', index: null, leafHash: null })
  const verdict = await verifyChain(chain, log.trust)
  t.same(verdict.findings, [])
  t.same(verdict.uncovered, ['new'])
})

t.test('a server that cannot be reached is an error, not a finding', async (t) => {
  const log = makeLog(20)
  await t.rejects(verifyChain(log.chain(), { ...log.trust, readTile: () => Promise.reject(new Error('down')) }), /down/)
})

function entryOffset(log: Log, place: number): number {
  return place * (2 + log.entries[0]!.length) + 2
}
