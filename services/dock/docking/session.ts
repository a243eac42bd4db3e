import type { RegisterDevice, RegisterPerson } from '../ingest/register.ts'
import type { AttentionWord } from '../screen/card-words.ts'
import type { KeptCard } from '../screen/schemas.ts'
import type { LeftOut, SerialGrade, Volume } from '../sources/source.ts'
import type { FileRecord, GapRecord, HandInRecord, SaidBy, StatementRecord } from '../spool/records.ts'
import type { DockedFile } from './docked-files.ts'

/** Where a docking stands, in its order; the last three are ends. */
export type Stage =
  | 'recognising'
  | 'asking'
  | 'listing'
  | 'taking_in'
  | 'settling'
  | 'clearing'
  | 'released'
  | 'stopped'
  | 'ignored'
  | 'left'

/** Battery, clock and free space as they were last heard of. */
export interface KnownCondition {
  readonly batteryPercent: number | null
  readonly clockOffsetMs: number | null
  /** Rounded down. */
  readonly freePercent: number | null
}

/** One volume in its slot. Facts that must outlive it are on the spool; this is what the screen and the docking share. */
export interface Session {
  readonly volume: Volume
  readonly slot: number
  readonly insertedMs: number
  /** Aborted with the reason of its end: VolumeGone, TwinFound. */
  abort: AbortController
  stage: Stage
  stageMs: number
  serial: string | null
  serialBy: SerialGrade | null
  isForeign: boolean
  device: RegisterDevice | null
  person: RegisterPerson | null
  handIn: HandInRecord | null
  files: readonly DockedFile[]
  /** What is on it besides the files of its list, where that is much more than usual. */
  leftOut: LeftOut | null
  /** Files that lie where an earlier list had another one. */
  changed: number
  gaps: GapRecord[]
  statements: StatementRecord[]
  /** The list is signed and kept, and the device gave its first bytes. */
  hasBegun: boolean
  isKept: boolean
  /** It was not taken away since its last docking: the bus was reset, or it went to another slot. */
  isSameStay: boolean
  /** Who tapped [清空]; null: nobody yet. */
  clearAskedBy: SaidBy | null
  isPickedUp: boolean
  /** A slip was printed before. */
  isPrinted: boolean
  attention: { readonly word: AttentionWord; readonly detail: string | null } | null
  /** The file that is being read now, and how far. */
  reading: { readonly file: FileRecord; readonly bytes: number } | null
  condition: KnownCondition
  /** This station has set the device's clock, after the list had said how far it was off. */
  isClockSet: boolean
  /** Of its list; null as long as nobody said it. */
  keptCard: KeptCard | null
  /** Who takes it along, as somebody said. */
  taker: SaidBy | null
  /** When everything that was to be done was done. */
  settledMs: number | null
  leftMs: number | null
  /** Somebody answered what was asked, or a fact changed. */
  wake: () => void
}

export function openSession(volume: Volume, slot: number, nowMs: number): Session {
  return {
    volume,
    slot,
    insertedMs: nowMs,
    abort: new AbortController(),
    stage: 'recognising',
    stageMs: nowMs,
    serial: null,
    serialBy: null,
    isForeign: false,
    device: null,
    person: null,
    handIn: null,
    files: [],
    leftOut: null,
    changed: 0,
    gaps: [],
    statements: [],
    hasBegun: false,
    isKept: false,
    isSameStay: false,
    clearAskedBy: null,
    isPickedUp: false,
    isPrinted: false,
    attention: null,
    reading: null,
    condition: {
      batteryPercent: volume.facts.batteryPercent,
      clockOffsetMs: volume.facts.clockOffsetMs,
      freePercent: percentOf(volume.freeBytes, volume.sizeBytes),
    },
    isClockSet: false,
    keptCard: null,
    taker: null,
    settledMs: null,
    leftMs: null,
    wake: () => undefined,
  }
}

/**
 * A device in its place on the wall, which is taken from there for a shift. A card in a reader, an exported folder or a
 * telephone at the desk is not: its device may be anywhere.
 */
export function isOnWall({ volume, device }: Pick<Session, 'volume' | 'device'>): boolean {
  const { origin, slot } = volume
  return device !== null && (origin.kind === 'mass_storage' || (origin.kind === 'mtp' && slot !== null))
}

/** A device of its own, not a card, a store or an exported folder that another device has filled. */
export function isPluggedIn({ origin }: Pick<Volume, 'origin'>): boolean {
  return origin.kind === 'mass_storage' || origin.kind === 'mtp'
}

/** What lists of the same medium have in common: what was on another one says nothing of it. */
export function mediumOf(volume: Pick<Volume, 'uuid' | 'origin'>): string | null {
  const { uuid, origin } = volume
  return uuid ?? (isPluggedIn(volume) ? null : `${origin.kind}/${origin.from ?? ''}`)
}

/** `part` of `whole`; null where either is not known. */
export function percentOf(part: number | null, whole: number): number | null {
  return part === null || whole <= 0 ? null : Math.min(100, Math.floor((part / whole) * 100))
}

export function enter(session: Session, stage: Stage, nowMs: number): void {
  if (session.stage === stage) return
  session.stage = stage
  session.stageMs = nowMs
}

/** Resolves when something changed, or after `ms`; rejects with the reason of the session's end. */
export function changed(session: Session, ms: number): Promise<void> {
  const { signal } = session.abort
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      session.wake = () => undefined
    }
    const stop = () => {
      end()
      reject(signal.reason)
    }
    const goOn = () => {
      end()
      resolve()
    }
    const timer = setTimeout(goOn, ms)
    signal.addEventListener('abort', stop, { once: true })
    session.wake = goOn
  })
}
