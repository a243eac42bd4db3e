// Pictures that say their number and which way up they are: four corners of falling brightness, eight bits between them.

export const codeSide = 48
const cells = 4
const corners = [235, 165, 92, 22] as const
const cornerTolerance = 32

export interface ReadPicture {
  readonly number: number
  /** Which corners of the drawn picture (A B above C D) stand at the top left, top right, bottom left and bottom right. */
  readonly corners: string
}

/** A gray picture with its number, up to 255. */
export function drawPicture(size: { readonly width: number; readonly height: number }, number: number): Buffer {
  const { width, height } = size
  const picture = Buffer.alloc(width * height)
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * cells) / height)
    for (let x = 0; x < width; x++) {
      picture[y * width + x] = levelOf(Math.floor((x * cells) / width), row, number)
    }
  }
  return picture
}

function levelOf(column: number, row: number, number: number): number {
  if (row === 0 || row === cells - 1) {
    if (column === 0) return corners[row === 0 ? 0 : 2]
    if (column === cells - 1) return corners[row === 0 ? 1 : 3]
    return 128
  }
  const bit = (row - 1) * cells + column
  return (number >> bit) & 1 ? 235 : 16
}

/** Reads a square gray picture of `codeSide`; null when it is not clearly one of ours. */
export function readPicture(picture: Buffer): ReadPicture | null {
  const seen = Array.from({ length: cells * cells }, (_, at) => meanOf(picture, at % cells, Math.floor(at / cells)))
  const places = [0, cells - 1, cells * (cells - 1), cells * cells - 1]
  const letters = places.map((place) => corners.findIndex((level) => Math.abs(level - seen[place]!) <= cornerTolerance))
  if (new Set(letters).size !== 4 || letters.includes(-1)) return null
  const at = (letter: number) => xy(places[letters.indexOf(letter)]!)
  const [origin, right, below] = [at(0), at(1), at(2)]
  const step = (to: { x: number; y: number }) => ({ x: (to.x - origin.x) / 3, y: (to.y - origin.y) / 3 })
  const [along, down] = [step(right), step(below)]
  let number = 0
  for (let bit = 0; bit < 8; bit++) {
    const [column, row] = [bit % cells, 1 + Math.floor(bit / cells)]
    const x = origin.x + column * along.x + row * down.x
    const y = origin.y + column * along.y + row * down.y
    const level = seen[y * cells + x]
    if (level === undefined || Math.abs(level - 126) < 45) return null
    if (level > 126) number |= 1 << bit
  }
  return { number, corners: letters.map((letter) => 'ABCD'[letter]).join('') }
}

function xy(place: number): { x: number; y: number } {
  return { x: place % cells, y: Math.floor(place / cells) }
}

/** The middle of a cell, away from what a coder smears at its borders. */
function meanOf(picture: Buffer, column: number, row: number): number {
  const side = codeSide / cells
  const margin = side / 4
  let sum = 0
  for (let y = margin; y < side - margin; y++) {
    for (let x = margin; x < side - margin; x++) sum += picture[(row * side + y) * codeSide + column * side + x]!
  }
  return sum / (side - 2 * margin) ** 2
}
