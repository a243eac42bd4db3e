import type { paths } from '../api/dock.js'

// The words of the agent's own document, by the names that the screen uses.

type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } }
}
  ? Body
  : never
type Asked<Path extends keyof paths> = paths[Path] extends {
  post: { requestBody: { content: { 'application/json': infer Body } } }
}
  ? Body
  : never

export type ScreenState = Answer<'/screen/state'>
export type Head = Omit<ScreenState, 'slots'>
export type SlotCard = ScreenState['slots'][number]
export type SlotWord = SlotCard['word']
export type AttentionWord = NonNullable<SlotCard['attention']>['word']
export type RecentHandIn = ScreenState['recent'][number]
export type SlotDetail = Answer<'/screen/slots/{slot}'>
export type SlotFile = SlotDetail['files'][number]
export type SlotGap = SlotDetail['gaps'][number]
export type DeviceChoice = Answer<'/screen/slots/{slot}/devices'>['devices'][number]
export type DeskState = NonNullable<Answer<'/screen/desk'>['desk']>
export type DeskMedium = DeskState['media'][number]
export type DeskImport = Asked<'/screen/desk/imports'>
export type Explanation = Asked<'/screen/slots/{slot}/explanations'>
export type GapReason = Explanation['reason']
export type Statement = Asked<'/screen/slots/{slot}/statements'>
export type WhoseVolume = Asked<'/screen/slots/{slot}/whose'>
export type PickUp = Asked<'/screen/slots/{slot}/pick-up'>
export type ScreenPerson = Answer<'/screen/slots/{slot}/people'>['people'][number]
export type Taking = Asked<'/screen/slots/{slot}/taking'>
export type KeptCard = Asked<'/screen/slots/{slot}/kept-card'>
export type SignIn = Asked<'/screen/slots/{slot}/session'>
export type SignedIn = paths['/screen/slots/{slot}/session']['post']['responses'][200]['content']['application/json']
export type IdentityGrade = SignedIn['grade']
