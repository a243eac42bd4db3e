import { createHash } from 'node:crypto'
import type { DeviceFile } from './fill-image.ts'
import { type Identity, identityBlock } from './gbk.ts'

export interface ShiftOptions {
  readonly serial: string
  readonly officerNumber?: string
  readonly officerName?: string
  /** When the first recording began, by the device's clock. */
  readonly begun: Date
  readonly count: number
  readonly bytes: number
  /** Number of the first recording; after 9999 comes 1. */
  readonly firstNumber?: number
  /** Which of them, from 0, were marked. */
  readonly marked?: readonly number[]
  /** Between the beginnings of two recordings. */
  readonly everyMs?: number
}

export type ProfileName = keyof typeof shapes

interface Recording {
  readonly serial: string
  readonly officer: string
  readonly time: string
  readonly number: string
  readonly mark: boolean
}

/** Where each profile keeps its footage and how it names it; what else its device has. */
const shapes = {
  'recorder-zfy': {
    name: (one: Recording) => `DSJ/${one.serial}_${one.officer}_${one.time}_${one.number}${one.mark ? '_IMP' : ''}.MP4`,
    others: (identity: Identity) => [{ path: 'ZFYINFO.DAT', bytes: identityBlock(identity) }],
  },
  'recorder-cam': {
    name: (one: Recording) =>
      `VIDEO/${one.time.slice(0, 8)}/${one.serial}@${one.officer}@${one.time}@${one.number}${one.mark ? '_SOS' : ''}.MP4`,
    others: (identity: Identity) => [
      { path: 'SYSTEM/DEVICE.BIN', bytes: Buffer.concat([Buffer.alloc(16, 0x5a), identityBlock(identity)]) },
    ],
  },
  'recorder-plain': {
    name: (one: Recording) => `MOVIE/${one.time}_${one.number}${one.mark ? '_EMR' : ''}.MP4`,
    others: () => [{ path: 'PHOTO/NOTE.TXT', bytes: Buffer.from('no footage') }],
  },
  'camera-dcim': {
    name: (one: Recording) => `DCIM/100CANON/MVI_${one.number}.MOV`,
    others: () => [{ path: 'DCIM/CANONMSC/M0100.CTG', bytes: Buffer.alloc(64) }],
  },
  'drone-dji': {
    name: (one: Recording) => `DCIM/100MEDIA/DJI_${one.number}.MP4`,
    others: () => [{ path: 'MISC/IDX/index.db', bytes: Buffer.alloc(64) }],
  },
  'audio-pen': {
    name: (one: Recording) => `RECORD/REC${one.number}.WAV`,
    others: () => [{ path: 'VOICE/INFO.TXT', bytes: Buffer.from('pen') }],
  },
} satisfies Record<string, { name: (one: Recording) => string; others: (identity: Identity) => DeviceFile[] }>

/** The files of one device after a shift, named as its profile names them; no two files have the same bytes. */
export function shiftFiles(profile: ProfileName, shift: ShiftOptions): readonly DeviceFile[] {
  const { serial, officerNumber = 'P00231', officerName = '张三' } = shift
  const recordings = Array.from({ length: shift.count }, (_, index): DeviceFile => {
    const begun = new Date(shift.begun.getTime() + index * (shift.everyMs ?? 600_000))
    const number = String((((shift.firstNumber ?? 1) + index - 1) % 9999) + 1).padStart(4, '0')
    const isMarked = shift.marked?.includes(index) ?? false
    const path = shapes[profile].name({ serial, officer: officerNumber, time: digitsOf(begun), number, mark: isMarked })
    return { path, bytes: contentOf(`${serial} ${path}`, shift.bytes), modified: begun }
  })
  return [...recordings, ...shapes[profile].others({ serial, officerNumber, officerName })]
}

/** Bytes that belong to these words and to no others. */
export function contentOf(words: string, bytes: number): Buffer {
  const block = createHash('shake256', { outputLength: Math.min(bytes, 64 * 1024) })
    .update(words)
    .digest()
  return bytes === 0 ? Buffer.alloc(0) : Buffer.alloc(bytes, block)
}

/** `YYYYMMDDHHMMSS` in the bureau's zone. */
function digitsOf(time: Date): string {
  return new Date(time.getTime() + 8 * 3_600_000).toISOString().replaceAll(/\D/g, '').slice(0, 14)
}
