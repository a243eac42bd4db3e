import { Type } from 'typebox'
import { event } from './event.ts'
import type { Replay, ReplayedEvent } from './replay.ts'
import { Count, closed, Digest, Id, Milliseconds, orNull, Text, Time, wordOf, YesNo } from './shapes.ts'
import { emergencyReasons, saidGrades, volumeAnswers } from './words.ts'

/** When the dock says that it was, the event's own time is that of the report; the dock's own id of it; digest of what it sent. */
const said = { saidAt: Time, reportId: Text, reportSha256: Digest }
/** Whether this service had known that person by card or code, at that dock for that device, shortly before. */
const identified = { identified: YesNo }
/** Who it was, as it was said at the dock; `slot` is what somebody tapped. */
export const By = closed({ personId: orNull(Id), grade: wordOf(saidGrades) })
const deviceAtDock = { device: 'one', dock: 'one' } as const
const Percent = Type.Integer({ title: 'count', minimum: 0, maximum: 100 })

/**
 * What a dock reports of devices beside their files. All of it is the dock's word. They are no acts of a device's register, so
 * kinds that name no register do not begin with `device.`: older acts of that name are disclosed with every case of the device
 * (DESIGN.md §6).
 */
export const dockReportEvents = {
  'station.device_checked': event({
    zh: '班前检查',
    en: 'device checked before a shift',
    subjects: deviceAtDock,
    details: {
      ...said,
      batteryPercent: orNull(Percent),
      freePercent: orNull(Percent),
      clockOffsetMs: orNull(Milliseconds),
      lastReceiptAt: orNull(Time),
    },
    rows: keepReport,
  }),
  'station.device_taken': event({
    zh: '当班取用',
    en: 'device taken for a shift',
    subjects: { ...deviceAtDock, person: 'optional' },
    details: { ...said, by: By, ...identified },
    rows: keepReport,
  }),
  'station.device_kept': event({
    zh: '本次保留（不清空）',
    en: 'device kept from clearing this time',
    subjects: { ...deviceAtDock, person: 'optional' },
    details: { ...said, by: By, ...identified },
    rows: keepReport,
  }),
  'station.emergency_taking': event({
    zh: '紧急取用',
    en: 'device taken in an emergency',
    subjects: { ...deviceAtDock, hand_in: 'optional', person: 'optional' },
    details: {
      ...said,
      /** Null where nobody said who took it. */
      personId: orNull(Id),
      ...identified,
      /** How many files of the list had not been read, and their lines. */
      remaining: Count,
      lines: Type.Array(Count),
      reason: wordOf(emergencyReasons),
      words: orNull(Text),
    },
    rows: keepReport,
  }),
  'station.clock_set': event({
    zh: '设备对时',
    en: 'clock of a device set',
    subjects: deviceAtDock,
    /** The offset was measured before: device clock minus true time. */
    details: { ...said, offsetMs: Milliseconds, setTo: Time },
    rows: keepReport,
  }),
  'station.device_unlocked': event({
    zh: '以厂家口令解锁设备',
    en: 'device unlocked by its vendor command',
    // None where it does not say which it is before it is open.
    subjects: { device: 'optional', dock: 'one' },
    details: { ...said, profile: Text, ok: YesNo },
    rows: keepReport,
  }),
  'station.volume_stated': event({
    zh: '指认存储介质所属设备',
    en: 'said whose device a volume is',
    // None where it is no device of ours.
    subjects: { device: 'optional', dock: 'one', person: 'optional' },
    details: { ...said, uuid: orNull(Text), answer: wordOf(volumeAnswers), words: orNull(Text), by: By, ...identified },
    rows: (event, replay) => {
      keepReport(event, replay)
      const serial = event.subject('device')
      if (event.details.answer !== 'ours' || serial === null) return
      replay.set('volume_statement', `${event.keyOf('dock')}/${event.id}`, {
        device_serial: serial,
        stated_at: event.at,
      })
    },
  }),
  'device.card_kept': event({
    zh: '留存原卡',
    en: 'original card kept under seal',
    // The register of the hand-in: packages of its cases show where the card is, those of the device's other cases do not.
    subjects: { ...deviceAtDock, hand_in: 'one', 'hand-in-list': 'optional' },
    details: {
      ...{ ...said, handInId: Id, sealNumber: Text, keeper: Text, place: Text },
      /** Who said it at the dock, which `keeper` need not be; older docks did not tell. */
      by: Type.Optional(By),
      identified: Type.Optional(YesNo),
    },
    rows: keepReport,
  }),
} as const

function keepReport(event: ReplayedEvent<{ reportId: string; reportSha256: string }>, replay: Replay): void {
  const { reportId, reportSha256 } = event.details
  replay.set('dock_report', `${event.keyOf('dock')}/${reportId}`, {
    ...{ sha256: reportSha256, event_id: event.id, reported_at: event.at },
  })
}
