import { accountEvents } from './account.ts'
import { alarmEvents } from './alarms.ts'
import { caseEvents } from './case.ts'
import { clearingEvents } from './clearing.ts'
import { custodianEvents } from './custodian.ts'
import { deputyshipEvents } from './deputyship.ts'
import { deviceEvents } from './device.ts'
import { dockEvents } from './dock.ts'
import { dockPassEvents } from './dock-pass.ts'
import { dockReportEvents } from './dock-report.ts'
import type { DetailsIn } from './event.ts'
import { gapEvents } from './gap.ts'
import { handInEvents } from './hand-in.ts'
import { ledgerEvents } from './ledger.ts'
import { noticeEvents } from './notice.ts'
import { packageEvents } from './package.ts'
import { personEvents } from './person.ts'
import { receiptEvents } from './receipt.ts'
import { recordingEvents } from './recording.ts'
import { renditionEvents } from './rendition.ts'
import { renditionSupplyEvents } from './rendition-supply.ts'
import { rosterEvents } from './roster.ts'
import { settingEvents } from './setting.ts'
import { spareEvents } from './spare.ts'
import { thirdSignatureEvents } from './third-signature.ts'
import { uploadEvents } from './upload.ts'
import { viewingEvents } from './viewing.ts'

/** Every kind of custody event. A kind that is not here cannot be written. */
export const eventKinds = {
  ...ledgerEvents,
  ...accountEvents,
  ...personEvents,
  ...spareEvents,
  ...custodianEvents,
  ...deputyshipEvents,
  ...noticeEvents,
  ...deviceEvents,
  ...dockReportEvents,
  ...dockEvents,
  ...handInEvents,
  ...gapEvents,
  ...rosterEvents,
  ...dockPassEvents,
  ...uploadEvents,
  ...recordingEvents,
  ...receiptEvents,
  ...clearingEvents,
  ...renditionEvents,
  ...renditionSupplyEvents,
  ...caseEvents,
  ...viewingEvents,
  ...packageEvents,
  ...settingEvents,
  ...thirdSignatureEvents,
  ...alarmEvents,
} as const

export type EventKind = keyof typeof eventKinds

/** What an event of this kind says besides who, when and about what. */
export type DetailsOf<Kind extends EventKind> = {
  [One in Kind]: DetailsIn<(typeof eventKinds)[One]['shape']>
}[Kind]

export function isEventKind(kind: string): kind is EventKind {
  return Object.hasOwn(eventKinds, kind)
}

/** Name of a kind, Chinese unless asked otherwise; of a kind that this version does not know, the kind itself. */
export function kindName(kind: string, language: 'zh' | 'en' = 'zh'): string {
  return isEventKind(kind) ? eventKinds[kind][language] : kind
}

declare module '../../foundation/http/access.ts' {
  interface RouteEvents extends Record<EventKind, true> {}
}
