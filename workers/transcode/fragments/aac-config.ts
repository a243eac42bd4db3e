import { type Box, BoxReader, malformed } from './boxes.ts'

/** What an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) says. */
export interface AacConfig {
  /** 2 AAC-LC, 5 HE-AAC, 29 HE-AAC version 2. */
  readonly objectType: 2 | 5 | 29
  /** Samples a second of the core coder: half of what is heard where HE-AAC doubles it. */
  readonly coreRate: number
  /** Samples a second that are heard, as far as the configuration says. */
  readonly sampleRate: number
  /** Samples of the core coder in one packet: 1024 or 960. */
  readonly coreSamples: number
  /** 0: the configuration names the channels otherwise. */
  readonly channels: number
}

const rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
const channelCounts = [0, 1, 2, 3, 4, 5, 6, 8]

/**
 * Reads the AAC configuration out of an `esds` box (ISO/IEC 14496-14 §5.6).
 *
 * @throws bad_request when it is no AAC of the kinds that browsers play
 */
export function readEsds(bytes: Buffer, esds: Box): AacConfig {
  const reader = new BoxReader(bytes, esds)
  reader.versionAndFlags()
  descriptor(reader, 3)
  reader.skip(2)
  const streamFlags = reader.u8()
  if (streamFlags !== 0) throw malformed('its sound has a description that is not known')
  descriptor(reader, 4)
  const objectType = reader.u8()
  if (objectType !== 0x40) throw malformed(`its sound is no AAC (object type ${objectType})`)
  reader.skip(12)
  const length = descriptor(reader, 5)
  const at = reader.skip(length)
  return readAacConfig(bytes.subarray(at, at + length))
}

function descriptor(reader: BoxReader, tag: number): number {
  const found = reader.u8()
  if (found !== tag) throw malformed(`the description of its sound has part ${found} where ${tag} must be`)
  let length = 0
  for (let byte = 0; byte < 4; byte++) {
    const value = reader.u8()
    length = length * 128 + (value & 0x7f)
    if (value < 0x80) break
  }
  if (length > reader.left) throw malformed('the description of its sound breaks off')
  return length
}

function readAacConfig(bytes: Buffer): AacConfig {
  let bit = 0
  const take = (count: number): number => {
    let value = 0
    for (let i = 0; i < count; i++, bit++) {
      const byte = bytes[bit >> 3]
      if (byte === undefined) throw malformed('the AAC configuration of its sound breaks off')
      value = value * 2 + ((byte >> (7 - (bit & 7))) & 1)
    }
    return value
  }
  const takeRate = () => {
    const index = take(4)
    const rate = index === 15 ? take(24) : rates[index]
    if (!rate || rate > 96000) throw malformed('the AAC configuration of its sound names an impossible sample rate')
    return rate
  }
  const objectType = take(5)
  if (objectType !== 2 && objectType !== 5 && objectType !== 29) {
    throw malformed(`its sound is AAC of a kind that browsers do not play (object type ${objectType})`)
  }
  const coreRate = takeRate()
  const channelWord = take(4)
  const channels = channelCounts[channelWord]
  if (channels === undefined) throw malformed('the AAC configuration of its sound names impossible channels')
  let sampleRate = coreRate
  if (objectType !== 2) {
    sampleRate = takeRate()
    if (take(5) !== 2) throw malformed('its sound is AAC of a kind that browsers do not play')
  }
  return { objectType, coreRate, sampleRate, coreSamples: take(1) === 1 ? 960 : 1024, channels }
}
