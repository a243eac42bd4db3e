import { deviceLabel } from '../../foundation/device-label.ts'
import { Fault } from '../../foundation/errors.ts'
import { deviceOf, personOf, type RegisterDevice } from '../ingest/register.ts'
import type { DeviceChoice, ScreenState, SlotCard, SlotDetail } from '../screen/schemas.ts'
import type { Desk, ScreenModel } from '../screen/screen-model.ts'
import { slipPage } from '../screen/slip.ts'
import type { SourceTrouble } from '../sources/source.ts'
import { saveStay } from '../spool/dockings.ts'
import { handedOverBetween } from '../spool/handed-over.ts'
import type { SaidBy } from '../spool/records.ts'
import { cardOf, emptyCard, shownFile } from './card.ts'
import { openChanges } from './changes.ts'
import type { StationDeps } from './deps.ts'
import type { Dockings } from './dockings.ts'
import { takersOf } from './fitness.ts'
import { keepTaker } from './lifted.ts'
import { policyOf, waitsForSeal } from './policy-of.ts'
import { openRates } from './rates.ts'
import { readableName } from './readable-name.ts'
import type { Session } from './session.ts'
import type { SignIns } from './sign-ins.ts'
import { type SlipSettings, slipOf } from './slip-of.ts'
import { type Head, headOf, type SpoolState, type StationSettings } from './station-state.ts'
import { needsDevice } from './take-in.ts'
import { answerWhose } from './whose.ts'

export interface Slips extends SlipSettings {
  /** @throws not_ready: what is wrong with the printer, in words */
  readonly print: (page: string) => Promise<void>
}

export interface StationModel extends ScreenModel {
  /** Ends the calls to whoever has subscribed. */
  close(): void
}

