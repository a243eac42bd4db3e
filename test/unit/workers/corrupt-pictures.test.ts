import t from 'tap'
import { corruptPictureCounter } from '../../../workers/transcode/make/corrupt-pictures.ts'

const line = '/in/source: corrupt decoded frame in stream 0\n'

t.test('pictures are counted however the lines are cut, and however ffmpeg shortens them', async (t) => {
  const counter = corruptPictureCounter()
  counter.add(`[h264 @ 0x1] error while decoding MB 5 0\n${line}`)
  for (const letter of line) counter.add(letter)
  counter.add('    Last message repeated 7 times\n[h264 @ 0x1] something else\n    Last message repeated 99 times\n')
  t.equal(counter.count(), 9)
})

t.test('nothing else counts, and a flood without an end of line takes no room', async (t) => {
  const counter = corruptPictureCounter()
  counter.add('/in/source: corrupt input packet in stream 0\nframe= 10\rcorrupt decoded frame\n')
  for (let at = 0; at < 1000; at++) counter.add('x'.repeat(65_536))
  counter.add(`\n${line}`)
  t.equal(counter.count(), 1)
})
