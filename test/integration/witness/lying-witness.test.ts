import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import t from 'tap'
import { checkpointText, parseCheckpoint } from '../../../services/ledger/format/checkpoint.ts'
import { cosign } from '../../../services/ledger/format/cosignature.ts'
import { signatureTypes } from '../../../services/ledger/format/keys.ts'
import { generateSignerKey, parseSignerKey, splitNote } from '../../../services/ledger/format/note.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { parseAddCheckpoint, signatureLines } from '../../../services/ledger/format/witness-protocol.ts'
import { witnessStates } from '../../../services/ledger/witness/state.ts'
import { witnessWarnings } from '../../../workers/witness-metrics.ts'
import { makeTestLog, startSequencer } from '../../support/sequencer.ts'
import type { Teardown } from '../../support/stack.ts'
import { startFalseWitness } from '../../support/witness.ts'
import { appendOne, startWitnessLoops, witnessedSize } from '../../support/witness-loop.ts'
import { openWorld, type World } from '../../support/world.ts'

const fast = { unnoticedMs: 20, restMs: 20, firstRetryMs: 30, retryMsMax: 60 }
const name = 'false.test/witness'

type Lie = (body: string, response: ServerResponse) => unknown

const keyPair = generateSignerKey(name, signatureTypes.cosignatureEd25519)
const signer = parseSignerKey(keyPair.signerKey)
const strangers = parseSignerKey(generateSignerKey(name, signatureTypes.cosignatureEd25519).signerKey)
const nowSeconds = () => Math.floor(Date.now() / 1000)
const lineOver = (text: string, by = signer, at = nowSeconds()) =>
  signatureLines(text, [{ name, keyId: signer.keyId, signature: cosign(by, text, at) }])
const submitted = (body: string) => splitNote(parseAddCheckpoint(body).note).text
const changed = (text: string, change: { size?: number; root?: Buffer }) =>
  checkpointText({ ...parseCheckpoint(text), ...change })
const text = (response: ServerResponse, status: number, type: string, body: string) =>
  response.writeHead(status, { 'content-type': type }).end(body)
const ok = (response: ServerResponse, body: string) => text(response, 200, 'text/plain', body)

/** A log with one event, and the loop that asks the false witness about it. */
async function ask(t: Teardown, lie: Lie) {
  const world = await openWorld(t, { movesClock: true })
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const witness = await startFalseWitness(t, lie)
  const policy = `witness w ${keyPair.verifierKey} ${witness.url}/deep/prefix\nquorum w\n`
  startWitnessLoops(t, world, log, policy, { pace: fast, answerTimeoutMs: 1000 })
  await appendOne(world)
  return { world, witness, policy: parsePolicy(policy) }
}

const alarms = async (world: World) => {
  const rows = await world.db.selectFrom('event').where('kind', '=', 'alarm.raised').select('body').execute()
  return rows.map(({ body }) => JSON.parse(body)).filter((event) => event.details.alarm === 'witness_disagrees')
}

