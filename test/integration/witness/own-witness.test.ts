import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { sha256 } from '../../../services/foundation/hash.ts'
import { cosign } from '../../../services/ledger/format/cosignature.ts'
import { signatureTypes } from '../../../services/ledger/format/keys.ts'
import {
  generateSignerKey,
  joinNote,
  openNote,
  parseSignerKey,
  parseVerifierKey,
  splitNote,
} from '../../../services/ledger/format/note.ts'
import { signCheckpoint } from '../../../services/ledger/format/signed-checkpoint.ts'
import { judgeAnswer } from '../../../services/ledger/format/witness-protocol.ts'
import { makeSmallLog } from '../../support/small-log.ts'
import { makeWitness, type OwnWitness, type WitnessProcess } from '../../support/witness.ts'

interface Answer {
  readonly status: number
  readonly type: string | null
  readonly text: string
}

async function post(witness: WitnessProcess, body: string | Uint8Array): Promise<Answer> {
  const response = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body: body as string })
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

async function untilTrue(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 180_000
  while (!isTrue() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
}

function counted(witness: OwnWitness, lines: string, note: string): number {
  const keys = witness.verifierKeys.map(parseVerifierKey)
  return judgeAnswer(lines, splitNote(note).text, keys, Date.now() / 1000).cosignatures.length
}

const stateFolder = (witness: OwnWitness, origin: string) =>
  join(witness.folder, 'logs', sha256(origin).toString('hex'))

t.test('it cosigns a log that grows, with both keys, and shows the checkpoint to monitors', async (t) => {
  const log = makeSmallLog()
  const witness = await makeWitness(t, log.verifierKey)
  const running = await witness.start()
  const monitored = () => fetch(`${running.url}/${sha256(log.origin).toString('hex')}/checkpoint`)
  t.equal((await monitored()).status, 404, 'nothing was cosigned yet')
  let oldSize = 0
  for (const size of [0, 1, 1, 4, 7, 8, 64]) {
    const answer = await post(running, log.request(oldSize, size))
    t.match(answer, { status: 200 }, `from ${oldSize} to ${size}`)
    t.equal(counted(witness, answer.text, log.note(size)), 2)
    oldSize = size
  }
  const shown = await (await monitored()).text()
  const keys = [log.verifierKey, ...witness.verifierKeys].map(parseVerifierKey)
  t.equal(openNote(shown, keys).verified.length, 3, "the log's signature and both of the witness")
  t.equal((await fetch(`${running.url}/${'0'.repeat(64)}/checkpoint`)).status, 404)
})

t.test('every refusal has the status of the specification, and changes nothing', async (t) => {
  const log = makeSmallLog()
  const fork = log.fork(5)
  const witness = await makeWitness(t, log.verifierKey)
  const running = await witness.start()
  t.match(await post(running, log.request(0, 8)), { status: 200 })
  const other = makeSmallLog('ledger.test/other')
  const impostor = makeSmallLog(log.origin)
  const good = log.request(8, 12)
  const hash = Buffer.alloc(32, 1)
  const badSignature = log
    .note(12)
    .replace(/.{8}\n$/, (end) => (end.startsWith('AAAA') ? `BBBB${end.slice(4)}` : `AAAA${end.slice(4)}`))
  const cases: Record<string, [string, number]> = {
    'an unknown origin': [other.request(0, 8), 404],
    'a checkpoint signed by another key under the same name': [impostor.request(8, 12), 403],
    'a signature that was changed': [log.request(8, 12, { note: badSignature }), 403],
    'an old size beyond the new': [good.replace('old 8', 'old 13'), 400],
    'no request at all': ['hello\n', 400],
    'a cut request': [good.slice(0, -20), 400],
    'an old size that is not ours, smaller': [log.request(7, 12), 409],
    'an old size that is not ours, larger': [log.request(10, 12), 409],
    'old size zero again': [log.request(0, 12), 409],
    'rollback to a smaller size': [log.request(3, 7), 409],
    'another tree of a larger size': [fork.request(8, 12), 422],
    'another tree of the same size': [log.request(8, 8, { note: fork.note(8) }), 422],
    'a proof for equal sizes': [log.request(8, 8, { proof: [hash] }), 422],
    'a proof with a hash too many': [good.replace('\n\n', `\n${hash.toString('base64')}\n\n`), 422],
    'no proof where one is needed': [log.request(8, 12, { proof: [] }), 422],
  }
  for (const [name, [body, status]] of Object.entries(cases)) {
    const answer = await post(running, body)
    t.equal(answer.status, status, name)
    if (status !== 409) continue
    t.match(answer, { type: 'text/x.tlog.size', text: '8\n' }, name)
  }
  t.equal((await post(running, Buffer.alloc(200_000, 'a'))).status, 413, 'a body that is too long')
  t.equal((await fetch(`${running.url}/add-checkpoint`)).status, 405)
  t.equal((await fetch(`${running.url}/`)).status, 404)
  t.match(await post(running, good), { status: 200 }, 'the honest request is still taken')
  const folder = join(witness.folder, 'refused')
  // A file that is just being written has another ending.
  const keptFiles = () => readdirSync(folder).filter((name) => name.endsWith('.txt'))
  const kept = (count: number) => untilTrue(() => keptFiles().length >= count)
  // Two trees of the fork, and one sound checkpoint that came with wrong proofs; a file may be written after the answer.
  const before = 3
  await kept(before)
  t.equal(keptFiles().length, before, 'what the log should not have signed is kept')

  // What anybody can send, as often as he likes, leaves room for what the log alone can have signed.
  for (let n = 0; n < 5; n += 1) {
    const proof = [Buffer.alloc(32, n)]
    t.equal((await post(running, log.request(12, 12, { proof }))).status, 422)
    t.equal((await post(running, log.request(12, 16, { proof }))).status, 422)
  }
  t.equal((await post(running, log.request(12, 17, { proof: [hash] }))).status, 422)
  await kept(before + 2)
  t.equal(keptFiles().length, before + 2, 'a sound checkpoint with wrong proofs is kept once, the cosigned one never')
  for (let n = 0; n < 200; n += 1) writeFileSync(join(folder, `${n}.txt`), '')
  t.equal((await post(running, log.request(12, 12, { note: fork.note(12) }))).status, 422)
  await kept(before + 203)
  t.equal(keptFiles().filter((name) => name.startsWith('same-size-')).length, 2, 'the other trees of 8 and 12')

  const fresh = await makeWitness(t, log.verifierKey)
  const second = await fresh.start()
  const fromNothing = log.request(0, 4, { proof: [hash] })
  t.equal((await post(second, fromNothing)).status, 422, 'a proof with old size zero')
})

t.test('one byte flipped anywhere in a request: it is not cosigned', async (t) => {
  const log = makeSmallLog()
  const witness = await makeWitness(t, log.verifierKey)
  const running = await witness.start()
  t.match(await post(running, log.request(0, 3)), { status: 200 })
  const good = Buffer.from(log.request(3, 11))
  for (let at = 0; at < good.length; at += 3) {
    const flipped = Buffer.from(good)
    flipped[at]! ^= 1
    const { status } = await post(running, flipped)
    t.not(status, 200, `byte ${at}`)
  }
  t.match(await post(running, good), { status: 200 })
})

t.test('killed at any moment it never answers for what it does not remember', async (t) => {
  const log = makeSmallLog()
  const fork = log.fork(0)
  const witness = await makeWitness(t, log.verifierKey)
  const first = await witness.start()
  t.match(await post(first, log.request(0, 1)), { status: 200 })
  await first.kill()
  let cosigned = 1
  for (let round = 0; round < 5; round += 1) {
    const running = await witness.start()
    const last = await post(running, fork.request(0, 1))
    t.equal(last.status, 409, 'the other history is not taken')
    const known = Number(last.text)
    t.ok(known >= cosigned, `round ${round}: ${known} of ${cosigned} that were answered`)
    cosigned = known
    // Request after request until the kill comes between two of them, or within one.
    const killed = new Promise((resolve) => setTimeout(() => resolve(running.kill()), 5 + round * 7))
    for (let size = cosigned + 1; size <= 64; size += 1) {
      const answer = await post(running, log.request(cosigned, size)).catch(() => null)
      if (answer?.status !== 200) break
      cosigned = size
    }
    await killed
  }
})

t.test('two processes and many requests at once: one history, each size given once', async (t) => {
  const log = makeSmallLog()
  const fork = log.fork(0)
  const witness = await makeWitness(t, log.verifierKey)
  const processes = [await witness.start(), await witness.start()]
  const asked = [log, fork, log, fork, log, fork].flatMap((one, at) => [
    post(processes[at % 2]!, one.request(0, 9)).then((answer) => ({ one, status: answer.status })),
    post(processes[(at + 1) % 2]!, one.request(0, 9)).then((answer) => ({ one, status: answer.status })),
  ])
  const answers = await Promise.all(asked)
  const won = answers.filter(({ status }) => status === 200)
  t.equal(won.length, 1, 'from size zero there is one step')
  t.same([...new Set(answers.map(({ status }) => status))].sort(), [200, 409])
  const [{ one }] = won as [(typeof won)[0]]
  const lost = one === log ? fork : log
  for (const process of processes) t.equal((await post(process, lost.request(9, 9))).status, 422)
  for (const process of processes) t.equal((await post(process, one.request(9, 9))).status, 200)
})

t.test('a state that is gone, damaged or of another log stops it, and says so', async (t) => {
  const log = makeSmallLog()
  const witness = await makeWitness(t, log.verifierKey)
  const running = await witness.start()
  t.match(await post(running, log.request(0, 5)), { status: 200 })
  const folder = stateFolder(witness, log.origin)
  const newest = join(folder, readdirSync(folder).sort().at(-1)!)
  const text = readFileSync(newest, 'utf8')
  for (const damaged of ['', text.slice(0, 30), text.replace(log.origin, 'ledger.test/else'), 'null']) {
    writeFileSync(newest, damaged)
    t.equal((await post(running, log.request(5, 6))).status, 500)
    t.match(await witness.command('run'), { code: 2, err: /is damaged: nothing is cosigned/ })
  }
  rmSync(folder, { recursive: true })
  t.equal((await post(running, log.request(0, 6))).status, 500, 'an empty folder is not a new beginning')
  t.match(await witness.command('show'), { code: 2, err: /is gone: nothing is cosigned/ })
  const again = await witness.command('init', '--name', witness.name, '--log', log.verifierKey)
  t.match(again, { code: 2, err: /is gone/ }, 'making it again does not help')
})

t.test('init: keys only for their owner, never anew; another key of a known log only on purpose', async (t) => {
  const log = makeSmallLog()
  const witness = await makeWitness(t, log.verifierKey)
  for (const name of readdirSync(witness.folder).filter((one) => /key|json/.test(one))) {
    t.equal(statSync(join(witness.folder, name)).mode & 0o777, 0o600, name)
  }
  const again = await witness.command('init', '--name', witness.name, '--log', log.verifierKey)
  t.equal(again.code, 0)
  for (const key of witness.verifierKeys) t.ok(again.out.includes(key), 'the keys stay')
  const another = generateSignerKey(log.origin).verifierKey
  t.match(await witness.command('init', '--name', witness.name, '--log', another), { code: 2, err: /other keys/ })
  const rotated = await witness.command('init', '--name', witness.name, '--log', another, '--from', '9')
  t.match(rotated, { code: 0, out: /自第 9 条起/ })
  t.match(await witness.command('init', '--name', witness.name, '--log', another, '--from', '9'), { code: 2 })
  t.equal((await witness.command('init', '--name', witness.name, '--log', another)).code, 0, 'known by now')
  t.match(await witness.command('init', '--name', 'else.test/w', '--log', another), { code: 2 })
  const second = await witness.command(
    'init',
    '--name',
    witness.name,
    '--log',
    generateSignerKey('ledger.test/2').verifierKey,
  )
  t.match(second, { code: 0, out: /ledger\.test\/2/ }, 'a second log is added')
  t.match(await witness.command('init', '--name', witness.name, '--log', 'nonsense'), { code: 2 })
})

t.test(
  'a log with two keys is cosigned when both signed; after a rotation, when the keys of that size did',
  async (t) => {
    const log = makeSmallLog()
    const mlDsa = generateSignerKey(log.origin, signatureTypes.cosignatureMlDsa44)
    const later = generateSignerKey(log.origin)
    const witness = await makeWitness(t, `${log.verifierKey} ${mlDsa.verifierKey}`)
    const both = (size: number) => {
      const { text, signatures } = splitNote(log.note(size))
      const signer = parseSignerKey(mlDsa.signerKey)
      return joinNote(text, [...signatures, { ...signer, signature: cosign(signer, text, 1_790_000_000) }])
    }
    const running = await witness.start()
    t.match(await post(running, log.request(0, 3)), { status: 403 }, 'only Ed25519')
    const mlDsaAlone = joinNote(splitNote(both(3)).text, splitNote(both(3)).signatures.slice(1))
    t.match(await post(running, log.request(0, 3, { note: mlDsaAlone })), { status: 403 }, 'only ML-DSA-44')
    t.match(await post(running, log.request(0, 3, { note: both(3) })), { status: 200 })
    await running.stop()
    const changed = await witness.command('init', '--name', witness.name, '--from', '5', '--log', later.verifierKey)
    t.equal(changed.code, 0, changed.err)
    const again = await witness.start()
    const newKey = (size: number) =>
      signCheckpoint({ origin: log.origin, size, root: log.root(size) }, parseSignerKey(later.signerKey))
    t.match(await post(again, log.request(3, 4, { note: newKey(4) })), { status: 403 }, 'the new key too early')
    t.match(await post(again, log.request(3, 4, { note: both(4) })), { status: 200 })
    t.match(await post(again, log.request(4, 6, { note: both(6) })), { status: 403 }, 'the earlier keys too late')
    t.match(await post(again, log.request(4, 6, { note: newKey(6) })), { status: 200 })
  },
)

t.test('courier: a file is cosigned without a network, by the same state', async (t) => {
  const log = makeSmallLog()
  const fork = log.fork(2)
  const witness = await makeWitness(t, log.verifierKey)
  const file = join(witness.folder, 'request.txt')
  const sign = (body: string, out: string) => {
    writeFileSync(file, body)
    return witness.command('sign', file, '--out', join(witness.folder, out))
  }
  t.match(await sign(log.request(0, 5), 'a'), { code: 0, out: /已见证 cosigned: ledger\.test\/small/ })
  const keys = [log.verifierKey, ...witness.verifierKeys].map(parseVerifierKey)
  const signed = readFileSync(join(witness.folder, 'a'), 'utf8')
  t.equal(openNote(signed, keys).verified.length, 3)
  t.match(await sign(log.request(0, 5), 'b'), { code: 0, out: /此前已见证/ }, 'the same file twice is fine')
  t.equal(readFileSync(join(witness.folder, 'b'), 'utf8'), signed)
  t.match(await sign(log.request(0, 5), 'b'), { code: 2, err: /cannot be written/ })
  t.match(await sign(log.request(5, 9), 'c'), { code: 0 })
  t.match(await sign(log.request(0, 5), 'd'), { code: 2, err: /an old file/ })
  t.match(await sign(log.request(5, 12), 'd'), { code: 2, err: /stands at 9/ })
  t.match(await sign(fork.request(9, 12), 'd'), { code: 1, err: /does not continue/ })
  t.match(await sign(fork.request(5, 9), 'd'), { code: 1, err: /two histories/ })
  t.match(await sign(makeSmallLog('ledger.test/x').request(0, 3), 'd'), { code: 2, err: /does not know this log/ })
  t.match(await sign(makeSmallLog(log.origin).request(9, 12), 'd'), {
    code: 2,
    err: /not signed by every key of its log/,
  })
  t.match(await sign(log.request(9, 12).slice(0, 60), 'd'), { code: 2, err: /cut on the way/ })
  t.match(await witness.command('show'), { code: 0, out: /事件数 events: 9/ })
})
