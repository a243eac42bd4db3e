import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { wavShare } from '../../../../workers/transcode/inventory/wav-share.ts'

const folder = await mkdtemp(join(tmpdir(), 'custody-wav-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))

const soundBytes = 8000
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
/** A header of 44 bytes, and a second of sound. */
function wav(stated: { riff?: number; data?: number; presentBytes?: number }): Buffer {
  const { data = soundBytes, riff = 36 + data, presentBytes = soundBytes } = stated
  const head = [Buffer.from('RIFF'), u32(riff), Buffer.from('WAVEfmt '), u32(16), Buffer.alloc(16)]
  return Buffer.concat([...head, Buffer.from('data'), u32(data), Buffer.alloc(presentBytes, 1)])
}

async function shareOf(bytes: Buffer, skipBytes = 0): Promise<number | null> {
  const path = join(folder, 'pen.wav')
  await writeFile(path, bytes)
  return wavShare(path, skipBytes)
}

t.test('what is there of what the header states', async (t) => {
  t.equal(await shareOf(wav({})), 1)
  t.equal(await shareOf(wav({ data: 16_000 })), 0.5)
  t.equal(await shareOf(wav({ presentBytes: 9000 })), 1, 'remarks may follow the sound')
  t.equal(await shareOf(wav({ data: 3_000_000_000 })), soundBytes / 3_000_000_000, 'of three gigabytes little is left')
  t.equal(await shareOf(Buffer.from('RIFF')), null)
  t.equal(await shareOf(Buffer.concat([Buffer.from('RIFX'), wav({}).subarray(4)])), null)
})

t.test('a length that was not known when the header was written states nothing', async (t) => {
  const unknown = [0, 0x7fff_0000, 0x7fff_f000, 0x7fff_ff00, 0x7fff_ffff, 0x8000_0000, 0xffff_f000, 0xffff_ffff]
  for (const data of unknown) {
    t.equal(await shareOf(wav({ data, riff: 0xffff_ffff })), null, data.toString(16))
    t.equal(
      await shareOf(wav({ data, riff: (data + 36) % 2 ** 32 })),
      null,
      `${data.toString(16)}, and more of the whole`,
    )
  }
})

t.test('one damaged bit of a length claims nothing that the other length contradicts', async (t) => {
  t.equal(await shareOf(wav({ data: soundBytes + 2 ** 30, riff: soundBytes + 36 })), 1)
  t.equal(await shareOf(wav({ riff: soundBytes + 36 + 2 ** 30 })), 1)
})

t.test("a WAV behind a device's own header, and behind a tag", async (t) => {
  const cut = wav({ data: 16_000 })
  t.equal(await shareOf(Buffer.concat([Buffer.alloc(512, 0x77), cut]), 512), 0.5)
  // The size of an ID3 tag is four numbers of seven bits: 300 bytes.
  const tag = Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 2, 44]), Buffer.alloc(300)])
  t.equal(await shareOf(Buffer.concat([tag, cut])), 0.5)
})
