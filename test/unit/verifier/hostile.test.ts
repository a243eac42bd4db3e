import { join } from 'node:path'
import t from 'tap'
import { verifySource } from '../../../services/verifier/open-source.ts'
import type { BytesSource } from '../../../services/verifier/source.ts'
import { openFolder } from '../../../services/verifier/source-folder.ts'
import { openZip } from '../../../services/verifier/source-zip.ts'
import { parseTrust } from '../../../services/verifier/trust.ts'
import { verifyPackage } from '../../../services/verifier/verify-package.ts'
import { inFull } from '../../support/in-full.ts'
import { randomNumbers } from '../../support/mutate-package.ts'
import { memorySource } from '../../support/package/memory-source.ts'
import { flip } from '../../support/package/mutation.ts'
import { entriesOf } from '../../support/package/mutations-container.ts'
import { signedBy } from '../../support/package/sample-log.ts'
import { wrongTrustFiles } from '../../support/package/wrong-trust.ts'
import { writeZip } from '../../support/package/zip-writer.ts'
import { type Files, keySets, mendManifests, sampleParts } from '../../support/sample-package.ts'

t.setTimeout(480_000)

const parts = sampleParts({ seed: 'hostile' })
const trust = parseTrust(JSON.stringify(parts.trust))
const zip = writeZip(entriesOf(parts.files))
/** Packages, and as many zip files, each changed in another way. */
const count = inFull ? 80 : 25

t.test('whatever bytes a file has, the answer is a report and never an error', async (t) => {
  for (let n = 0; n < count; n++) {
    const below = randomNumbers(`bytes ${n}`)
    const files: Files = new Map(parts.files)
    for (let changes = 1 + below(3); changes > 0; changes--) {
      const path = [...files.keys()][below(files.size)]!
      files.set(path, changed(files.get(path)!, below))
    }
    const isMended = below(2) === 0
    if (isMended) mendManifests(files)
    const report = await verifyPackage(memorySource(files), trust)
    if (report.accepted !== (report.codes.length === 0)) t.fail(`run ${n}: accepted with ${report.codes}`)
    if (report.accepted) {
      const touched = [...files].filter(([path, bytes]) => !parts.files.get(path)?.equals(bytes)).map(([path]) => path)
      const free = /^((tag)?manifest-sha256\.txt$|.*\.tsr$)/
      t.same(
        touched.filter((path) => !free.test(path)),
        [],
        `run ${n}: accepted`,
      )
    }
  }
})

t.test('whatever bytes a zip file has, it is refused or holds what it held', async (t) => {
  let refused = 0
  for (let n = 0; n < count; n++) {
    const below = randomNumbers(`zip ${n}`)
    const bytes = changed(zip, below)
    const report = await verifySource(() => openZip(bytesOf(bytes)), trust)
    if (!report.accepted) {
      refused += 1
      continue
    }
    const source = await openZip(bytesOf(bytes))
    for (const path of source.paths) {
      const chunks: Uint8Array[] = []
      for await (const chunk of source.read(path)) chunks.push(chunk)
      if (!parts.files.get(path)?.equals(Buffer.concat(chunks))) t.fail(`run ${n}: ${path} is another`)
    }
  }
  t.ok(refused > count / 2, `${refused} of ${count} were refused`)
})

t.test('a zip bomb is refused by what its entry says, in the memory of a few chunks', async (t) => {
  const zeros = Buffer.alloc(300_000_000)
  const entry = { name: 'package/data/report/bomb', data: zeros, size: 1000 }
  const bomb = writeZip([...entriesOf(parts.files), entry])
  t.ok(bomb.length < 2_000_000)
  const report = await verifySource(() => openZip(bytesOf(bomb)), trust)
  t.same(report.codes, ['container_malformed'])
  t.ok(report.checked.bytes < 10_000_000, 'it stopped early')
})

t.test('a folder is there for its files: an empty one would say what anybody likes', async (t) => {
  const directory = t.testdir({ data: { 'he-was-not-there': {}, report: { 'report.html': '' } } })
  await t.rejects(openFolder(directory), { message: /data\/he-was-not-there is a folder without a file/ })
  await t.resolves(openFolder(join(directory, 'data', 'report')))
})

t.test('keys in the package count for nothing', async (t) => {
  const { signers, log, size } = parts
  const files: Files = new Map(parts.files)
  const own = { ...parts.trust, logKeys: keySets({ ...signers, log: [signers.falseLog] }) }
  files.set('data/ledger/checkpoint', Buffer.from(signedBy(log.textAt(size), [signers.falseLog, ...signers.witnesses])))
  for (const path of ['data/trust.json', 'data/verifier/trust.json', 'trust.json']) {
    files.set(path, Buffer.from(JSON.stringify(own)))
  }
  mendManifests(files)
  const report = await verifyPackage(memorySource(files), trust)
  t.equal(report.fault, 'checkpoint_signature')
  t.ok(report.codes.includes('file_added'))
  const trusting = parseTrust(JSON.stringify(own))
  t.not(
    (await verifyPackage(memorySource(files), trusting)).fault,
    'checkpoint_signature',
    'they are what it is signed with',
  )
})

t.test('each file is read once, footage in constant memory', async (t) => {
  const files: Files = new Map(parts.files)
  const source = memorySource(files)
  t.equal((await verifyPackage(source, trust)).accepted, true)
  const often = [...source.reads].filter(([path, reads]) => reads !== 1 && !path.startsWith('data/ledger/tile/'))
  t.same(often, [])
  t.equal(source.reads.size, files.size)

  const before = process.memoryUsage().rss
  let peak = 0
  const path = `data/originals/${parts.recordings[0]!.id}/original.mp4`
  const chunk = Buffer.alloc(1 << 20)
  const large = {
    ...memorySource(files),
    read: (one: string) => (one === path ? film() : memorySource(files).read(one)),
  }
  async function* film() {
    for (let megabytes = 0; megabytes < 400; megabytes++) {
      yield chunk
      peak = Math.max(peak, process.memoryUsage().rss)
    }
  }
  const report = await verifyPackage(large, trust)
  t.equal(report.fault, 'media_differs')
  t.ok(peak - before < 150_000_000, `${Math.round((peak - before) / 1e6)} MB more for a film of 400 MB`)
})

t.test('a trust file that is none is no verdict', async (t) => {
  for (const [what, text] of Object.entries(wrongTrustFiles(parts))) {
    t.throws(() => parseTrust(text), { code: 'bad_config' }, what)
  }
  t.throws(() => parseTrust(wrongTrustFiles(parts)['format v1']!), { message: /reads "trust\/v2".*custody keys show/ })
})

/** A few bits flipped, a piece cut out, or a piece doubled. */
function changed(bytes: Buffer, below: (limit: number) => number): Buffer {
  const at = below(bytes.length)
  const length = 1 + below(40)
  const kind = below(5)
  if (kind === 0) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
  if (kind === 1) return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)])
  if (kind === 2) return bytes.subarray(0, at)
  return bytes.length === 0 ? bytes : flip(bytes, at, below(8))
}

function bytesOf(bytes: Buffer): BytesSource {
  return { bytes: bytes.length, readAt: async (offset, length) => bytes.subarray(offset, offset + length) }
}
