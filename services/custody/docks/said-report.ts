import type { EmergencyReason, SaidGrade, VolumeAnswer } from '../events/words.ts'

export interface SaidBy {
  /** Who it was, as far as somebody said; an id that nobody has is kept as it was said. */
  readonly personId: string | null
  readonly grade: SaidGrade
}

/** What a dock reports beside files, by kind. Times are ISO 8601 in UTC; `serial` is that of the device. */
export type SaidReport = { readonly saidAt: string } & (
  | {
      readonly kind: 'device_checked'
      readonly serial: string
      readonly batteryPercent: number | null
      readonly freePercent: number | null
      readonly clockOffsetMs: number | null
      readonly lastReceiptAt: string | null
    }
  | { readonly kind: 'device_taken'; readonly serial: string; readonly by: SaidBy }
  /** [本次保留]: nothing of it is cleared in this docking. */
  | { readonly kind: 'kept_this_time'; readonly serial: string; readonly by: SaidBy }
  | {
      readonly kind: 'picked_up_in_emergency'
      readonly serial: string
      /** Null when no list had been signed yet. */
      readonly handInId: string | null
      /** Lines of the list that had not been read. */
      readonly remaining: readonly number[]
      readonly personId: string | null
      readonly reason: EmergencyReason
      readonly words: string | null
    }
  | { readonly kind: 'clock_set'; readonly serial: string; readonly offsetMs: number; readonly setTo: string }
  | {
      readonly kind: 'unlocked'
      /** Null: the device does not say it before it is open. */
      readonly serial: string | null
      readonly profile: string
      readonly ok: boolean
    }
  | {
      readonly kind: 'volume_stated'
      readonly uuid: string | null
      readonly answer: VolumeAnswer
      /** Of an answer `ours`. */
      readonly serial: string | null
      readonly words: string | null
      readonly by: SaidBy
    }
  | {
      readonly kind: 'card_kept'
      readonly serial: string
      /** Null: the newest of this device at this dock. */
      readonly handInId: string | null
      readonly sealNumber: string
      readonly keeper: string
      readonly place: string
      /** Absent from an older dock, which did not tell. */
      readonly by?: SaidBy
    }
)
export type ReportKind = SaidReport['kind']
export type ReportOf<Kind extends ReportKind> = Extract<SaidReport, { readonly kind: Kind }>
