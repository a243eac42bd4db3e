// GBK as devices write it. Node decodes it but does not encode it, so the table is the decoder's, turned around.

let table: Map<string, Buffer> | null = null

function gbkTable(): Map<string, Buffer> {
  if (table) return table
  table = new Map()
  const decoder = new TextDecoder('gbk')
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) {
      if (low === 0x7f) continue
      const bytes = Buffer.of(high, low)
      const text = decoder.decode(bytes)
      if ([...text].length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, bytes)
    }
  }
  return table
}

/** @throws Error for a character that GBK does not have */
export function gbk(text: string): Buffer {
  return Buffer.concat(
    [...text].map((character) => {
      if (character < '\x80') return Buffer.from(character)
      const bytes = gbkTable().get(character)
      if (!bytes) throw new Error(`GBK has no ${character}`)
      return bytes
    }),
  )
}

export interface Identity {
  readonly serial?: string
  readonly officerNumber?: string
  readonly officerName?: string
  readonly unitNumber?: string
  readonly unitName?: string
}

/** The 89 bytes of serial, officer and unit, filled up with `filling`. */
export function identityBlock(identity: Identity, filling = 0): Buffer {
  const block = Buffer.alloc(89, filling)
  let offset = 0
  for (const [name, width] of [
    ['serial', 7],
    ['officerNumber', 6],
    ['officerName', 32],
    ['unitNumber', 12],
    ['unitName', 32],
  ] as const) {
    gbk(identity[name] ?? '').copy(block, offset, 0, width)
    offset += width
  }
  return block
}
