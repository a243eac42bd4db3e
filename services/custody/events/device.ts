import { Type } from 'typebox'
import { deviceKinds, deviceStates, userGrades } from '../../foundation/db/words.ts'
import { event } from './event.ts'
import { Bytes, Count, closed, Digest, Id, Milliseconds, orNull, Text, Time, wordOf, YesNo } from './shapes.ts'
import { signatureMembers } from './signature.ts'
import { signedListMembers } from './signed-list.ts'
import { deviceActNames, originNames } from './words.ts'

const StateWord = Type.Enum([...deviceStates])
const Holding = closed({ state: StateWord, holderId: orNull(Id) })

const Missing = closed({ files: Count, gaps: Count })

/** A change of who keeps a device (保管人): null is the unit. */
const KeeperChange = { changeId: Id, fromPersonId: orNull(Id), toPersonId: orNull(Id) }
const keeperSubjects = { device: 'one', 'device-register': 'one', person: 'several' } as const

/** The register of devices, and what a dock says it found on one. */
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
    details: {
      from: Holding,
      to: Holding,
      note: Text,
      /** Which act it is; absent in older bodies, and where the state alone was set. */
      act: Type.Optional(wordOf(deviceActNames)),
      /** Of repair, loan and retirement: whether the card was taken out. */
      cardTakenOut: Type.Optional(YesNo),
      /**
       * What is not safely here of the device: listed files without a receipt, in older bodies those without a recording, and
       * gaps that nobody has closed.
       */
      missing: Type.Optional(Missing),
      /** Of a loss: when it was last handed in, and who was told. */
      lastHandInAt: Type.Optional(orNull(Time)),
      toldTo: Type.Optional(Text),
      /** Of a loan: to whom. */
      lentTo: Type.Optional(Text),
      /** The act that one person has asked for and this one confirms. */
      actId: Type.Optional(Id),
    },
    rows: (event, replay) => {
      const { to, actId } = event.details
      const serial = event.keyOf('device')
      replay.set('device', serial, { state: to.state, holder_id: to.holderId })
      if (actId !== undefined) replay.set('device_act', `${serial}/${actId}`, decided(event, true))
    },
  }),
  'device.act_asked': event({
    zh: '申请处置设备（尚有未入库文件）',
    en: 'device act asked for while files are missing',
    subjects: { device: 'one', 'device-register': 'one' },
    details: {
      actId: Id,
      act: wordOf(deviceActNames),
      cardTakenOut: YesNo,
      missing: Missing,
      note: Text,
      lentTo: Type.Optional(Text),
      /** Of a loss: who was told. */
      toldTo: Type.Optional(Text),
    },
    rows: (event, replay) => {
      const { actId, act, cardTakenOut, missing, note, lentTo, toldTo } = event.details
      replay.set('device_act', `${event.keyOf('device')}/${actId}`, {
        act,
        card_taken_out: cardTakenOut,
        files_missing: missing.files,
        gaps_open: missing.gaps,
        note,
        lent_to: lentTo ?? null,
        told_to: toldTo ?? null,
        asked_by: event.actor,
        asked_at: event.at,
        decided_by: null,
        decided_at: null,
        confirmed: null,
      })
    },
  }),
  'device.act_refused': event({
    zh: '不同意处置设备',
    en: 'device act refused',
    subjects: { device: 'one', 'device-register': 'one' },
    details: { actId: Id, act: wordOf(deviceActNames) },
    rows: (event, replay) =>
      replay.set('device_act', `${event.keyOf('device')}/${event.details.actId}`, decided(event, false)),
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
      /** Whose device it is was said at the dock by somebody (`station.volume_stated`); absent: the volume named it itself. */
      deviceStated: Type.Optional(YesNo),
      /** Who counted as the user of the shift when it was opened. Absent in bodies written before it was a member: nothing is concluded then. */
      counts: Type.Optional(
        closed({
          person: orNull(Id),
          grade: Type.Enum([...userGrades]),
          /** That the list names another user than whoever counts. */
          differs: Type.Optional(YesNo),
        }),
      ),
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
      const { listSha256, signature, counts } = event.details
      replay.set('hand_in', event.keyOf('hand_in'), {
        dock_id: event.subject('dock'),
        device_serial: event.subject('device'),
        list_sha256: listSha256,
        lines_as_signed: true,
        ...(event.details.head && { user_id: event.subject('person') }),
        ...(counts && { concerned_id: counts.person, concerned_grade: counts.grade }),
        signature: Buffer.from(signature, 'base64').toString('hex'),
        opened_at: event.at,
        device_stated: event.details.deviceStated ?? false,
      })
    },
  }),
} as const

function decided(event: { readonly actor: string; readonly at: string }, confirmed: boolean) {
  return { decided_by: event.actor, decided_at: event.at, confirmed }
}
