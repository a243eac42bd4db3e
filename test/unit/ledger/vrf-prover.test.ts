import t from 'tap'
import { vrfGenerateKey, vrfProve } from '../../../services/ledger/format/vrf.ts'
import { openVrfProver } from '../../../services/ledger/log/sequence/vrf-prover.ts'

const key = vrfGenerateKey()

t.test('threads give the proofs that the VRF gives, each to its subject', async (t) => {
  const prover = openVrfProver(key, 2)
  t.teardown(() => prover.close())
  const subjects = Array.from({ length: 20 }, (_, n) => `recording:${n}`)
  const made = await Promise.all(subjects.map((subject) => prover.prove(subject)))
  for (const [place, { subject, secret, proof }] of made.entries()) {
    t.equal(subject, subjects[place])
    t.same({ proof, output: secret }, vrfProve(key, Buffer.from(subject)))
    t.same(prover.proveNow(subject), { subject, secret, proof })
  }
})

t.test('a name that is not ASCII is proven in UTF-8', async (t) => {
  const prover = openVrfProver(key, 1)
  t.teardown(() => prover.close())
  const subject = 'case:综执检〔2026〕0231号'
  t.same((await prover.prove(subject)).secret, vrfProve(key, Buffer.from(subject, 'utf8')).output)
})

t.test(
  'a thread that dies fails what it was asked for, and says why; the next request starts another one',
  async (t) => {
    const prover = openVrfProver(Buffer.alloc(32), 1)
    t.teardown(() => prover.close())
    const cause = { message: /the VRF key is not a scalar/ }
    const asked = ['recording:a', 'recording:b'].map((subject) => prover.prove(subject))
    for (const answer of asked) await t.rejects(answer, { message: /VRF proofs failed/, cause })
    await t.rejects(prover.prove('recording:c'), { message: /VRF proofs failed/, cause })
  },
)

t.test('closing ends what is under way, and nothing begins after it', async (t) => {
  const prover = openVrfProver(key, 1)
  const pending = Array.from({ length: 50 }, (_, n) => prover.prove(`recording:${n}`))
  const outcomes = Promise.allSettled(pending)
  await prover.close()
  t.ok((await outcomes).some(({ status }) => status === 'rejected'))
  await t.rejects(prover.prove('recording:a'), /closed/)
  await prover.close()
})
