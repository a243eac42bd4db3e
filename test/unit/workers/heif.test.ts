import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { convertHeif, withoutExif } from '../../../workers/transcode/heif.ts'
import { takeInventory } from '../../../workers/transcode/inventory/take-inventory.ts'
import { makeRunDirectory } from '../../../workers/transcode/sandbox.ts'

const run = promisify(execFile)
const signal = new AbortController().signal
const limits = { cpuSeconds: 60, fileBytes: 64 * 1024 * 1024, memoryBytes: 4 * 1024 ** 3 }

async function makeRun(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'custody-heif-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  await makeRunDirectory(directory, limits)
  return directory
}

const samples = new URL('../../field/samples/', import.meta.url)

/** The colours of some places of a picture, by ffmpeg: `red`, `green` or `blue`, whichever is strongest. */
async function coloursAt(path: string, places: readonly (readonly [x: number, y: number])[]): Promise<string[]> {
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', path, ...raw], { encoding: 'buffer' })
  const size = ['-v', 'error', '-show_entries', 'stream=width', '-of', 'csv=p=0', path]
  const width = Number((await run('ffprobe', size)).stdout.trim())
  return places.map(([x, y]) => {
    const [red = 0, green = 0, blue = 0] = stdout.subarray(3 * (y * width + x))
    return red > Math.max(green, blue) ? 'red' : green > blue ? 'green' : 'blue'
  })
}

// Each sample is blue, 320 × 180, with a red corner at the top left and a green one at the bottom right.
const heifSamples: [string, string, readonly (readonly [number, number])[], string[]][] = [
  [
    'photo.heic',
    '320x180',
    [
      [20, 20],
      [300, 160],
      [300, 20],
    ],
    ['red', 'green', 'blue'],
  ],
  [
    'photo.avif',
    '320x180',
    [
      [20, 20],
      [300, 160],
      [300, 20],
    ],
    ['red', 'green', 'blue'],
  ],
  // By its `irot` and by its EXIF block: it must be turned once, not twice.
  [
    'photo-turned.heic',
    '180x320',
    [
      [160, 20],
      [20, 300],
      [20, 20],
    ],
    ['red', 'green', 'blue'],
  ],
]
for (const [name, size, places, colours] of heifSamples) {
  t.test(`${name} becomes an upright JPEG by libheif in the sandbox`, async (t) => {
    const directory = await makeRun()
    await writeFile(join(directory, 'in', 'source'), await readFile(new URL(name, samples)))
    const converted = await convertHeif({ directory, timeoutMs: 60_000, signal })
    if ('reason' in converted) return t.fail(converted.reason)
    const still = { fileName: converted.fileName, format: 'jpeg_pipe', skipBytes: 0 }
    const looked = await takeInventory({ directory, ...still, signal })
    if ('reason' in looked) return t.fail(looked.reason)
    const pictures = looked.inventory.tracks.map(({ picture }) => `${picture?.width}x${picture?.height}`)
    t.equal(pictures.join(), size)
    t.same(await coloursAt(join(directory, 'in', converted.fileName), places), colours)
  })
}

t.test('of several pictures in a HEIC file the main one is taken', async (t) => {
  const directory = await makeRun()
  await writeFile(join(directory, 'in', 'source'), await readFile(new URL('photo-second-is-main.heic', samples)))
  const converted = await convertHeif({ directory, timeoutMs: 60_000, signal })
  if ('reason' in converted) return t.fail(converted.reason)
  // The second picture is yellow all over, where the first is blue.
  const [colour] = await coloursAt(join(directory, 'in', converted.fileName), [[300, 80]])
  t.not(colour, 'blue')
})

t.test('a HEIC file cut short is refused with a reason', async (t) => {
  const directory = await makeRun()
  const whole = await readFile(new URL('photo.heic', samples))
  await writeFile(join(directory, 'in', 'source'), whole.subarray(0, whole.length - 60))
  t.match(await convertHeif({ directory, timeoutMs: 60_000, signal }), {
    why: 'still_not_decodable',
    reason: /^a HEIC or AVIF still that libheif cannot decode: ./,
  })
})

t.test('only the EXIF block is taken out of a JPEG, and what follows its header is not looked at', async (t) => {
  const segment = (marker: number, text: string) =>
    Buffer.concat([Buffer.from([0xff, marker, 0, text.length + 2]), Buffer.from(text, 'latin1')])
  const begin = Buffer.from([0xff, 0xd8])
  const scan = Buffer.concat([segment(0xda, 'scan'), Buffer.from([0xff, 0xe1, 0, 8]), Buffer.from('Exif\0\0')])
  const other = [segment(0xe0, 'JFIF\0'), segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0')]
  const whole = Buffer.concat([begin, other[0]!, segment(0xe1, 'Exif\0\0MM'), other[1]!, scan])
  t.same(withoutExif(whole), Buffer.concat([begin, ...other, scan]))
})
