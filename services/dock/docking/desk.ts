import { deviceLabel } from '../../foundation/device-label.ts'
import { Fault } from '../../foundation/errors.ts'
import { deviceOf, personOf, type RegisterDevice, type RegisterPerson } from '../ingest/register.ts'
import type { DeskImport, DeskState } from '../screen/schemas-desk.ts'
import type { Desk } from '../screen/screen-model.ts'
import type { CardDesk, DeskMedium, DeskWord } from '../sources/card-desk.ts'
import { VolumeGone } from '../sources/source.ts'
import type { SaidBy } from '../spool/records.ts'
import type { StationDeps } from './deps.ts'
import { importWords, likePhoneWords } from './desk-words.ts'
import type { Dockings } from './dockings.ts'
import type { SignIns } from './sign-ins.ts'

/** No place on the wall: somebody shows his card at the desk before there is one. */
const deskPlace = 0

/**
 * The desk as the screen sees it (介质导入): what lies there, and whose it may be. A medium is taken in once somebody has said
 * of which device it is and who he is; its hand-in names him, and the bureau is told first whenever the device did not say
 * itself whose the medium is.
 */
export function openDesk(
  deps: StationDeps,
  desk: CardDesk,
  dockings: Pick<Dockings, 'all'>,
  signIns: Pick<SignIns, 'signIn' | 'signOut'>,
): Desk {
  const slotOf = (volumeId: string | null) => {
    const session = volumeId === null ? null : dockings.all().find(({ volume }) => volume.id === volumeId)
    return session && session.stage !== 'left' ? session.slot : null
  }
  const mediumOf = (id: string): DeskMedium => {
    const medium = desk.media().find((one) => one.id === id)
    if (!medium) throw new Fault('not_found', 'this medium is not here any more')
    if (medium.volumeId !== null && slotOf(medium.volumeId) !== null && medium.kind !== 'folder') {
      throw new Fault('conflict', 'this medium is being taken in')
    }
    return medium
  }
  const whoSays = async (serial: string, by: NonNullable<DeskImport['by']>): Promise<Said> => {
    if ('card' in by) {
      const stay = deps.newId()
      const { person, grade } = await signIns.signIn(deskPlace, { serial, stay, handInId: null }, by)
      signIns.signOut(deskPlace)
      return { person, by: { personId: person.id, grade } }
    }
    const person = personOf(deps.register.current(), by.personId)
    if (!person) throw new Fault('not_found', 'the register has no such person')
    return { person, by: { personId: person.id, grade: 'slot' } }
  }

  return {
    state(): DeskState {
      const register = deps.register.current()
      return {
        media: desk.media().map(({ volumeId, usedBytes, isLikePhone: _, ...medium }) => ({
          ...medium,
          bytes: usedBytes,
          slot: slotOf(volumeId),
        })),
        devices: (register?.devices ?? [])
          .filter(({ state }) => state !== 'retired')
          .toSorted((one, other) => Number(isRecorder(one)) - Number(isRecorder(other)))
          .map(({ serial, kind, model, keeper }) => {
            const name = personOf(register, keeper)?.name ?? null
            return { serial, kind, model, keeper: name, label: deviceLabel(serial) }
          }),
        people: (register?.people ?? []).map(({ id, name, number }) => ({ id, name, number })),
      }
    },
    async begin(asked) {
      const medium = mediumOf(asked.medium)
      const volumeId = await begun(deps, desk, medium, asked, whoSays)
      const slot = slotOf(volumeId)
      if (slot === null) throw new Fault('conflict', 'this medium went at once')
      return { slot }
    },
  }
}

/** A recorder has its place on the wall: what lies at the desk is rarely of one. */
const isRecorder = ({ kind }: RegisterDevice) => kind === 'recorder'

interface Said {
  readonly person: Pick<RegisterPerson, 'id' | 'name' | 'number'>
  readonly by: SaidBy
}

async function begun(
  deps: StationDeps,
  desk: CardDesk,
  medium: DeskMedium,
  { serial, by, isScanned }: DeskImport,
  whoSays: (serial: string, by: NonNullable<DeskImport['by']>) => Promise<Said>,
): Promise<string> {
  if (serial === null) return handOn(desk, medium, null)
  const device = deviceOf(deps.register.current(), serial)
  if (!device) throw new Fault('not_found', 'the register has no such device')
  if (!by) throw new Fault('bad_request', 'by: who takes the files in is part of their list')
  const said = await whoSays(serial, by)
  const isSaid = medium.serial !== serial
  const before = async () => (isSaid ? tellStated(deps, medium, device, said.by) : undefined)
  return handOn(desk, medium, wordOf(deps, medium, device, said, isScanned), before)
}

function wordOf(
  deps: StationDeps,
  medium: DeskMedium,
  device: RegisterDevice,
  { person, by }: Said,
  isScanned: boolean,
): DeskWord {
  const { serial, kind } = device
  const keeper = personOf(deps.register.current(), device.keeper)
  return {
    serial,
    serialBy: medium.serial === serial ? 'device' : isScanned ? 'label' : 'stated',
    isPhone: kind === 'phone',
    from: importWords({
      ...{ medium: medium.kind, person, grade: by.grade, serial, deviceKind: kind, keeper },
      isLikePhone: medium.isLikePhone,
    }),
  }
}

/** Before the list: the bureau marks the next hand-in of that device here. */
async function tellStated(
  deps: StationDeps,
  medium: DeskMedium,
  { serial, kind }: RegisterDevice,
  by: SaidBy,
): Promise<void> {
  const remarks = [
    ...(medium.serial === null ? [] : [`介质自报 ${medium.serial}`]),
    ...(medium.isLikePhone && kind !== 'phone' ? [likePhoneWords] : []),
  ]
  const words = remarks.length === 0 ? null : remarks.join('；')
  const saidAt = new Date(deps.now()).toISOString()
  const report = { id: deps.newId(), saidAt, kind: 'volume_stated', uuid: null, answer: 'ours', serial, words, by }
  await deps.answers.report(report, null)
  deps.wake()
}

async function handOn(
  desk: CardDesk,
  medium: DeskMedium,
  word: DeskWord | null,
  before?: () => Promise<void>,
): Promise<string> {
  try {
    return await desk.begin(medium.id, word, before)
  } catch (error) {
    if (error instanceof VolumeGone) throw new Fault('conflict', error.message, { cause: error })
    throw error
  }
}
