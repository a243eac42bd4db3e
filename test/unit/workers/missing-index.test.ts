import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { missingIndexOf } from '../../../workers/transcode/missing-index.ts'

const folder = t.testdir()

function box(type: string, content = Buffer.alloc(100), statedBytes = content.length + 8): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(statedBytes)
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, content])
}

/** With its length in 64 bits. */
function longBox(type: string, statedBytes: number): Buffer {
  const header = Buffer.alloc(16)
  header.writeUInt32BE(1)
  header.write(type, 4, 'latin1')
  header.writeBigUInt64BE(BigInt(statedBytes), 8)
  return Buffer.concat([header, Buffer.alloc(100)])
}

const ftyp = box('ftyp', Buffer.from('isom\0\0\x02\0isomiso2'))
const media = Buffer.alloc(1000, 0xa5)

const cases: readonly (readonly [situation: string, bytes: Buffer, is: Awaited<ReturnType<typeof missingIndexOf>>])[] =
  [
    ['an index, whatever else is wrong', Buffer.concat([ftyp, box('moov'), box('mdat', media)]), null],
    ['an index at the end', Buffer.concat([ftyp, box('mdat', media), box('moov')]), null],
    [
      'media to the last byte, and no index',
      Buffer.concat([ftyp, box('free'), box('mdat', media)]),
      'index_never_written',
    ],
    ['media whose length was to be written last', Buffer.concat([ftyp, box('mdat', media, 0)]), 'index_never_written'],
    ['media that still says that it is empty', Buffer.concat([ftyp, box('mdat', media, 8)]), 'index_never_written'],
    ['media that says to be longer than the file', Buffer.concat([ftyp, box('mdat', media, 5000)]), 'index_cut_off'],
    ['the same with a long length', Buffer.concat([ftyp, longBox('mdat', 6_000_000_000)]), 'index_cut_off'],
    ['an index that is cut', Buffer.concat([ftyp, box('mdat', media), box('moov', media, 5000)]), 'index_cut_off'],
    ['noise behind the first box', Buffer.concat([ftyp, media]), null],
    ['a head alone', ftyp, null],
    ['nothing', Buffer.alloc(0), null],
  ]

for (const [at, [situation, bytes, is]] of cases.entries()) {
  t.test(situation, async (t) => {
    const path = join(folder, `${at}.mp4`)
    await writeFile(path, bytes)
    t.equal(await missingIndexOf(path), is)
  })
}
