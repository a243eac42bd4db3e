import { hash } from 'node:crypto'
import t from 'tap'
import { parseLogKeys } from '../../../../services/ledger/format/log-keys.ts'
import { generateSignerKey } from '../../../../services/ledger/format/note.ts'
import { vrfGenerateKey, vrfPublicKey } from '../../../../services/ledger/format/vrf.ts'
import { verifyCase } from '../../../../services/ledger/verify/case.ts'
import { checkSignedCheckpoint } from '../../../../services/ledger/verify/checkpoint.ts'
import { readEvents } from '../../../../services/ledger/verify/events.ts'
import { ledgerCodes } from '../../../../services/ledger/verify/finding.ts'
import { type LoggedEvent, makeLog, type OpenChain } from '../../../support/log-in-memory.ts'
import { eventText, type Log, size, tamperings } from './tamperings.ts'

/** As a package shows events: each with the digest of its body. */
const withDigests = ({ events }: OpenChain) =>
  events.map((event) => ({ ...event, bodySha256: hash('sha256', event.body) }))

/** Opens the checkpoint and verifies the case, as both users of the core do. */
async function verify(
  log: Pick<Log, 'trust'>,
  chain: OpenChain,
  events: readonly (LoggedEvent & { bodySha256?: string })[] = chain.events,
): Promise<{ found: string[]; proven: number }> {
  const opened = checkSignedCheckpoint(chain.checkpoint, log.trust.log)
  if ('fault' in opened) return { found: [opened.fault.code], proven: 0 }
  const read = readEvents(events, ({ id }) => `event ${id}`)
  const { vrfPublicKey, readTile } = log.trust
  const loose = readEvents(chain.loose, ({ id }) => `event ${id}`)
  const disclosure = { caseNumber: chain.case.number, subjects: chain.subjects, events: read, loose }
  const { findings, proven } = await verifyCase(disclosure, { ...opened, vrfPublicKey, readTile })
  return { found: findings.map(({ code, where }) => `${code} ${where}`), proven: proven.size }
}

t.test('a sound chain has no findings and every event of it is proven', async (t) => {
  for (const count of [4, 256, 257, size]) {
    const log = makeLog(count)
    const chain = log.chain()
    t.same(await verify(log, chain), { found: [], proven: chain.events.length })
    t.same(await verify(log, chain, withDigests(chain)), { found: [], proven: chain.events.length })
  }
})

for (const [name, { faults = [], tamper, expect, expectWithDigests = expect }] of Object.entries(tamperings)) {
  t.test(`${name}: that and nothing else is found`, async (t) => {
    const log = makeLog(size, ...faults)
    const chain = log.chain()
    tamper?.(chain, log)
    t.same((await verify(log, chain)).found, expect, 'in a chain')
    t.same((await verify(log, chain, withDigests(chain))).found, expectWithDigests, 'in a package')
  })
}

t.test('each code is what some tampering is found by', async (t) => {
  const found = Object.values(tamperings).flatMap(({ expect, expectWithDigests = [] }) => [
    ...expect,
    ...expectWithDigests,
  ])
  const codes = new Set(found.map((one) => one.split(' ')[0]))
  t.same(
    ledgerCodes.filter((code) => !codes.has(code)),
    [],
  )
})

t.test('a body that no longer has the digest given with it is told apart from a changed salt', async (t) => {
  const log = makeLog(20)
  const chain = log.chain()
  const [first, ...others] = withDigests(chain)
  const changed = { ...first!, body: first!.body.replace('service', 'auditor') }
  t.same((await verify(log, chain, [changed, ...others])).found, ['body_differs event e3'])
})

t.test('a case of which nothing is shown is not proven to be empty', async (t) => {
  const log = makeLog(20)
  const chain = log.chain()
  chain.subjects = [{ subject: 'case:C1', secret: null, proof: null }]
  chain.events = []
  t.same((await verify(log, chain)).found, ['subject_missing case:C1'])
})

t.test('keys come from outside: another log key or VRF key proves nothing', async (t) => {
  const log = makeLog(20)
  const codes = async (trust: Partial<Log['trust']>) => {
    const { found } = await verify({ trust: { ...log.trust, ...trust } }, log.chain())
    return [...new Set(found.map((one) => one.split(' ')[0]))]
  }
  const keysOf = (name: string) => parseLogKeys(generateSignerKey(name).verifierKey)
  t.same(await codes({ log: keysOf('test.log') }), ['checkpoint_signature'])
  t.same(await codes({ log: keysOf('other.log') }), ['checkpoint_origin'])
  t.same(await codes({ vrfPublicKey: vrfPublicKey(vrfGenerateKey()) }), ['secret_differs'])
})

t.test('an event that no checkpoint covers yet is not a fault, and nothing is proven about it', async (t) => {
  const log = makeLog(20)
  const chain = log.chain()
  chain.events.push({ ...chain.events[0]!, id: 'new', index: null, leafHash: null })
  t.same(await verify(log, chain), { found: [], proven: chain.events.length - 1 })
})

t.test('a case and a viewing whose first events wait for their leaves have no secrets yet', async (t) => {
  const log = makeLog(20)
  const chain = log.chain()
  const subjects = [
    { type: 'case', id: 'C2' },
    { type: 'viewing', id: 'v1' },
  ]
  chain.case.number = 'C2'
  chain.subjects = ['case:C2', 'viewing:v1'].map((subject) => ({ subject, secret: null, proof: null }))
  chain.events = [{ ...chain.events[0]!, id: 'new', index: null, body: eventText({ id: 'new', subjects }) }]
  t.same((await verify(log, chain)).found, [])
  chain.subjects = []
  t.same((await verify(log, chain)).found, ['subject_missing case:C2'])
})

t.test('a server that cannot be reached is an error, not a finding', async (t) => {
  const log = makeLog(20)
  const readTile = () => Promise.reject(new Error('down'))
  await t.rejects(verify({ trust: { ...log.trust, readTile } }, log.chain()), /down/)
})
