import t from 'tap'
import { parseLeafData } from '../../../services/ledger/format/entry.ts'
import { linkTag } from '../../../services/ledger/format/links.ts'
import { vrfGenerateKey, vrfProve } from '../../../services/ledger/format/vrf.ts'
import {
  isOwnSecret,
  type StoredSecret,
  secretMac,
  secretMacKey,
} from '../../../services/ledger/log/sequence/secret-mac.ts'
import { forgetProgress, openSecretSource } from '../../../services/ledger/log/sequence/subject-secrets.ts'
import type { VrfProver } from '../../../services/ledger/log/sequence/vrf-prover.ts'
import type { TestLog } from '../../support/sequencer.ts'
import { countingProver, errorsOf, openLedger, requireSound, storedRow } from './secret-ledger.ts'

t.test('far more subjects than the memory has room for: it stays full, and each subject is proven once', async (t) => {
  const ledger = await openLedger(t)
  const { asked, prover } = countingProver(ledger.log)
  const source = openSecretSource(ledger.log.vrfSecretKey, { rememberedMax: 3, prover })
  const subjects = Array.from({ length: 24 }, (_, n) => `recording:${n}`)
  for (let turn = 0; turn < 3; turn += 1) {
    for (const subject of subjects) await ledger.append(subject, 'device:d')
    await ledger.sequence(source)
    t.equal(source.known.size, 3)
    t.equal(source.numbers.size, 3)
    t.equal(source.proofs.size, 0)
  }
  t.same(
    asked.toSorted(),
    ['device:d', 'device-register:d', ...subjects].toSorted(),
    'afterwards the rows were believed',
  )
  t.same(ledger.warned, [])
  const { rows } = await ledger.world.db
    .selectFrom('link')
    .select(['subject', (e) => e.fn.max('n').as('last'), (e) => e.fn.count<number>('n').as('count')])
    .groupBy('subject')
    .execute()
    .then((all) => ({ rows: all.filter(({ last, count }) => last !== count) }))
  t.same(rows, [], 'numbers without a gap')
  await requireSound(t, ledger)
})

t.test('a burst of new subjects through the real threads is placed in the order of its commits', async (t) => {
  const ledger = await openLedger(t)
  const source = openSecretSource(ledger.log.vrfSecretKey)
  t.teardown(() => source.close())
  const ids: string[] = []
  for (let n = 0; n < 60; n += 1) ids.push(await ledger.append(`recording:${n}`, `upload:${n}`, 'device:d'))
  await ledger.sequence(source)
  const placed = await ledger.world.db.selectFrom('event').select('id').orderBy('leaf_index').execute()
  t.same(
    placed.map(({ id }) => id),
    ids,
  )
  await requireSound(t, ledger)
})

function isProven(log: TestLog, { subject, secret, proof }: StoredSecret): boolean {
  const made = vrfProve(log.vrfSecretKey, Buffer.from(subject))
  return made.output.equals(secret) && made.proof.equals(proof)
}

const changes: Record<string, (rows: readonly [StoredSecret, StoredSecret]) => StoredSecret[]> = {
  'its secret is changed': ([a]) => [{ ...a, secret: Buffer.alloc(64, 9) }],
  'its proof is changed': ([a]) => [{ ...a, proof: Buffer.alloc(80, 9) }],
  'its MAC is changed': ([a]) => [{ ...a, mac: Buffer.alloc(32, 9) }],
  'its secret is changed and its MAC taken away': ([a]) => [{ ...a, secret: Buffer.alloc(64, 9), mac: null }],
  'its secret is cut': ([a]) => [{ ...a, secret: a.secret.subarray(0, 63) }],
  'two rows have each other’s secret, proof and MAC': ([a, b]) => [
    { ...b, subject: a.subject },
    { ...a, subject: b.subject },
  ],
  'secret, proof and MAC are those of another log': ([a]) => {
    const otherKey = vrfGenerateKey()
    const { output, proof } = vrfProve(otherKey, Buffer.from(a.subject))
    const row = { subject: a.subject, secret: output, proof }
    return [{ ...row, mac: secretMac(secretMacKey(otherKey), row) }]
  },
}

for (const [what, change] of Object.entries(changes)) {
  t.test(`a stored secret is not believed when ${what}`, async (t) => {
    const ledger = await openLedger(t)
    const { world, log } = ledger
    const { prover } = countingProver(log)
    const subjects = ['recording:a', 'recording:b']
    await ledger.append(...subjects)
    await ledger.sequence(openSecretSource(log.vrfSecretKey, { prover }))
    const written = [await storedRow(world, subjects[0]!), await storedRow(world, subjects[1]!)] as const
    const changed = change(written)
    for (const { subject, ...row } of changed) {
      await world.asSuperuser((db) =>
        db.updateTable('subject_secret').set(row).where('subject', '=', subject).execute(),
      )
    }
    await ledger.append(...subjects)
    await ledger.sequence(openSecretSource(log.vrfSecretKey, { prover }))
    const leaf = await world.db.selectFrom('leaf').select('data').where('index', '=', 1).executeTakeFirstOrThrow()
    const { links } = parseLeafData(leaf.data)
    for (const subject of subjects) {
      const { output } = vrfProve(log.vrfSecretKey, Buffer.from(subject))
      t.ok(links.includes(linkTag(output, 2).toString('hex')), `the tag of ${subject} is that of the log's key`)
    }
    const changedSubjects = changed.map(({ subject }) => subject)
    t.same(ledger.warned.toSorted(), changedSubjects)
    // Only a MAC is written anew.
    const altered = changed.filter((row) => !isProven(log, row))
    const expected = written.map((row) => altered.find(({ subject }) => subject === row.subject) ?? row)
    t.same([await storedRow(world, subjects[0]!), await storedRow(world, subjects[1]!)], expected)
    t.same(
      await errorsOf(ledger),
      altered.map(({ subject }) => `tree.secret_differs ${subject}`),
      'what was altered is left for fsck to find',
    )
  })
}

