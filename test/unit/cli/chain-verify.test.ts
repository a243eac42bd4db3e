import t from 'tap'
import { codeWords } from '../../../services/cli/chain-codes.ts'
import { verifyChain } from '../../../services/cli/chain-verify.ts'
import { canonicalText } from '../../../services/ledger/format/canonical.ts'
import { type LoggedEvent, makeLog, type OpenChain } from '../../support/log-in-memory.ts'

type Log = ReturnType<typeof makeLog>

async function verify(log: Log, chain: Omit<OpenChain, 'checkpoint'> & { checkpoint: string | null }) {
  const { findings, ...verified } = await verifyChain(chain, log.trust)
  return { ...verified, found: findings.map(({ code, where }) => `${code} ${where}`), findings }
}

t.test('a sound chain has no findings and the ids of its events are proven', async (t) => {
  const log = makeLog(20)
  const chain = log.chain()
  const { found, proven, uncovered, checkpoint } = await verify(log, chain)
  t.same(found, [])
  t.same(
    proven,
    chain.events.map(({ id }) => id),
  )
  t.same(uncovered, [])
  t.equal(checkpoint?.size, 20)
})

t.test('what the service shows beside a body or for a leaf is compared with what was proven', async (t) => {
  const lies: Record<string, { lie: (event: LoggedEvent) => void; expect: string }> = {
    id: { lie: (event) => (event.id = 'other'), expect: 'fields_differ event other' },
    kind: { lie: (event) => (event.kind = 'recording.sealed'), expect: 'fields_differ event e5' },
    time: { lie: (event) => (event.at = '2026-03-02T01:00:00.000Z'), expect: 'fields_differ event e5' },
    actor: { lie: (event) => (event.actor = 'b'), expect: 'fields_differ event e5' },
    role: { lie: (event) => (event.actorRole = 'auditor'), expect: 'fields_differ event e5' },
    subjects: { lie: (event) => event.subjects.pop(), expect: 'fields_differ event e5' },
    details: { lie: (event) => (event.details = { number: 4 }), expect: 'fields_differ event e5' },
    'leaf hash': { lie: (event) => (event.leafHash = '00'.repeat(32)), expect: 'leaf_hash_differs event e5' },
  }
  for (const [name, { lie, expect }] of Object.entries(lies)) {
    const log = makeLog(20)
    const chain = log.chain()
    lie(chain.events[1]!)
    const { found, findings } = await verify(log, chain)
    t.same(found, [expect], name)
    for (const { code } of findings) t.ok(codeWords(code).zh && codeWords(code).en)
  }
})

t.test('without a checkpoint that can be relied on nothing is proven', async (t) => {
  const log = makeLog(20)
  t.match(await verify(log, { ...log.chain(), checkpoint: null }), {
    found: ['checkpoint_missing checkpoint'],
    checkpoint: null,
    proven: [],
  })
  t.match(await verify(log, { ...log.chain(), checkpoint: 'x' }), { found: ['checkpoint_malformed checkpoint'] })
})

t.test('an event that the checkpoint does not cover is named as such, whatever leaf it claims', async (t) => {
  const log = makeLog(20)
  for (const index of [null, 20]) {
    const chain = log.chain()
    chain.events.push({ ...chain.events[0]!, id: 'new', index, leafHash: null })
    t.match(await verify(log, chain), { found: [], uncovered: ['new'] })
  }
})

t.test('a dock’s list is checked by the rules of the package verifiers', async (t) => {
  const log = makeLog(20)
  const chain = log.chain()
  chain.handIns.push({ handInId: 'h1', lines: [] })
  t.match(await verify(log, chain), {
    found: ['hand_in_differs hand-in h1'],
    findings: [{ what: 'it is no hand-in of the case' }],
  })
})

t.test('so is a digest that a dock is said to have signed', async (t) => {
  const log = makeLog(20)
  const chain = log.chain()
  const [event] = chain.events
  const body = { ...(JSON.parse(event!.body) as object), kind: 'recording.sealed' }
  const details = { flags: ['no_list'], dockDigest: null }
  chain.events.push({ ...event!, id: 'new', index: null, leafHash: null, body: canonicalText({ ...body, details }) })
  t.match(await verify(log, chain), {
    found: ['dock_digest_unsigned recording '],
    findings: [{ what: 'it does not say which digest its dock signed' }],
  })
})