const lies: Record<string, [Lie, RegExp]> = {
  'signs another root': [
    (body, response) => ok(response, lineOver(changed(submitted(body), { root: randomBytes(32) }))),
    /not one over this checkpoint/,
  ],
  'signs an older checkpoint': [
    (body, response) => ok(response, lineOver(changed(submitted(body), { size: 0 }))),
    /not one over this checkpoint/,
  ],
  'signs with another key': [
    (body, response) => ok(response, lineOver(submitted(body), strangers)),
    /not one over this checkpoint/,
  ],
  'signs for another name': [
    (body, response) => ok(response, lineOver(submitted(body)).replace(name, 'else.test/witness')),
    /a key that is not known/,
  ],
  'states no time': [(body, response) => ok(response, lineOver(submitted(body), signer, 0)), /states no time/],
  'states a time to come': [
    (body, response) => ok(response, lineOver(submitted(body), signer, nowSeconds() + 3600)),
    /ahead of this clock/,
  ],
  'answers garbage': [(_body, response) => ok(response, '<html>\u001b[31mhello</html>'), /note/],
  'answers nothing': [(_body, response) => ok(response, ''), /note/],
  'answers 500': [
    (_body, response) => text(response, 500, 'text/plain', 'broken \u001b[2J\n'),
    /answers 500: broken \[2J/,
  ],
  'answers 301': [
    (_body, response) => response.writeHead(301, { location: 'http://127.0.0.1:1/' }).end(),
    /answers 301/,
  ],
  'answers 404': [(_body, response) => text(response, 404, 'text/plain', 'no such log'), /does not know this log/],
  'answers 403': [(_body, response) => text(response, 403, 'text/plain', 'bad'), /trusts none of the keys/],
  'answers 400': [(_body, response) => text(response, 400, 'text/plain', ''), /cannot read/],
  'answers 409 without a size': [(_body, response) => text(response, 409, 'text/plain', '0\n'), /409 without/],
  'answers 409 with what is no size': [
    (_body, response) => text(response, 409, 'text/x.tlog.size', '007\n'),
    /leading zeroes/,
  ],
  'answers 409 for ever': [
    (_body, response) => text(response, 409, 'text/x.tlog.size', '0\n'),
    /3 times that it stands at another size/,
  ],
  'answers without end': [
    (_body, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      const chunk = Buffer.alloc(16_384, 'a')
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', more)
      more()
    },
    /longer than 65536 bytes/,
  ],
  'drips its answer': [
    (_body, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      const drip = setInterval(() => response.write('a'), 100)
      response.on('close', () => clearInterval(drip))
    },
    /does not answer/,
  ],
  'hangs up': [(_body, response) => response.destroy(), /does not answer/],
}

t.test(
  'a witness that lies: nothing of it is kept, the reason is named, and it is asked again, more and more seldom',
  async (t) => {
    await Promise.all(
      Object.entries(lies).map(([what, [lie, reason]]) =>
        t.test(what, async (t) => {
          const { world, witness, policy } = await ask(t, lie)
          const state = await world.until(async () => {
            const [one] = await witnessStates(world.db, policy)
            return one!.lastError !== null && witness.bodies.length > 1 ? one : null
          })
          t.match(state, { name, lastError: reason, lastOkAt: null, alarm: null, size: 0 })
          t.match(await witnessWarnings({ db: world.db, policy, clock: world.clock }), { [`witness ${name}`]: reason })
          t.equal(await witnessedSize(world), 0)
          t.same(await world.db.selectFrom('cosignature').selectAll().execute(), [])
          t.same(await alarms(world), [], 'a witness that lies or is away is no alarm of the ledger')
          // biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that must not be there
          t.notMatch(state.lastError, /[\u0000-\u001f]/)
        }),
      ),
    )
  },
)

t.test('a witness that speaks against the log is an alarm: one event, and no crash loop', async (t) => {
  for (const [what, lie, reason] of [
    ['422', (_body, response) => text(response, 422, 'text/plain', 'no'), /does not continue the one it cosigned/],
    ['a larger size', (_body, response) => text(response, 409, 'text/x.tlog.size', '1000\n'), /put back to an earlier/],
  ] as [string, Lie, RegExp][]) {
    await t.test(what, async (t) => {
      let honest = false
      const { world, witness, policy } = await ask(t, (body, response) =>
        honest ? ok(response, lineOver(submitted(body))) : lie(body, response),
      )
      await world.until(async () => (await alarms(world)).length > 0 && witness.bodies.length > 6)
      const events = await alarms(world)
      t.match(events, [{ actor: 'witness', details: { witness: name, reason } }])
      t.equal(events.length, 1, 'once, however often it is asked')
      t.match(await witnessStates(world.db, policy), [{ alarm: reason, lastError: reason }])
      t.match(await witnessWarnings({ db: world.db, policy, clock: world.clock }), { [`witness ${name}`]: reason })

      honest = true
      await world.until(async () => (await witnessedSize(world)) === 2)
      t.match(await witnessStates(world.db, policy), [{ alarm: null, lastError: null }], 'it is over when it cosigns')
      honest = false
      await appendOne(world)
      await world.until(async () => (await witnessStates(world.db, policy))[0]!.alarm !== null)
      t.equal((await alarms(world)).length, 1, 'a witness that changes its mind does not fill the ledger')
      world.clock.advance(61 * 60_000)
      honest = true
      await world.until(async () => (await witnessStates(world.db, policy))[0]!.alarm === null)
      honest = false
      await appendOne(world)
      await world.until(async () => (await alarms(world)).length === 2)
    })
  }
})

t.test('among lines that do not count, those that do are kept', async (t) => {
  const { world } = await ask(t, (body, response) => {
    const over = submitted(body)
    const foreign = lineOver(over).replace(name, 'else.test/witness')
    ok(response, `${foreign}${lineOver(changed(over, { root: randomBytes(32) }))}${lineOver(over)}`)
  })
  await world.until(async () => (await witnessedSize(world)) === 1)
  const rows = await world.db.selectFrom('cosignature').select(['name', 'key_id']).execute()
  t.same(rows, [{ name, key_id: signer.keyId }])
})
