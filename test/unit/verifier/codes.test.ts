import { readFileSync } from 'node:fs'
import t from 'tap'
import { type Code, codes, codesInOrder } from '../../../services/verifier/codes.ts'
import { verifySource } from '../../../services/verifier/open-source.ts'
import { reportLines } from '../../../services/verifier/report-text.ts'
import { describeReport } from '../../../services/verifier/report-words.ts'
import type { BytesSource } from '../../../services/verifier/source.ts'
import { openZip } from '../../../services/verifier/source-zip.ts'
import { parseTrust } from '../../../services/verifier/trust.ts'
import type { PackageReport } from '../../../services/verifier/verify-package.ts'
import { mutate, mutations, randomNumbers } from '../../support/mutate-package.ts'
import { memorySource } from '../../support/package/memory-source.ts'
import { sampleAuthority } from '../../support/package/sample-timestamp.ts'
import { sampleParts } from '../../support/sample-package.ts'

t.setTimeout(480_000)

const seed = 'codes'
const authority = sampleAuthority()
const strangerAuthority = sampleAuthority()
t.teardown(() => {
  authority.close()
  strangerAuthority.close()
})
const parts = sampleParts({ seed, authority })
const base = { parts, authority, strangerAuthority, seed }
const trust = parseTrust(JSON.stringify(parts.trust))

t.test('the codes are those of the page, in its order', async (t) => {
  const page = readFileSync('services/ledger/DESIGN.md', 'utf8')
  const rows = [...page.matchAll(/^\| \d +\| (`.*?`) +\|/gm)].map(([, cell]) => cell!)
  const named = rows.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, code]) => code))
  t.same(codesInOrder, named)
})

t.test('each code is reached by a mutation, and what is said of it is said of no other', async (t) => {
  for (const code of codesInOrder) {
    const report = await verifyMutation(mutations.find(({ expect }) => expect === code)?.name ?? code)
    t.equal(report.fault, code)
    t.equal(report.findings[0]?.code, code, 'the main fault is told first')
  }
  for (const part of ['what', 'means'] as const) {
    for (const language of ['zh', 'en'] as const) {
      t.equal(new Set(codesInOrder.map((code) => codes[code][part][language])).size, codesInOrder.length)
    }
  }
})

/** The faults that must be told apart, each by one mutation. */
const toldApart: Record<string, { mutation: string; code: Code }> = {
  'media byte': { mutation: 'flip original, mended', code: 'media_differs' },
  digest: { mutation: 'manifest says otherwise of a medium', code: 'manifest_differs' },
  'event body': { mutation: 'change body', code: 'body_differs' },
  salt: { mutation: 'change salt', code: 'salt_differs' },
  leaf: { mutation: 'entries: one changed', code: 'leaf_differs' },
  proof: { mutation: 'proof without a hash', code: 'proof_differs' },
  checkpoint: { mutation: 'checkpoint with a wrong signature of the log', code: 'checkpoint_signature' },
  cosignature: { mutation: 'checkpoint with a wrong cosignature', code: 'cosignature_invalid' },
  'time-stamp': { mutation: 'time-stamp with a wrong signature', code: 'timestamp_signature' },
  'missing event in the middle': { mutation: 'drop an event in the middle', code: 'event_missing' },
  'missing event at the end': { mutation: 'drop the last event', code: 'last_event_missing' },
  'second secret for one case': { mutation: 'subjects: a second secret for the case', code: 'subject_twice' },
  'rendition not of this original': {
    mutation: 'log with a rendition of another original',
    code: 'rendition_other_original',
  },
  'added file': { mutation: 'add file', code: 'file_added' },
}

t.test('different faults give different messages, in both languages', async (t) => {
  const said = { zh: new Set<string>(), en: new Set<string>() }
  for (const [fault, { mutation, code }] of Object.entries(toldApart)) {
    const report = await verifyMutation(mutation)
    t.equal(report.fault, code, fault)
    for (const language of ['zh', 'en'] as const) {
      const checking = { checkedAt: new Date(0), program: 'p', trustSha256: 's', packageName: 'n' }
      const described = describeReport(report, checking, language)
      const lines = reportLines(described, language).join('\n')
      t.ok(lines.includes(described.faults[0]!.what) && lines.includes(described.faults[0]!.means))
      t.ok(described.faults[0]!.places.length > 0, `${fault}: says where`)
      said[language].add(described.result)
    }
  }
  for (const language of ['zh', 'en'] as const) t.equal(said[language].size, Object.keys(toldApart).length)
})

/** Verifies the sample after one mutation, in memory. */
async function verifyMutation(name: string): Promise<PackageReport> {
  const mutation = mutations.find((one) => one.name === name)
  if (!mutation) throw new Error(`there is no mutation ${name}`)
  const { files, other } = mutate(base, [mutation], randomNumbers(name))
  const { zip } = other ?? {}
  return verifySource(async () => (zip ? openZip(bytesOf(zip)) : memorySource(files)), trust)
}

function bytesOf(zip: Buffer): BytesSource {
  return { bytes: zip.length, readAt: async (offset, length) => zip.subarray(offset, offset + length) }
}
