import { Type } from 'typebox'
import { event } from './event.ts'
import { Bytes, Count, Digest, FileName, orNull, Time, wordOf, YesNo } from './shapes.ts'
import { uploadRefusals } from './words.ts'

/** The subjects of everything that is about one upload. */
export const uploadSubjectTypes = { upload: 'one', device: 'one', dock: 'optional', hand_in: 'optional' } as const

/** Uploads from docks, until they are sealed or end without a recording. */
export const uploadEvents = {
  'upload.created': event({
    zh: '开始上传',
    en: 'upload begun',
    subjects: uploadSubjectTypes,
    details: {
      name: FileName,
      bytes: Bytes,
      declaredSha256: orNull(Digest),
      mark: YesNo,
      /** Null without a hand-in. */
      onList: orNull(YesNo),
      /** The line of that list, from 0. Absent when it is on none, and in bodies written before this was a member: it has no line then. */
      line: Type.Optional(Count),
    },
    rows: (event, replay) => {
      const { name, bytes, mark, line } = event.details
      replay.set('upload', event.keyOf('upload'), {
        dock_id: event.subject('dock'),
        hand_in_id: event.subject('hand_in'),
        device_serial: event.subject('device'),
        name: Buffer.from(name.base64, 'base64').toString('hex'),
        bytes,
        mark,
      })
      // A line is taken over from an upload that came to nothing.
      if (line === undefined) return
      replay.set('hand_in_file', `${event.keyOf('hand_in')}/${line}`, { upload_id: event.subject('upload') })
    },
  }),
  'upload.refused': event({
    zh: '上传被拒',
    en: 'upload refused',
    subjects: { upload: 'one', dock: 'one', recording: 'optional' },
    details: {
      reason: wordOf(uploadRefusals),
      // Of `digest_differs`: what the dock says now, what it said before, and what the bytes have.
      said: Type.Optional(Digest),
      before: Type.Optional(orNull(Digest)),
      own: Type.Optional(orNull(Digest)),
    },
    rows: null,
  }),
  'upload.terminated': event({
    zh: '取消上传',
    en: 'upload terminated',
    subjects: uploadSubjectTypes,
    details: { bytes: Bytes, receivedBytes: Bytes },
    rows: (event, replay) => replay.set('upload', event.keyOf('upload'), { state: 'terminated' }),
  }),
  'upload.expired': event({
    zh: '上传过期',
    en: 'upload expired',
    subjects: uploadSubjectTypes,
    details: { bytes: Bytes, receivedBytes: Bytes, lastByteAt: orNull(Time), expiresAt: Time },
    rows: (event, replay) => replay.set('upload', event.keyOf('upload'), { state: 'expired' }),
  }),
} as const
