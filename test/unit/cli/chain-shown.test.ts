import t from 'tap'
import { checkShown } from '../../../services/cli/chain-shown.ts'
import type { CaseChain } from '../../../services/custody/chain/schema.ts'
import { canonicalText, type JsonValue } from '../../../services/ledger/format/canonical.ts'

const now = new Date('2026-11-20T08:00:00.000Z')

t.test('recordings that are shown as their proven events tell are not remarked upon', async (t) => {
  t.same(
    found(() => undefined),
    [],
  )
})

t.test('a lying list of recordings or copies shows, whatever the service says of itself', async (t) => {
  const lies: Record<string, { lie: (chain: CaseChain) => void; what: string }> = {
    'another digest': { lie: (chain) => (chain.recordings[0]!.sha256 = '00'.repeat(32)), what: 'sha256' },
    'another SM3 digest': { lie: (chain) => (chain.recordings[0]!.sm3 = null), what: 'sm3' },
    'another size': { lie: (chain) => (chain.recordings[0]!.bytes = 1), what: 'bytes' },
    'another name': { lie: (chain) => (chain.recordings[0]!.name!.base64 = 'eA=='), what: 'name' },
    'a copy left out': { lie: (chain) => chain.recordings[0]!.copies.pop(), what: 'no copy on backup-a' },
    'another version': { lie: (chain) => (chain.recordings[0]!.copies[0]!.versionId = 'x'), what: 'copy on primary' },
    'a copy nobody made': {
      lie: (chain) => chain.recordings[0]!.copies.push({ ...chain.recordings[0]!.copies[0]!, store: 'backup-b' }),
      what: 'an unproven copy on backup-b',
    },
    'the recording left out': { lie: (chain) => chain.recordings.pop(), what: 'but not the recording' },
  }
  for (const [name, { lie, what }] of Object.entries(lies)) {
    const findings = found(lie)
    t.equal(findings.length, 1, name)
    t.match(findings[0], { by: 'verifier', code: 'recording_differs', where: 'recording r1' }, name)
    t.ok(findings[0]!.what.includes(what), `${name}: ${findings[0]!.what}`)
  }
})

t.test('an event that waits for its leaf for longer than sequencing takes is a finding', async (t) => {
  const chain = makeChain()
  const waiting = (at: string) => {
    const event = { ...chain.events[0]!, id: 'waits', index: null, at }
    const verified = { ...verifiedOf(chain), uncovered: ['waits'] }
    return checkShown({ ...chain, events: [...chain.events, event] }, verified, now).map(({ code }) => code)
  }
  t.same(waiting('2026-11-20T07:59:59.000Z'), [])
  t.same(waiting('2026-11-20T07:58:59.000Z'), ['event_unsequenced'])
  t.same(waiting('no time at all'), ['event_unsequenced'])
})

function found(lie: (chain: CaseChain) => void) {
  const chain = makeChain()
  lie(chain)
  return checkShown(chain, verifiedOf(chain), now)
}

function verifiedOf(chain: CaseChain) {
  const checkpoint = { origin: 'test.log', size: 3, root: Buffer.alloc(32), extensions: [] }
  return { checkpoint, findings: [], proven: chain.events.map(({ id }) => id), uncovered: [] as string[] }
}

function makeChain(): CaseChain {
  const digest = 'ab'.repeat(32)
  const place = (store: string) => ({ store, host: `${store}.test`, key: 'k', versionId: `${store}-1` })
  const copy = (store: string): CaseChain['recordings'][number]['copies'][number] => ({
    store,
    hostName: `${store}.test`,
    versionId: `${store}-1`,
    state: 'verified',
    found: null,
    problem: null,
  })
  const name = { base64: 'YQ==', text: 'a' }
  const file = { bytes: 7, sha256: digest }
  const lock = { retainUntil: '2026-12-20T07:00:00.000Z', legalHold: true }
  return {
    case: { number: 'C1', id: null, title: null, kind: null, openedAt: null },
    checkpoint: null,
    vrfPublicKey: null,
    subjects: [],
    loose: [],
    handIns: [],
    recordings: [
      {
        id: 'r1',
        deviceSerial: 'D1',
        name,
        bytes: 7,
        sha256: digest,
        sm3: digest,
        state: 'secured',
        copies: [copy('primary'), copy('backup-a')],
        stages: [],
      },
    ],
    events: [
      event(0, 'recording.sealed', {
        ...file,
        name,
        reason: null,
        flags: [],
        declaredSha256: null,
        listedSha256: null,
        mark: false,
        mediaKind: 'video',
        deviceTime: null,
        clockOffsetMs: null,
        correctedTime: null,
        copy: { ...place('primary'), ...lock },
      }),
      event(1, 'recording.verified', { ...place('primary'), ...file, sm3: digest }),
      event(2, 'recording.copied', { ...place('backup-a'), ...file, ...lock, adopted: false }),
      event(3, 'recording.secured', { ...file, hosts: 2, hostNames: [], copies: [] }),
    ],
    findings: [],
  }
}

function event(index: number, kind: string, details: Record<string, JsonValue>): CaseChain['events'][number] {
  const subjects = [
    { type: 'recording', id: 'r1' },
    { type: 'device', id: 'D1' },
  ]
  const at = '2026-11-20T07:00:00.000Z'
  const body = { id: `e${index}`, kind, at, actor: 'a', actorRole: 'service', subjects, details }
  return {
    ...body,
    index,
    kindName: kind,
    actorName: null,
    details: details as Record<string, never>,
    body: canonicalText(body),
    salt: '00'.repeat(32),
    leafHash: null,
  }
}
