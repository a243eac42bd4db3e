import t from 'tap'
import { isLikelyChatCopy, namesCamera } from '../../../services/custody/devices/chat-copy.ts'

const nothing = new Uint8Array()
const byName = (name: string) => isLikelyChatCopy({ name, head: nothing, isFromPhone: false })

t.test('names that chat programs give are told from those of cameras', async (t) => {
  const chat = [
    'mmexport1764137002123.jpg',
    'wx_camera_1764137002123.mp4',
    '微信图片_20261126140322.jpg',
    '微信视频20261126140322.mp4',
    'WeChat_20261126140322.mp4',
    'QQ图片20261126140322.png',
    'lADPDgQ9rWb5kQHNBQDNA8A_960_1280.jpg',
    'IMG-20261126-WA0003.jpg',
    'VID-20261126-WA0001.mp4',
    'WhatsApp Image 2026-11-26 at 14.03.22.jpeg',
    'photo_2026-11-26_14-03-22.jpg',
    'signal-2026-11-26-140322.jpeg',
    'FB_IMG_1764137002123.jpg',
  ]
  for (const name of chat) t.ok(byName(name), name)
  const own = [
    'IMG_20261126_140322.jpg',
    'VID_20261126_140322.mp4',
    'IMG_0001.HEIC',
    'PXL_20261126_060322123.jpg',
    'ZJ00001_100245_20261126140322_0001.MP4',
    'DJI_0001.MP4',
    'WeChat.mp4',
    '微信.jpg',
    'video_0001.mp4',
    '',
  ]
  for (const name of own) t.notOk(byName(name), name)
})

t.test('a photograph of a telephone in which no camera stands was made again', async (t) => {
  const photo = (head: Buffer, isFromPhone: boolean) => isLikelyChatCopy({ name: 'IMG_1.jpg', head, isFromPhone })
  t.ok(photo(jpeg(jfif, tables), true))
  t.ok(photo(jpeg(jfif, exif('II', 0x0112), tables), true), 'its orientation alone names no camera')
  t.notOk(photo(jpeg(jfif, exif('II', 0x010f), tables), true))
  t.notOk(photo(jpeg(exif('MM', 0x0110), tables), true))
  t.notOk(photo(jpeg(jfif, tables), false), 'nothing is concluded of another device')
  t.notOk(photo(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), true), 'no JPEG')
})

t.test('what cannot be seen in the first bytes is not concluded', async (t) => {
  t.equal(namesCamera(Buffer.alloc(0)), null)
  t.equal(namesCamera(jpeg(jfif)), null, 'it ends before anything told')
  const whole = jpeg(jfif, exif('II', 0x010f), tables)
  for (let length = 0; length < whole.length; length++) {
    t.not(namesCamera(whole.subarray(0, length)), false, `cut at ${length}`)
  }
  t.equal(namesCamera(Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(40)])), null, 'no segments')
})

function jpeg(...segments: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xd8]), ...segments])
}

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(marker, 0)
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([head, content])
}

/** One directory with one entry. */
function exif(order: 'II' | 'MM', tag: number): Buffer {
  const tiff = Buffer.alloc(8 + 2 + 12 + 4)
  tiff.write(order, 0, 'latin1')
  const u16 = (value: number, at: number) =>
    order === 'II' ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at)
  u16(42, 2)
  if (order === 'II') tiff.writeUInt32LE(8, 4)
  else tiff.writeUInt32BE(8, 4)
  u16(1, 8)
  u16(tag, 10)
  return segment(0xffe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]))
}

const jfif = segment(0xffe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1'))
const tables = segment(0xffdb, Buffer.alloc(65))