/** The agent as its screen sees it. What somebody says is on the spool before its call resolves. */
export function openScreenModel(
  deps: StationDeps,
  station: {
    settings: StationSettings
    dockings: Dockings
    spool: SpoolState
    trouble: () => SourceTrouble | null
    slips: Slips
    desk: Desk | null
    signIns: SignIns
  },
): StationModel {
  const { settings, dockings, slips, signIns } = station
  const rates = openRates()
  const requireSlot = (slot: number) => {
    if (slot < 1 || slot > settings.slots) throw new Fault('not_found', `this station has ${settings.slots} slots`)
  }
  const card = (slot: number): SlotCard => {
    const session = dockings.inSlot(slot)
    if (!session) return emptyCard(slot)
    const hasRefusedPost = session.handIn !== null && deps.troubles.has(session.handIn.id)
    const all = dockings.all()
    return cardOf(session, { register: deps.register.current(), rates, all, hasRefusedPost }, deps.now())
  }
  const cards = () => Array.from({ length: settings.slots }, (_, place) => card(place + 1))
  const head = (all: readonly SlotCard[]): Head =>
    headOf(
      deps,
      station,
      all.reduce((sum, { bytesPerSecond }) => sum + bytesPerSecond, 0),
    )
  const changes = openChanges({ cards, head })
  const sessionIn = (slot: number): Session => {
    requireSlot(slot)
    const session = dockings.inSlot(slot)
    if (!session || session.stage === 'left') throw new Fault('conflict', 'there is nothing in this slot any more')
    return session
  }
  /** Also one that was just taken out. */
  const lastIn = (slot: number): Session => {
    requireSlot(slot)
    const session = dockings.inSlot(slot)
    if (!session) throw new Fault('conflict', 'there is nothing in this slot any more')
    return session
  }
  const byAt = (slot: number, session: Session): SaidBy => {
    const signedIn = signIns.at(slot, session.volume.id)
    if (signedIn) return { personId: signedIn.person.id, grade: signedIn.grade }
    return { personId: session.person?.id ?? session.device?.keeper ?? null, grade: 'slot' }
  }
  const saidAt = () => new Date(deps.now()).toISOString()
  const detail = (slot: number): SlotDetail => {
    requireSlot(slot)
    const session = dockings.inSlot(slot)
    return detailOf(deps, card(slot), session)
  }
  const slip = async (slot: number) => {
    const session = lastIn(slot)
    return slipPage(await slipOf(deps, { station: settings.name, settings: slips }, session, detail(slot)))
  }

  return {
    state: (): ScreenState => {
      const all = cards()
      return { ...head(all), slots: all }
    },
    desk: station.desk,
    subscribe: changes.subscribe,
    close: changes.close,
    handIns: (between) => handedOverBetween(deps.database, between),
    slot: detail,
    devicesFor: (slot) => devicesFor(deps, dockings, sessionIn(slot)),
    async explain(slot, { gapId, reason, words }) {
      const session = sessionIn(slot)
      const gap = session.gaps.find(({ id }) => id === gapId)
      if (!gap) throw new Fault('not_found', 'there is no such gap at this slot')
      const by = byAt(slot, session)
      const explained = { reason, words, grade: by.grade }
      const body = { id: deps.newId(), gapId, reason, words, by, saidAt: saidAt() }
      const post = { path: '/hand-ins/{handIn}/explanations', body }
      await deps.answers.keepExplanation(session.handIn!.id, gapId, explained, post)
      gap.explained = explained
      deps.wake()
    },
    async say(slot, { kind, numbers, words }) {
      const session = sessionIn(slot)
      if (!session.handIn) throw new Fault('conflict', 'nothing is handed in at this slot')
      const count = session.handIn.files.length
      if (numbers.some((number) => number >= count)) throw new Fault('not_found', `the list has ${count} files`)
      const by = byAt(slot, session)
      const statement = { id: deps.newId(), kind, numbers, words, grade: by.grade }
      await deps.answers.keepStatement(session.handIn.id, statement, by, saidAt())
      session.statements.push(statement)
      deps.wake()
    },
    async whose(slot, answer) {
      const session = sessionIn(slot)
      if (session.stage !== 'asking' && session.stage !== 'ignored')
        throw new Fault('conflict', 'nobody asks whose this volume is')
      if (answer.answer === 'ours') requireDockable(deviceOf(deps.register.current(), answer.serial))
      await answerWhose(deps, session, answer, byAt(slot, session))
    },
    async keep(slot) {
      const session = sessionIn(slot)
      if (!session.serial) throw new Fault('conflict', 'nobody has said yet whose this volume is')
      const { serial, isKept } = session
      await saveStay(deps.database, serial, { isKept: true, leftMs: null, slot })
      session.isKept = true
      session.wake()
      if (isKept) return
      const report = { id: deps.newId(), saidAt: saidAt(), kind: 'kept_this_time', serial, by: byAt(slot, session) }
      await deps.answers.report(report, null)
      deps.wake()
    },
    async clear(slot) {
      const session = sessionIn(slot)
      if (policyOf(deps.register.current(), session) !== 'ask' || session.stage === 'released') {
        throw new Fault('conflict', 'this device is not cleared on request')
      }
      session.clearAskedBy = byAt(slot, session)
      session.wake()
    },
    async pickUp(slot, { personId, reason }) {
      const session = sessionIn(slot)
      const { handIn, serial, files } = session
      if (!handIn) throw new Fault('conflict', 'nothing is handed in at this slot yet')
      const remaining = files.filter(({ file }) => needsDevice(file)).map(({ number }) => number)
      const kind = 'picked_up_in_emergency'
      await deps.answers.report(
        { id: deps.newId(), saidAt: saidAt(), kind, serial, remaining, personId, reason },
        handIn.id,
      )
      await deps.book.saveHandIn(handIn, { pickedUpMs: deps.now() })
      session.isPickedUp = true
      deps.wake()
    },
    peopleFor: (slot) =>
      takersOf(lastIn(slot), deps.register.current(), deps.now()).map(({ id, name, number }) => ({ id, name, number })),
    async take(slot, { personId }) {
      const session = lastIn(slot)
      if (card(slot).check === null) throw new Fault('conflict', 'this device is not taken for a shift now')
      if (!personOf(deps.register.current(), personId)) throw new Fault('not_found', 'there is nobody of this id')
      const signedIn = signIns.at(slot, session.volume.id)
      await keepTaker(deps, session, { personId, grade: signedIn?.person.id === personId ? signedIn.grade : 'slot' })
    },
    async keepCard(slot, kept) {
      const session = lastIn(slot)
      const { handIn, serial } = session
      if (!handIn || !waitsForSeal(deps.register.current(), session)) {
        throw new Fault('conflict', 'no card of this slot is to be sealed now')
      }
      if (signIns.isCard(kept.sealNumber)) throw new Fault('bad_request', 'sealNumber: this is a work card')
      const report = { id: deps.newId(), saidAt: saidAt(), kind: 'card_kept', serial, ...kept, by: byAt(slot, session) }
      await deps.answers.keepCard(handIn.id, kept, report)
      session.keptCard = kept
      deps.wake()
    },
    signIn: (slot, by) => {
      const { serial, volume, handIn } = sessionIn(slot)
      return signIns.signIn(slot, { serial, stay: volume.id, handInId: handIn?.serverId ?? null }, by)
    },
    stay: async (slot) => signIns.stay(slot, sessionIn(slot).volume.id),
    signOut: (slot) => signIns.signOut(slot),
    async print(slot) {
      await slips.print(await slip(slot))
      lastIn(slot).isPrinted = true
    },
    slip,
  }
}

