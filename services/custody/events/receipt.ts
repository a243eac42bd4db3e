import { Type } from 'typebox'
import { event } from './event.ts'
import {
  Bytes,
  Count,
  closed,
  copyPlace,
  Digest,
  FileName,
  Id,
  Milliseconds,
  orNull,
  Text,
  Time,
  YesNo,
} from './shapes.ts'
import { recordingFlags } from './words.ts'

/** Receipts for docks: everything that the receipt says is in its event. */
export const receiptEvents = {
  'receipt.issued': event({
    zh: '出具交存回执',
    en: 'receipt issued',
    subjects: { recording: 'one', device: 'one', upload: 'optional', dock: 'optional' },
    details: {
      device: Text,
      name: FileName,
      bytes: Bytes,
      sha256: Digest,
      sm3: Digest,
      mark: YesNo,
      deviceTime: orNull(Time),
      deviceTimeText: Type.Optional(Text),
      clockOffsetMs: orNull(Milliseconds),
      flags: Type.Array(Type.Enum([...recordingFlags])),
      sealedAt: Time,
      securedAt: orNull(Time),
      /** Leaves of the events that the receipt rests on. */
      sealedIndex: orNull(Count),
      securedIndex: orNull(Count),
      hosts: Count,
      hostNames: Type.Array(Text),
      copies: Type.Array(closed({ ...copyPlace, retainUntil: Time, verifiedAt: orNull(Time) })),
      /** The line of the dock's signed list that the file came by, from 0. */
      handIn: orNull(closed({ id: Id, line: Count, listSha256: Digest })),
    },
    rows: (event, replay) =>
      replay.set('receipt', event.keyOf('recording'), { event_id: event.id, issued_at: event.at }),
  }),
} as const
