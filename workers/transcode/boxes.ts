const segmentBoxes: ReadonlySet<string> = new Set(['styp', 'sidx', 'prft', 'emsg', 'moof', 'mdat', 'mfra', 'free'])
const initBoxes: ReadonlySet<string> = new Set(['ftyp', 'moov', 'free', 'sidx'])

/**
 * True when the bytes are whole top-level ISO BMFF boxes of the kinds that a fragmented-MP4 init file or media segment
 * holds, and nothing else: what leaves the sandbox is checked by shape before anybody is served it. Pure.
 */
export function isWellFormed(kind: 'init' | 'segment', bytes: Buffer): boolean {
  const allowed = kind === 'init' ? initBoxes : segmentBoxes
  const seen = new Set<string>()
  let at = 0
  while (at < bytes.length) {
    if (at + 8 > bytes.length) return false
    let length = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (length === 1) {
      if (at + 16 > bytes.length) return false
      const long = bytes.readBigUInt64BE(at + 8)
      if (long < 16n || long > BigInt(bytes.length)) return false
      length = Number(long)
    } else if (length < 8) {
      return false
    }
    if (!allowed.has(type) || at + length > bytes.length) return false
    seen.add(type)
    at += length
  }
  return kind === 'init' ? seen.has('moov') : seen.has('moof') && seen.has('mdat')
}

/**
 * The RFC 6381 codec names of an init file: H.264 from its avcC box, AAC by the audio object type ffprobe named
 * (`LC`, `HE-AAC`, `HE-AACv2`). Null for what is not there. Pure.
 */
export function codecNames(init: Buffer, audioProfile: string | null): string | null {
  const names: string[] = []
  const at = init.indexOf('avcC', 0, 'latin1')
  if (at >= 0 && at + 8 <= init.length) names.push(`avc1.${init.toString('hex', at + 5, at + 8)}`)
  if (init.indexOf('mp4a', 0, 'latin1') >= 0) {
    const objectType = audioProfile === 'HE-AACv2' ? 29 : audioProfile === 'HE-AAC' ? 5 : 2
    names.push(`mp4a.40.${objectType}`)
  }
  return names.length > 0 ? names.join(',') : null
}
