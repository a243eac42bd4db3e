import t from 'tap'
import { endingAt, firstBeyond } from '../../../workers/transcode/preview/look-at-beginning.ts'
import { topBox } from '../../../workers/transcode/preview/top-boxes.ts'
import { inventoryOf, pictureTrack, soundTrack } from './inventories.ts'

function header(bytes: number, type: string, long?: bigint): Buffer {
  const header = Buffer.alloc(16)
  header.writeUInt32BE(bytes, 0)
  header.write(type, 4, 'latin1')
  if (long !== undefined) header.writeBigUInt64BE(long, 8)
  return header
}

t.test('a box of the top level is as long as its header says, and within the file', async (t) => {
  t.same(topBox(header(32, 'ftyp'), 0, 100), { type: 'ftyp', fromByte: 0, toByte: 32 })
  t.same(topBox(header(1, 'mdat', 60n), 32, 100), { type: 'mdat', fromByte: 32, toByte: 92 })
  t.same(topBox(header(0, 'mdat'), 32, 100), { type: 'mdat', fromByte: 32, toByte: 100 }, 'to the end')
  t.same(topBox(header(8, 'free').subarray(0, 8), 92, 100), { type: 'free', fromByte: 92, toByte: 100 })
  t.equal(topBox(header(69, 'moov'), 32, 100), null, 'longer than the file')
  t.equal(topBox(header(1, 'mdat', 2n ** 63n), 32, 100), null)
  t.equal(topBox(header(1, 'mdat', 0n), 32, 100), null, 'a length that leads nowhere')
  t.equal(topBox(header(1, 'mdat').subarray(0, 12), 88, 100), null)
  t.equal(topBox(Buffer.alloc(7), 93, 100), null)
})

t.test('a preview ends before the first packet that was not fetched', async (t) => {
  t.equal(firstBeyond('0.0,0.0,100,0\n0.04,0.04,100,100\n', 200), Number.POSITIVE_INFINITY)
  t.equal(firstBeyond('0.0,0.0,100,0\n0.04,0.04,100,101\n', 200), 0.04, 'its last byte counts')
  t.equal(firstBeyond('5.0,5.0,10,900\n0.08,0.04,10,900\n', 200), 0.04, 'the earliest, by either of its times')
  t.equal(firstBeyond('1.0,N/A,10,N/A\n', 200), 1, 'nobody knows where it lies')
  t.equal(firstBeyond('N/A,N/A,10,900\n', 200), null)
})

t.test('the inventory of a beginning ends where that ends', async (t) => {
  const picture = pictureTrack({
    stream: 0,
    endMs: 90_000,
    gaps: [
      { fromMs: 1000, toMs: 2000 },
      { fromMs: 70_000, toMs: 71_000 },
    ],
  })
  const late = soundTrack({ stream: 1, firstMs: 65_000, endMs: 90_000 })
  const { foundMs, tracks } = endingAt(inventoryOf(picture, late), 60_000)
  t.equal(foundMs, 60_000)
  t.match(tracks, [{ stream: 0, endMs: 60_000, gaps: [{ fromMs: 1000 }] }])
  t.equal(tracks.length, 1)
  t.equal(tracks[0]!.gaps.length, 1)
})
