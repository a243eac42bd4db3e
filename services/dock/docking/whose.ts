import type { Static } from 'typebox'
import { deviceOf } from '../ingest/register.ts'
import { phoneProfile } from '../profiles/profile.ts'
import type { WhoseVolume } from '../screen/schemas.ts'
import type { SaidBy } from '../spool/records.ts'
import type { StationDeps } from './deps.ts'
import { likePhoneWords } from './desk-words.ts'
import { changed, enter, type Session } from './session.ts'
import { shortened } from './shortened.ts'

/** A volume whose device is known may be read. */
export interface Whose {
  readonly serial: string
  readonly isForeign: boolean
}

/**
 * Finds whose a volume is: by what the device says, else by what somebody said of this file system before, else by asking;
 * also when the two are at odds. Until it is answered not one file of it is looked at; nor is one of what somebody says is no
 * device, for as long as it stays and nobody says otherwise.
 */
export async function whoseVolume(deps: StationDeps, session: Session): Promise<Whose> {
  const { volume } = session
  for (;;) {
    const register = deps.register.current()
    if (register) {
      const said = volume.facts.serial
      const device = said === null ? null : deviceOf(register, said)
      // Somebody's own telephone that charges here is left alone: the desk for cards takes it in.
      const isRegistered = device !== null && (device.kind !== 'phone' || volume.origin.kind === 'phone')
      const remembered = await rememberedOf(deps, session)
      // What somebody at the desk has just said counts before what was said of this file system earlier.
      const isSaidNow = volume.serialBy === 'stated' || volume.serialBy === 'label'
      const isContradicted =
        !isSaidNow && remembered !== null && (remembered.answer !== 'ours' || remembered.serial !== said)
      if (said !== null && isRegistered && !isContradicted) {
        session.serialBy = volume.serialBy ?? 'device'
        return { serial: said, isForeign: false }
      }
      // Of a device that claims to be another than somebody said before, somebody is asked anew.
      if (remembered && (!isRegistered || answered.has(session))) {
        session.serialBy ??= 'remembered'
        if (remembered.answer !== 'not_a_device') {
          return { serial: remembered.serial!, isForeign: remembered.answer === 'foreign' }
        }
        enter(session, 'ignored', deps.now())
      } else {
        enter(session, 'asking', deps.now())
        session.attention = { word: 'unknown_volume', detail: said ?? volume.origin.from }
      }
    }
    await changed(session, 2000)
  }
}

/** Answers without a UUID hold as long as the volume is in its slot. */
const answered = new WeakMap<Session, { answer: 'ours' | 'foreign' | 'not_a_device'; serial: string | null }>()

async function rememberedOf(deps: StationDeps, session: Session) {
  const { uuid } = session.volume
  const now = answered.get(session)
  if (now || uuid === null) return now ?? null
  const kept = await deps.answers.volume(uuid)
  // That one was no device says nothing of the next: cards are copied with their number.
  return kept?.answer === 'not_a_device' ? null : kept
}

/** Keeps what somebody at the screen said, tells the bureau, and lets the docking go on. */
export async function answerWhose(
  deps: StationDeps,
  session: Session,
  said: Static<typeof WhoseVolume>,
  by: SaidBy,
): Promise<void> {
  const { uuid, facts, id } = session.volume
  const serial =
    said.answer === 'ours' ? said.serial : said.answer === 'foreign' ? foreignSerial(facts.serial, uuid ?? id) : null
  if (uuid !== null && said.answer !== 'not_a_device') await deps.answers.keepVolume(uuid, said.answer, serial)
  await deps.answers.report(
    {
      id: deps.newId(),
      saidAt: new Date(deps.now()).toISOString(),
      kind: 'volume_stated',
      uuid,
      answer: said.answer,
      serial,
      words: wordsOf(said, session),
      by,
    },
    null,
  )
  answered.set(session, { answer: said.answer, serial })
  session.serialBy = said.answer === 'not_a_device' ? null : 'stated'
  session.attention = null
  deps.wake()
  session.wake()
}

function wordsOf(said: Static<typeof WhoseVolume>, { volume }: Session): string | null {
  if (said.answer === 'foreign') return said.words
  return said.answer === 'ours' && volume.profile === phoneProfile ? likePhoneWords : null
}

/**
 * A foreign volume without a serial of its own still needs one word for all of its files; one that gives itself for the station's
 * own test is none.
 */
function foreignSerial(said: string | null, mark: string): string {
  return said === null || said.startsWith('自检-') ? shortened(`外单位 ${said ?? mark}`, 64) : said
}
