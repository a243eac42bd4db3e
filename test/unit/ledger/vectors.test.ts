import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import t from 'tap'
import { verifyCosignature } from '../../../services/ledger/format/cosignature.ts'
import { parseVerifierKey } from '../../../services/ledger/format/keys.ts'
import { logKeysOf } from '../../../services/ledger/format/log-keys.ts'
import { checkSignedCheckpoint } from '../../../services/ledger/verify/checkpoint.ts'
import { goRun, sayLeftOut } from '../../support/tools.ts'
import { makeVectors, vectorsOfPage, vectorsPage } from '../../support/vectors.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../..', vectorsPage), 'utf8')

t.test("every vector of the formats' page is what our code makes of its inputs", async (t) => {
  const vectors = vectorsOfPage(page)
  const mlDsa = vectors?.cosignatures[1]
  if (!vectors || !mlDsa) return t.fail(`${vectorsPage} has no vectors: node test/support/make-vectors.ts`)
  const given = { cosignature: mlDsa.signature, logLine: vectors.rotation.mlDsaLine }
  t.strictSame(vectors, JSON.parse(JSON.stringify(makeVectors(given))))
})

t.test('both cosignatures of the page verify, and not after a flipped bit', async (t) => {
  const { checkpoint, cosignatures } = vectorsOfPage(page)!
  t.equal(cosignatures.length, 2)
  for (const { verifierKey, signature, seconds } of cosignatures) {
    const key = parseVerifierKey(verifierKey)
    const bytes = Buffer.from(signature, 'base64')
    t.equal(verifyCosignature(key, checkpoint.text, bytes), seconds)
    for (const place of [7, 8, bytes.length - 1]) {
      const flipped = Buffer.from(bytes)
      flipped[place]! ^= 1
      t.equal(verifyCosignature(key, checkpoint.text, flipped), null, `byte ${place}`)
    }
  }
})

t.test('a checkpoint is signed by every key of its set, or not at all', async (t) => {
  const { keySets, checkpoints, mlDsaLine } = vectorsOfPage(page)!.rotation
  const log = logKeysOf(keySets.map(({ from, keys }) => ({ from, keys: keys.map(parseVerifierKey) })))
  for (const { what, signed, note } of checkpoints) {
    const opened = checkSignedCheckpoint(note.replace('<mlDsaLine>', mlDsaLine), log)
    t.equal('checkpoint' in opened, signed, what)
    if ('fault' in opened) t.equal(opened.fault.code, 'checkpoint_signature', what)
  }
})

t.test('the verifier in Go reads the same vectors from the page', async (t) => {
  const ran = await goRun('verifier-go', ['test', '-count=1', './...'])
  if ('leftOut' in ran) return sayLeftOut(t, 'go test of test/verifier-go', ran.leftOut)
  t.equal(ran.code, 0, ran.output)
})
