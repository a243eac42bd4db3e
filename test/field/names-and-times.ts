import type { RecordingFlag } from '../../services/custody/events/words.ts'
import type { Workshop } from './workshop.ts'

/** Names to dock a file with: their raw bytes, and the text that is to be shown. */
export const namesToDock: readonly { id: string; situation: string; bytes: Buffer; shown: string }[] = [
  {
    id: 'J1',
    situation: 'A card of a Chinese camera names its files in GBK; these bytes are also valid UTF-8 of no word.',
    bytes: Buffer.from('d1a7d0a32e6d7034', 'hex'),
    shown: '学校.mp4',
  },
  {
    id: 'more-gbk',
    situation: 'A longer name in GBK, which is not valid UTF-8.',
    bytes: Buffer.from('d6b4b7a8bcc7c2bcd2c75f303030372e4d5034', 'hex'),
    shown: '执法记录仪_0007.MP4',
  },
  {
    id: 'more-gbk-mixed',
    situation: 'A name in GBK between digits, of characters whose bytes are also valid UTF-8.',
    bytes: Buffer.concat([Buffer.from('20261120_'), Buffer.from('d1a7d0a3', 'hex'), Buffer.from('_1.mp4')]),
    shown: '20261120_学校_1.mp4',
  },
  {
    id: 'more-utf8',
    situation: 'The same name in UTF-8.',
    bytes: Buffer.from('学校.mp4'),
    shown: '学校.mp4',
  },
]

interface TimeToDock {
  readonly id: string
  readonly situation: string
  /** Null: the dock says nothing. */
  readonly deviceTime: string | null
  /** What is kept as a time; null when none is. */
  readonly kept: string | null
  readonly flag: Extract<RecordingFlag, 'no_such_time' | 'clock_implausible'> | null
}

/** Device times to dock a file with, and what is right then. */
export const timesToDock: readonly TimeToDock[] = [
  {
    id: 'K0',
    situation: 'The dock cannot say when the file was recorded: the moment of docking is not shown instead.',
    ...{ deviceTime: null, kept: null, flag: null },
  },
  {
    id: 'K1',
    situation: 'A card says a day that does not exist.',
    ...{ deviceTime: '2026-02-30T10:00:00+08:00', kept: null, flag: 'no_such_time' },
  },
  {
    id: 'K3',
    situation: 'The device was ahead of its time.',
    ...{ deviceTime: '2036-02-07T06:28:16Z', kept: '2036-02-07T06:28:16.000Z', flag: 'clock_implausible' },
  },
  {
    id: 'K3',
    situation: "The device's clock was reset to 1980.",
    ...{ deviceTime: '1980-01-01T00:00:00+08:00', kept: '1979-12-31T16:00:00.000Z', flag: 'clock_implausible' },
  },
  {
    id: 'more-2000',
    situation: "The device's clock was reset to 2000.",
    ...{ deviceTime: '2000-01-01T00:00:00+08:00', kept: '1999-12-31T16:00:00.000Z', flag: 'clock_implausible' },
  },
  {
    id: 'more-leap-second',
    situation: 'The file was recorded in a leap second.',
    ...{ deviceTime: '2026-06-30T23:59:60Z', kept: '2026-07-01T00:00:00.000Z', flag: null },
  },
]

/** Writes both lists as tables, for whoever docks by hand: names.tsv (hex, shown) and times.tsv (device time, what is right). */
export async function writeTables(workshop: Workshop): Promise<void> {
  const names = namesToDock.map(({ bytes, shown }) => `${bytes.toString('hex')}\t${shown}\n`)
  const times = timesToDock.map(({ deviceTime, kept, flag }) => `${deviceTime ?? ''}\t${kept ?? ''}\t${flag ?? ''}\n`)
  await workshop.write('names.tsv', Buffer.from(names.join('')))
  await workshop.write('times.tsv', Buffer.from(times.join('')))
}
