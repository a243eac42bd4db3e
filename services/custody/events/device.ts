import { Type } from 'typebox'
import { deviceKinds, deviceStates, userGrades } from '../../foundation/db/words.ts'
import { event } from './event.ts'
import { Bytes, Count, closed, Digest, Id, Milliseconds, orNull, Text, wordOf } from './shapes.ts'
import { signatureMembers } from './signature.ts'
import { signedListMembers } from './signed-list.ts'
import { originNames } from './words.ts'

const StateWord = Type.Enum([...deviceStates])
const Holding = closed({ state: StateWord, holderId: orNull(Id) })

/** A change of who keeps a device (保管人): null is the unit. */
const KeeperChange = { changeId: Id, fromPersonId: orNull(Id), toPersonId: orNull(Id) }
const keeperSubjects = { device: 'one', 'device-register': 'one', person: 'several' } as const

/** The registers of devices and docks, and what a dock says it found on a device. */
export const deviceEvents = {
  'device.registered': event({
    zh: '设备登记',
    en: 'device registered',
    subjects: { device: 'one', 'device-register': 'one', person: 'optional' },
    details: {
      deviceKind: Type.Enum([...deviceKinds]),
      state: StateWord,
      holderId: orNull(Id),
      /** Absent in bodies written before it was a member: nothing is concluded of the row's model then. */
      model: Type.Optional(orNull(Text)),
    },
    rows: (event, replay) => {
      const { deviceKind, state, holderId, model } = event.details
      replay.set('device', event.keyOf('device'), {
        kind: deviceKind,
        ...(model !== undefined && { model }),
        state,
        holder_id: holderId,
        registered_at: event.at,
      })
    },
  }),
  'device.changed': event({
    zh: '设备变更',
    en: 'device changed',
    subjects: { device: 'one', 'device-register': 'one', person: 'optional' },
    details: { from: Holding, to: Holding, note: Text },
    rows: (event, replay) => {
      const { state, holderId } = event.details.to
      replay.set('device', event.keyOf('device'), { state, holder_id: holderId })
    },
  }),
  'device.keeper_asked': event({
    zh: '申请变更设备保管人',
    en: 'change of a device keeper asked for',
    subjects: keeperSubjects,
    details: { ...KeeperChange, note: Text },
    rows: (event, replay) => {
      const { changeId, fromPersonId, toPersonId, note } = event.details
      replay.set('device_keeper_change', `${event.keyOf('device')}/${changeId}`, {
        from_person_id: fromPersonId,
        to_person_id: toPersonId,
        note,
        asked_by: event.actor,
        asked_at: event.at,
        decided_by: null,
        decided_at: null,
        confirmed: null,
      })
    },
  }),
  'device.keeper_changed': event({
    zh: '变更设备保管人',
    en: 'device keeper changed',
    subjects: keeperSubjects,
    details: { ...KeeperChange, ...signatureMembers, ...signedListMembers },
    rows: (event, replay) => {
      const serial = event.keyOf('device')
      replay.set('device', serial, { holder_id: event.details.toPersonId })
      replay.set('device_keeper_change', `${serial}/${event.details.changeId}`, decided(event, true))
    },
  }),
  'device.keeper_refused': event({
    zh: '不同意变更设备保管人',
    en: 'change of a device keeper refused',
    subjects: keeperSubjects,
    details: { ...KeeperChange, ...signatureMembers },
    rows: (event, replay) =>
      replay.set('device_keeper_change', `${event.keyOf('device')}/${event.details.changeId}`, decided(event, false)),
  }),
  'dock.registered': event({
    zh: '采集站登记',
    en: 'dock registered',
    subjects: { dock: 'one', 'dock-register': 'one' },
    details: { name: Text, publicKey: Text },
    rows: (event, replay) => {
      const { name, publicKey } = event.details
      replay.set('dock', event.keyOf('dock'), {
        name,
        public_key: publicKey,
        registered_at: event.at,
        released_by: null,
        released_at: null,
        revoked_at: null,
      })
    },
  }),
  'dock.released': event({
    zh: '采集站复核启用',
    en: 'dock released',
    subjects: { dock: 'one', 'dock-register': 'one' },
    details: { ...signatureMembers, ...signedListMembers },
    rows: (event, replay) =>
      replay.set('dock', event.keyOf('dock'), { released_by: event.actor, released_at: event.at }),
  }),
  'dock.revoked': event({
    zh: '采集站停用',
    en: 'dock revoked',
    subjects: { dock: 'one', 'dock-register': 'one' },
    details: {},
    rows: (event, replay) => replay.set('dock', event.keyOf('dock'), { revoked_at: event.at }),
  }),
  'hand_in.opened': event({
    zh: '提交交存单',
    en: 'hand-in opened',
    subjects: { hand_in: 'one', 'hand-in-list': 'one', device: 'one', dock: 'one', person: 'optional' },
    details: {
      files: Count,
      bytes: Bytes,
      /** Of what the dock signed: the head of the list; of lists of version 1 the whole list. */
      listSha256: Digest,
      /** base64 of the dock's Ed25519 signature over it. */
      signature: Text,
      /** As the dock wrote it. */
      openedAt: Text,
      clockOffsetMs: orNull(Milliseconds),
      /** The rest of the signed head, from version 2 on; together with the device's serial it can be written again. */
      head: Type.Optional(
        closed({
          v: Type.Literal(2),
          origin: orNull(closed({ kind: wordOf(originNames), from: orNull(Text) })),
          user: orNull(closed({ person: Id, grade: Type.Enum([...userGrades]) })),
          filesRoot: Digest,
        }),
      ),
    },
    rows: (event, replay) => {
      const { listSha256, signature } = event.details
      replay.set('hand_in', event.keyOf('hand_in'), {
        dock_id: event.subject('dock'),
        device_serial: event.subject('device'),
        list_sha256: listSha256,
        lines_as_signed: true,
        ...(event.details.head && { user_id: event.subject('person') }),
        signature: Buffer.from(signature, 'base64').toString('hex'),
        opened_at: event.at,
      })
    },
  }),
} as const

function decided(event: { readonly actor: string; readonly at: string }, confirmed: boolean) {
  return { decided_by: event.actor, decided_at: event.at, confirmed }
}
