import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Right, Sounding } from '../../field/case.ts'
import { fieldCases } from '../../field/cases.ts'
import { makeFieldInputs } from '../../field/make-inputs.ts'
import { heardIn, packetsOf, sizeSeen, sniffFile } from './seen-and-heard.ts'

// Every field input is what its row says: otherwise a right answer of the product would prove nothing.

const bytesMax = 2_000_000
/** Coders begin before the first sample, and packets of sound end where they end. */
const toleranceMs = 150

t.setTimeout(480_000)
const folder = t.testdir()
await makeFieldInputs(folder)

t.test('no two inputs have the same name, and each has a sentence', async (t) => {
  t.equal(new Set(fieldCases.map(({ file }) => file)).size, fieldCases.length)
  for (const { file, situation } of fieldCases) t.match(situation, /^[A-Z].*\.$/, file)
})

for (const { id, file, right } of fieldCases) {
  t.test(`${id} ${file}`, async (t) => {
    const path = join(folder, file)
    const { size } = await stat(path)
    t.ok(size > 0 && size < bytesMax, `${size} bytes`)
    if (right.kind === 'not_playable') return checkRefused(t, path, right.reason)
    if (right.kind === 'still') return checkStill(t, path, right.picture)
    await checkFilm(t, path, right)
  })
}

async function checkFilm(t: Test, path: string, right: Extract<Right, { lengthMs: number }>): Promise<void> {
  const input = { path, isTrimmed: right.differences.includes('trimmed_by_camera') }
  const packets = await packetsOf(input)
  const { streams, lengthMs } = packets
  t.ok(Math.abs(lengthMs - right.lengthMs) <= toleranceMs, `${Math.round(lengthMs)} ms long, not ${right.lengthMs}`)
  const pictures = streams.filter(({ codec_type }) => codec_type === 'video').length
  const expected = right.kind === 'video' ? [right.picture, ...(right.furtherPictures ?? [])] : []
  t.equal(pictures, expected.length, 'as many pictures as are named')
  const [heard, ...sizes] = await Promise.all([
    heardIn(input, packets),
    ...expected.map((_, number) => sizeSeen(input, number)),
  ])
  const sorted = (list: readonly object[]) => list.map((one) => JSON.stringify(one)).sort()
  t.same(sorted(sizes), sorted(expected))
  t.same(unlike(heard, right.sound), [], 'heard where the row says')
}

/** What is heard and not expected, and what is expected and not heard. */
function unlike(heard: readonly Sounding[], expected: readonly Sounding[]): Sounding[] {
  const has = (list: readonly Sounding[], { track, channel, fromMs, toMs }: Sounding): boolean =>
    list.some(
      (one) =>
        one.track === track &&
        one.channel === channel &&
        Math.abs(one.fromMs - fromMs) <= toleranceMs &&
        Math.abs(one.toMs - toMs) <= toleranceMs,
    )
  return [...heard.filter((one) => !has(expected, one)), ...expected.filter((one) => !has(heard, one))]
}

async function checkStill(t: Test, path: string, picture: { width: number; height: number }): Promise<void> {
  const sniffed = await sniffFile(path)
  // The samples of HEIC and AVIF are decoded in readable-formats.test.ts.
  if (sniffed.format === 'heif') return
  t.match(sniffed, { media: 'still' })
  t.same(await sizeSeen({ path, isTrimmed: false }, 0), picture)
}

async function checkRefused(t: Test, path: string, reason: string): Promise<void> {
  const sniffed = await sniffFile(path)
  if (sniffed.format === null) t.equal(sniffed.kind, reason)
  else if (reason === 'undecodable') await t.rejects(packetsOf({ path, isTrimmed: false }), 'ffprobe cannot read it')
  else {
    const bytes = await readFile(path)
    t.ok(reason === 'encrypted' && bytes.includes('encv') && bytes.includes('enca'), 'its samples are encrypted')
  }
}
