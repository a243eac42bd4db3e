import t from 'tap'
import { mediaKindOf } from '../../../services/custody/devices/media-kind.ts'
import { instantOfName, nameForEvent, parseName } from '../../../services/custody/devices/name-profile.ts'
import { correctedTime } from '../../../services/custody/intake/recording.ts'
import { displayName } from '../../../services/foundation/name-decoding.ts'
import { canonicalText } from '../../../services/ledger/format/canonical.ts'

t.test("a vendor's file name says serial, officer, time, running number and mark", async (t) => {
  t.same(parseName('DSJ0001_012345_20261120083000_0001.MP4'), {
    profile: 'serial-officer-time-running',
    serial: 'DSJ0001',
    officerNumber: '012345',
    localTime: '2026-11-20T08:30:00',
    running: 1,
    marked: false,
  })
  t.match(parseName('DSJ0001_012345_20261120083000_0001_IMP.MP4'), { marked: true })
  t.match(parseName('DSJ0001_012345_20261120083000_0001_重点.MP4'), { marked: true })
  t.match(parseName('DSJ-T6A0001-012345-20261120-083000-0007.avi'), { serial: 'T6A0001', running: 7 })
})

t.test('a day that does not exist stays in the name as it is, and is no instant', async (t) => {
  const none = parseName('DSJ0001_012345_20260230100000_0001.MP4')!
  t.match(none, { serial: 'DSJ0001', officerNumber: '012345', localTime: '2026-02-30T10:00:00' })
  t.equal(instantOfName(none), null)
  const known = parseName('DSJ0001_012345_20261120083000_0001.MP4')!
  t.same(instantOfName(known), new Date('2026-11-20T00:30:00Z'), "in the bureau's time")
})

t.test('a name that no profile fits gives nothing', async (t) => {
  for (const name of ['DJI_0001.MP4', '../../x', '', 'DSJ0001_012345_20261320083000_0001.MP4', 'REC001.WAV']) {
    t.equal(parseName(name), null, name)
  }
})

t.test('a raw name is shown as UTF-8, else GBK, else byte by byte, and always fits into an event', async (t) => {
  t.equal(displayName(Buffer.from('重点.mp4')), '重点.mp4')
  t.equal(displayName(Buffer.from([0xd6, 0xd8, 0xb5, 0xe3])), '重点', 'GBK')
  t.equal(displayName(Buffer.from([0x61, 0xff])), 'a【0xFF】')
  for (let first = 0; first < 256; first++) {
    canonicalText(nameForEvent(Buffer.from([first, 0x80, 255 - first])))
  }
})

t.test('the kind of medium is guessed from first bytes, else from the ending', async (t) => {
  t.equal(mediaKindOf('x', Buffer.from([0xff, 0xd8, 0xff, 0xe0])), 'still')
  t.equal(mediaKindOf('x.mp4', Buffer.from('RIFF....WAVEfmt ')), 'audio', 'the bytes win')
  t.equal(mediaKindOf('x', Buffer.from('....ftypisom')), 'video')
  t.equal(mediaKindOf('x.MTS', Buffer.alloc(16)), 'video')
  t.equal(mediaKindOf('x.amr', Buffer.alloc(0)), 'audio')
  t.equal(mediaKindOf('x.pdf', Buffer.from('%PDF-1.7')), 'document')
  t.equal(mediaKindOf('../../x', Buffer.alloc(0)), 'unknown')
})

function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + Buffer.concat(parts).length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, ...parts])
}

const brandOf = (brand: string) => box('ftyp', Buffer.from(`${brand}\0\0\0\0`))
const track = (handler: string) =>
  box('trak', box('mdia', box('hdlr', Buffer.alloc(8), Buffer.from(handler), Buffer.alloc(13))))

t.test('the kind of ISO media is that of its brand and of its tracks, as far as the first bytes tell', async (t) => {
  for (const brand of ['heic', 'heix', 'heim', 'hevc', 'mif1', 'avif', 'avis']) {
    t.equal(mediaKindOf('x.mp4', brandOf(brand)), 'still', brand)
  }
  const sound = Buffer.concat([brandOf('mp42'), box('moov', track('soun'))])
  t.equal(mediaKindOf('x.mp4', sound), 'audio', 'every track is sound')
  t.equal(mediaKindOf('x.mp4', sound.subarray(0, sound.length - 4)), 'video', 'there may be more tracks')
  const film = Buffer.concat([brandOf('M4A '), box('moov', track('soun'), track('vide'))])
  t.equal(mediaKindOf('x.m4a', film), 'video', 'a picture among the tracks')
  t.equal(mediaKindOf('x.m4a', brandOf('mp42')), 'audio', 'by its ending: the tracks come later')
  t.equal(mediaKindOf('x', brandOf('M4A ')), 'audio')
  t.equal(
    mediaKindOf('x', Buffer.concat([box('free', Buffer.alloc(20)), brandOf('heic')])),
    'still',
    'behind free space',
  )
})

t.test("corrected time is device time without the device clock's error", async (t) => {
  const time = new Date('2026-11-20T08:30:05Z')
  t.same(correctedTime(time, 5000), new Date('2026-11-20T08:30:00Z'), 'a clock 5 s ahead')
  t.equal(correctedTime(null, 5000), null)
  t.equal(correctedTime(time, null), null, 'without a measurement nothing is claimed')
})