t.test('an altered row is warned of once, however often it is read, and never overwritten', async (t) => {
  const ledger = await openLedger(t)
  const { asked, prover } = countingProver(ledger.log)
  await ledger.append('recording:a')
  await ledger.sequence(openSecretSource(ledger.log.vrfSecretKey, { prover }))
  const secret = Buffer.alloc(64, 9)
  await ledger.world.asSuperuser((db) => db.updateTable('subject_secret').set({ secret }).execute())
  const source = openSecretSource(ledger.log.vrfSecretKey, { prover })
  for (let turn = 0; turn < 3; turn += 1) {
    await ledger.append('recording:a')
    await ledger.sequence(source)
    source.known.clear()
  }
  t.equal(asked.length, 4, 'proven each time that it is no longer remembered')
  t.same(ledger.warned, ['recording:a'])
  t.same((await storedRow(ledger.world, 'recording:a')).secret, secret)
  t.same(await errorsOf(ledger), ['tree.secret_differs recording:a'])
})

t.test('a row from before there were MACs is proven once more and given its MAC, without a warning', async (t) => {
  const ledger = await openLedger(t)
  const { asked, prover } = countingProver(ledger.log)
  await ledger.append('recording:a')
  await ledger.sequence(openSecretSource(ledger.log.vrfSecretKey, { prover }))
  await ledger.world.db.updateTable('subject_secret').set({ mac: null }).execute()
  for (let start = 0; start < 2; start += 1) {
    await ledger.append('recording:a')
    await ledger.sequence(openSecretSource(ledger.log.vrfSecretKey, { prover }))
  }
  t.same(asked, ['recording:a', 'recording:a'], 'at first, and when its MAC was missing')
  t.ok(isOwnSecret(secretMacKey(ledger.log.vrfSecretKey), await storedRow(ledger.world, 'recording:a')))
  t.same(ledger.warned, [])
  await requireSound(t, ledger)
})

t.test('threads that never answer delay new subjects, and stop nobody', async (t) => {
  const ledger = await openLedger(t)
  const { prover } = countingProver(ledger.log, () => new Promise(() => undefined))
  const source = openSecretSource(ledger.log.vrfSecretKey, { prover })
  const ids: string[] = []
  for (let n = 0; n < 40; n += 1) ids.push(await ledger.append(`recording:${n}`, 'device:d'))
  const placed = () =>
    ledger.world.db.selectFrom('event').select('id').where('leaf_index', 'is not', null).orderBy('leaf_index').execute()
  const idsFirst = (count: number) => ids.slice(0, count).map((id) => ({ id }))
  await ledger.once(source)
  t.same(
    await placed(),
    idsFirst(15),
    'seventeen proofs: those of fifteen recordings, of the device and of its register',
  )
  await ledger.once(source)
  t.same(await placed(), idsFirst(32), 'in the order of their commits')
  await ledger.sequence(source)
  t.same(await placed(), idsFirst(40))
  await requireSound(t, ledger)
})

const brokenThreads: Record<string, () => Promise<never>> = {
  'that always fail': async () => {
    throw new Error('no proof today')
  },
  'that cannot be started': () => {
    throw new Error('no thread today')
  },
}

for (const [which, prove] of Object.entries(brokenThreads)) {
  t.test(`threads ${which} stop nobody, and are left alone for a while`, async (t) => {
    const ledger = await openLedger(t)
    const { prover } = countingProver(ledger.log)
    let requests = 0
    const broken: VrfProver = {
      ...prover,
      prove: () => {
        requests += 1
        return prove()
      },
    }
    const source = openSecretSource(ledger.log.vrfSecretKey, { prover: broken })
    const ids: string[] = []
    const append = async (count: number) => {
      for (let n = 0; n < count; n += 1) ids.push(await ledger.append(`recording:${ids.length}`))
    }
    await append(40)
    await ledger.sequence(source)
    const requestsOfBurst = requests
    t.ok(requestsOfBurst > 0)
    t.equal(ledger.warnings.length, 1, 'one line for all proofs that failed')
    t.ok(source.threadsRestUntilMs > 0)
    // The test takes as long as it takes: their rest ends when it says so.
    source.threadsRestUntilMs = Number.POSITIVE_INFINITY
    await append(40)
    forgetProgress(source)
    await ledger.sequence(source)
    t.equal(requests, requestsOfBurst, 'nobody asks again so soon')
    source.threadsRestUntilMs = 0
    await append(40)
    await ledger.sequence(source)
    t.ok(requests > requestsOfBurst, 'later they are asked again')
    const placed = await ledger.world.db.selectFrom('event').select('id').orderBy('leaf_index').execute()
    t.same(
      placed.map(({ id }) => id),
      ids,
    )
    await requireSound(t, ledger)
  })
}
