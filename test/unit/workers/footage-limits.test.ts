import t from 'tap'
import { tooMuchIn } from '../../../workers/transcode/footage-limits.ts'
import { inventoryOf, pictureTrack, soundTrack } from './inventories.ts'

const hourMs = 3_600_000

t.test('a file is too much by what is in it, never by what its header states', async (t) => {
  const plain = inventoryOf(pictureTrack(), soundTrack())
  const damaged = { ...plain, statedMs: 75 * hourMs }
  t.equal(tooMuchIn(damaged), null)
  t.match(tooMuchIn({ ...plain, foundMs: 75 * hourMs }), /^it claims to last 75 hours/)
  t.match(tooMuchIn(inventoryOf(pictureTrack({}, { width: 65_535, height: 65_535 }))), /65535 × 65535 pixels/)
})
