import type { Static } from 'typebox'
import type {
  DeviceChoice,
  EmergencyPickUp,
  Explanation,
  KeptCard,
  ScreenPerson,
  ScreenState,
  SignedIn,
  SignIn,
  SlotCard,
  SlotDetail,
  Statement,
  Taking,
  WhoseVolume,
} from './schemas.ts'
import type { DeskImport, DeskState } from './schemas-desk.ts'
import type { RecentHandIn } from './schemas-recent.ts'

/** What the routes of the screen stand on. The agent is one; the gallery of the tests is another. */
export interface ScreenModel {
  state(): ScreenState
  /** Calls back with the whole card of each slot that changed, at most four times a second a slot, and for the head. */
  subscribe(listener: (change: { card: SlotCard } | { head: Omit<ScreenState, 'slots'> }) => void): () => void
  /** Everything that left its slot between two times, the newest first, also before the agent was started anew. */
  handIns(between: { fromMs: number; untilMs: number }): Promise<RecentHandIn[]>
  /** @throws not_found for a place that the station does not have */
  slot(slot: number): SlotDetail
  devicesFor(slot: number): readonly DeviceChoice[]
  /** Who may be taking the device of a slot, or keeping its card: the likeliest first. */
  peopleFor(slot: number): readonly Static<typeof ScreenPerson>[]
  /** Each answers once it is on the spool. @throws conflict when the slot does not wait for it any more; not_found */
  explain(slot: number, explanation: Static<typeof Explanation>): Promise<void>
  say(slot: number, statement: Static<typeof Statement>): Promise<void>
  whose(slot: number, answer: Static<typeof WhoseVolume>): Promise<void>
  keep(slot: number): Promise<void>
  clear(slot: number): Promise<void>
  pickUp(slot: number, pickUp: Static<typeof EmergencyPickUp>): Promise<void>
  /** Somebody takes the device along, before it is lifted or right after. */
  take(slot: number, taking: Static<typeof Taking>): Promise<void>
  /** 留存原卡: the card of the slot's list is under seal. */
  keepCard(slot: number, kept: KeptCard): Promise<void>
  signIn(slot: number, by: Static<typeof SignIn>): Promise<Static<typeof SignedIn>>
  /** The one who signed in touched the screen again. @throws gone when the time had ended, or nobody had signed in */
  stay(slot: number): Promise<Static<typeof SignedIn>>
  signOut(slot: number): void
  /** @throws not_ready when the printer does not print: what is wrong with it, in words */
  print(slot: number): Promise<void>
  /** The slip as a page, for a printer of the browser and for the picture in the README: `slipPage` of slip.ts. */
  slip(slot: number): Promise<string>
  /** The desk for cards and exports; absent or null where the station has none. */
  readonly desk?: Desk | null
}

/** The desk for cards and exports (介质导入). */
export interface Desk {
  state(): DeskState
  /**
   * Hands a medium on; answers the slot where it is taken in.
   *
   * @throws not_found, conflict when it is not there or is being taken in; wrong_role for a card that nobody has
   */
  begin(asked: DeskImport): Promise<{ readonly slot: number }>
}