function detailOf(deps: StationDeps, card: SlotCard, session: Session | null): SlotDetail {
  return {
    card,
    handInId: session?.handIn?.serverId ?? session?.handIn?.id ?? null,
    insertedAt: session?.insertedMs ?? null,
    model: session?.device?.model ?? null,
    clockOffsetMs: session?.volume.facts.clockOffsetMs ?? null,
    isClockSet: session?.isClockSet ?? false,
    serialBy: session?.serialBy ?? null,
    policy: session ? policyOf(deps.register.current(), session) : 'keep',
    isKeptThisTime: session?.isKept ?? false,
    keptCard: session?.keptCard ?? null,
    files: session?.files.map((docked) => shownFile(docked, session.reading, readableName)) ?? [],
    gaps: session ? shownGaps(session) : [],
    statements: session?.statements.map(({ id: _, numbers, ...said }) => ({ ...said, numbers: [...numbers] })) ?? [],
  }
}

function shownGaps({ gaps, handIn }: Session): SlotDetail['gaps'] {
  const nameOf = (number: number | null) => {
    const file = number === null ? undefined : handIn?.files[number]
    return file ? readableName(file.name) : null
  }
  return gaps.map(({ beforeNumber, afterNumber, ...gap }) => ({
    ...gap,
    before: nameOf(beforeNumber),
    after: nameOf(afterNumber),
  }))
}

/** The likeliest first: the person's own, then those of today's roster, then the others; what is docked already comes last. */
function devicesFor(deps: StationDeps, dockings: Dockings, session: Session): DeviceChoice[] {
  const register = deps.register.current()
  const rostered = new Set(register?.roster.map(({ serial }) => serial))
  const weight = (serial: string) =>
    (dockings.isDocked(serial) ? 4 : 0) +
    (serial === session.volume.facts.serial ? -2 : 0) +
    (rostered.has(serial) ? 0 : 1)
  return (register?.devices ?? [])
    .filter(({ state, kind }) => state !== 'retired' && kind !== 'phone')
    .toSorted((a, b) => weight(a.serial) - weight(b.serial) || (a.serial < b.serial ? -1 : 1))
    .map(({ serial, kind, model, keeper }) => ({
      serial,
      kind,
      model,
      keeper: personOf(register, keeper)?.name ?? null,
      label: deviceLabel(serial),
    }))
}

/** @throws not_found; conflict for somebody's own telephone, which the desk for cards takes in */
function requireDockable(device: RegisterDevice | null): void {
  if (!device) throw new Fault('not_found', 'the register has no such device')
  if (device.kind === 'phone') throw new Fault('conflict', 'a telephone is taken in at the desk for cards')
}
