import t from 'tap'
import { comparePictures, type GreyPicture, gridSize } from '../../../../workers/transcode/check/compare-pictures.ts'

/** Some soft patches of light, as a scene is when it is made small. */
function scene(seed: number, movedBy = 0): GreyPicture {
  const patches = Array.from({ length: 6 }, (_, place) => {
    const value = (factor: number): number => (((seed * 7919 + place * 104_729) * factor) % 997) / 997
    return {
      x: value(3) * gridSize + movedBy,
      y: value(5) * gridSize,
      size: 3 + value(7) * 6,
      light: value(11) * 200 - 60,
    }
  })
  return Uint8Array.from({ length: gridSize ** 2 }, (_, at) => {
    const [x, y] = [at % gridSize, Math.floor(at / gridSize)]
    const light = patches.reduce(
      (sum, patch) => sum + patch.light * Math.exp(-((x - patch.x) ** 2 + (y - patch.y) ** 2) / patch.size ** 2),
      90,
    )
    return Math.max(0, Math.min(255, light))
  })
}

const at = (picture: GreyPicture, from: (x: number, y: number) => [number, number]): GreyPicture =>
  picture.map((_, place) => {
    const [x, y] = from(place % gridSize, Math.floor(place / gridSize))
    return picture[y * gridSize + x]!
  })
const last = gridSize - 1

t.test('what codecs and ranges do to a picture leaves it the same', async (t) => {
  for (let seed = 1; seed <= 30; seed++) {
    const source = scene(seed)
    const noisy = source.map((shade, place) => Math.max(0, Math.min(255, shade + ((place * 31 + seed) % 5) - 2)))
    t.equal(comparePictures(source, noisy), 'same', `coded, seed ${seed}`)
    t.equal(
      comparePictures(
        source,
        source.map((shade) => 16 + (shade * 219) / 255),
      ),
      'same',
      `television, seed ${seed}`,
    )
    t.equal(
      comparePictures(
        source.map((shade) => 16 + (shade * 219) / 255),
        source,
      ),
      'same',
      `computer, seed ${seed}`,
    )
  }
})

t.test('a picture that is turned or mirrored is not upright', async (t) => {
  const source = scene(3)
  for (const turned of [
    at(source, (x, y) => [y, last - x]),
    at(source, (x, y) => [last - x, last - y]),
    at(source, (x, y) => [last - y, x]),
    at(source, (x, y) => [last - x, y]),
    at(source, (x, y) => [x, last - y]),
    at(source, (x, y) => [y, x]),
    at(source, (x, y) => [last - y, last - x]),
  ]) {
    t.equal(comparePictures(source, turned), 'turned')
  }
})

t.test('another picture, or the same scene after it has moved on, is another', async (t) => {
  for (let seed = 1; seed <= 30; seed++) {
    t.equal(comparePictures(scene(seed), scene(seed + 100)), 'other', `seed ${seed}`)
    t.equal(comparePictures(scene(seed), scene(seed, 4)), 'other', `moved, seed ${seed}`)
  }
})

t.test('blank pictures say nothing, but black is not white, and nothing is not a scene', async (t) => {
  const blank = (shade: number): GreyPicture => new Uint8Array(gridSize ** 2).fill(shade)
  t.equal(comparePictures(blank(16), blank(0)), 'same')
  t.equal(comparePictures(blank(128), blank(120)), 'same')
  t.equal(comparePictures(blank(10), blank(240)), 'other')
  t.equal(comparePictures(scene(1), blank(90)), 'other')
  t.equal(comparePictures(blank(90), scene(1)), 'other')
  const faint = scene(2).map((shade) => 90 + (shade - 90) / 40)
  t.equal(comparePictures(faint, blank(90)), 'same')
})
