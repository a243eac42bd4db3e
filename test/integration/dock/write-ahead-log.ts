const headerBytes = 32
const frameHeaderBytes = 24

/**
 * Where each transaction of a write-ahead log ends, as SQLite itself finds them when it recovers (sqlite.org/fileformat2.html,
 * section 4): frames whose salts are those of the header and whose checksums follow from all frames before.
 */
export function transactionEnds(log: Buffer): number[] {
  if (log.length < headerBytes) return []
  const pageBytes = log.readUInt32BE(8)
  const isBigEndian = (log.readUInt32BE(0) & 1) === 1
  const salts = log.subarray(16, 24)
  let sums = checksum(log.subarray(0, 24), [0, 0], isBigEndian)
  const ends: number[] = []
  for (let at = headerBytes; at + frameHeaderBytes + pageBytes <= log.length; at += frameHeaderBytes + pageBytes) {
    if (!log.subarray(at + 8, at + 16).equals(salts)) break
    sums = checksum(log.subarray(at, at + 8), sums, isBigEndian)
    sums = checksum(log.subarray(at + frameHeaderBytes, at + frameHeaderBytes + pageBytes), sums, isBigEndian)
    if (log.readUInt32BE(at + 16) !== sums[0] || log.readUInt32BE(at + 20) !== sums[1]) break
    // The frame that ends a transaction says how large the database is after it.
    if (log.readUInt32BE(at + 4) !== 0) ends.push(at + frameHeaderBytes + pageBytes)
  }
  return ends
}

function checksum(bytes: Buffer, [one, two]: readonly [number, number], isBigEndian: boolean): [number, number] {
  const word = (at: number) => (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at))
  let [first, second] = [one, two]
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + word(at) + second) >>> 0
    second = (second + word(at + 4) + first) >>> 0
  }
  return [first, second]
}
