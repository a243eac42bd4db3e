import t from 'tap'
import { type Block, matroskaReader } from '../../../../workers/transcode/check/matroska-reader.ts'

const unknownSize = Buffer.from('01ffffffffffffff', 'hex')
const element = (id: string, body: Buffer): Buffer => {
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE((1n << 56n) | BigInt(body.length))
  return Buffer.concat([Buffer.from(id, 'hex'), size, body])
}
const packet = (track: number, ms: number, text: string): Buffer => {
  const head = Buffer.from([0x80 | track, 0, 0, 0x80])
  head.writeInt16BE(ms, 1)
  return Buffer.concat([head, Buffer.from(text)])
}
const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const stream = Buffer.concat([
  element('1a45dfa3', Buffer.alloc(20, 1)),
  ...[Buffer.from('18538067', 'hex'), unknownSize],
  element('1654ae6b', Buffer.alloc(300, 2)),
  element('1f43b675', Buffer.concat([element('e7', number(5000)), element('a3', packet(1, -3, 'first'))])),
  element('ec', Buffer.alloc(70_000)),
  ...[Buffer.from('1f43b675', 'hex'), unknownSize, element('e7', number(9000))],
  element('a0', Buffer.concat([element('a1', packet(2, 40, 'second')), element('9b', number(20))])),
  element('a3', packet(1, 0, '')),
])
const expected = [
  { stream: 0, timeMs: 4997, text: 'first' },
  { stream: 1, timeMs: 9040, text: 'second' },
  { stream: 0, timeMs: 9000, text: '' },
]

function readIn(pieceBytes: number, bytes: Buffer) {
  const found: Block[] = []
  const read = matroskaReader((block) => found.push(block))
  for (let at = 0; at < bytes.length; at += pieceBytes) read(bytes.subarray(at, at + pieceBytes))
  return found.map(({ stream, timeMs, bytes: body }) => ({ stream, timeMs, text: body.toString() }))
}

t.test('packets come out the same, however the stream is cut', async (t) => {
  for (const pieceBytes of [1, 2, 3, 7, 64, 1000, 65_536, stream.length]) {
    t.same(readIn(pieceBytes, stream), expected, `pieces of ${pieceBytes}`)
  }
})

t.test('a stream that breaks off gives what is whole', async (t) => {
  t.same(readIn(64, stream.subarray(0, stream.length - 1)), expected.slice(0, 2))
})

t.test('what ffmpeg does not write is refused', async (t) => {
  t.throws(() => readIn(64, Buffer.from('00ff', 'hex')), { code: 'bad_request' }, 'a number of more than 8 bytes')
  t.throws(() => readIn(64, Buffer.concat([Buffer.from('a3', 'hex'), unknownSize])), { code: 'bad_request' })
  t.throws(() => readIn(64, element('a3', Buffer.from([0x81]))), { code: 'bad_request' }, 'a packet without a time')
})
