import { leafHash } from '../../../services/ledger/format/entry.ts'
import {
  filesRootOf,
  type HandInLine,
  handInHeadBytes,
  lineDigest,
} from '../../../services/ledger/format/hand-in-list.ts'
import { parseSignerKey, signatureTypes, signBytes, signerKeyText } from '../../../services/ledger/format/keys.ts'
import { inclusionProof, rootOfPerfect } from '../../../services/ledger/format/merkle.ts'
import { type PlannedEvent, seededBytes } from './sample-log.ts'
import { hexOf, type SampleRecording, sampleId } from './sample-recordings.ts'

/** The people of the sample: role and name. */
const people = { administrator: '刘洋', supervisor: '李强', custodian: '王敏', officer: '张伟' } as const
type Role = keyof typeof people

export function personOf(seed: string, role: Role): { id: string; name: string } {
  return { id: sampleId(seed, role), name: people[role] }
}

/** Who acts, as an event names him. */
export function actorOf(seed: string, role: Role): { actor: string; actorRole: string } {
  return { actor: sampleId(seed, role), actorRole: role }
}

/** Subjects of the registers of the sample. */
export function sampleRegisters(seed: string, recordings: readonly SampleRecording[]): string[] {
  return [
    ...Object.keys(people).map((role) => `account:${sampleId(seed, role)}`),
    ...recordings.flatMap((recording) => [
      `device-register:${recording.device}`,
      `hand-in-list:${handInIdOf(seed, recording)}`,
    ]),
    `dock-register:${sampleId(seed, 'dock')}`,
    'custodianship:bureau',
  ]
}

export function dockSubjects(seed: string) {
  return [
    { type: 'dock', id: sampleId(seed, 'dock') },
    { type: 'dock-register', id: sampleId(seed, 'dock') },
  ]
}

/** What the bureau entered before any footage: its accounts, its custodian, a dock that two people had, its devices. */
export function registerEvents(seed: string, recordings: readonly SampleRecording[]): PlannedEvent[] {
  const setup = { actor: 'setup', actorRole: 'service' }
  const accountOf = (role: Role) => [
    { type: 'account', id: sampleId(seed, role) },
    { type: 'person', id: sampleId(seed, role) },
  ]
  const accounts = (Object.keys(people) as Role[]).map(
    (role): PlannedEvent => ({
      ...setup,
      kind: 'person.created',
      subjects: accountOf(role),
      details: { role, account: role, awaitsRelease: false, name: people[role] },
    }),
  )
  const dock = `dock:${sampleId(seed, 'dock')}`
  return [
    ...accounts,
    {
      ...setup,
      kind: 'custodian.appointed',
      subjects: [{ type: 'custodianship', id: 'bureau' }, accountOf('custodian')[1]!],
      details: {},
    },
    {
      ...actorOf(seed, 'administrator'),
      kind: 'dock.registered',
      subjects: dockSubjects(seed),
      details: { name: '一号采集站', publicKey: dockKey(seed).publicKey.toString('hex') },
    },
    {
      ...actorOf(seed, 'supervisor'),
      kind: 'dock.released',
      subjects: dockSubjects(seed),
      details: {},
      signs: { object: dock, kind: 'dock.registered', subject: dock },
    },
    ...recordings.map(
      ({ device }): PlannedEvent => ({
        ...actorOf(seed, 'administrator'),
        kind: 'device.registered',
        subjects: [
          { type: 'device', id: device },
          { type: 'device-register', id: device },
        ],
        details: { deviceKind: 'body_camera', state: 'in_service', holderId: null, model: null },
      }),
    ),
  ]
}

export function handInIdOf(seed: string, { device }: SampleRecording): string {
  return sampleId(seed, `hand-in ${device}`)
}

/** The key that the dock signs with; another name gives another key. */
export function dockKey(seed: string, name = 'dock') {
  return parseSignerKey(signerKeyText('dock', seededBytes(seed, `key ${name}`)(32), signatureTypes.ed25519))
}

/** The dock's list of a hand-in: the recording of the case between two files of other cases. */
export function sampleList(seed: string, recording: SampleRecording) {
  const random = seededBytes(seed, `list ${recording.device}`)
  const file = (number: number, name: string, bytes: Buffer, isRead = true): HandInLine => ({
    number,
    name: Buffer.from(name).toString('base64'),
    bytes: bytes.length,
    sha256: isRead ? hexOf('sha256', bytes) : null,
    deviceTime: number === 0 ? null : '2026-09-01 08:00:00',
    mark: number === 1,
  })
  const lines = [
    file(0, `REC_0000.${recording.extension}`, random(recording.original.length), false),
    file(1, `REC_0001.${recording.extension}`, recording.original),
    file(2, 'REC_0002.mp4', random(901)),
  ].map((line) => ({ line, salt: random(32) }))
  return { lines, digests: lines.map(({ line, salt }) => lineDigest(line, salt)), number: 1 }
}

/** The event that opens a recording's hand-in, signed by its dock or by another key. */
export function handInEvent(seed: string, recording: SampleRecording, key = dockKey(seed)): PlannedEvent {
  const { lines, digests } = sampleList(seed, recording)
  const filesRoot = filesRootOf(digests).toString('hex')
  const openedAt = '2026-09-01T08:00:00+08:00'
  const [origin, user] = [null, null]
  const head = {
    v: 2,
    serial: recording.device,
    openedAt,
    clockOffsetMs: -1_200,
    origin,
    user,
    count: lines.length,
    filesRoot,
  } as const
  const bytes = handInHeadBytes(head)
  const id = handInIdOf(seed, recording)
  const dockId = sampleId(seed, 'dock')
  return {
    kind: 'hand_in.opened',
    actor: dockId,
    actorRole: 'dock',
    subjects: [
      { type: 'hand_in', id },
      { type: 'hand-in-list', id },
      { type: 'device', id: recording.device },
      { type: 'dock', id: dockId },
    ],
    details: {
      files: lines.length,
      bytes: lines.reduce((sum, { line }) => sum + line.bytes, 0),
      listSha256: hexOf('sha256', bytes),
      signature: signBytes(key, bytes).toString('base64'),
      openedAt,
      clockOffsetMs: head.clockOffsetMs,
      head: { v: 2, origin, user, filesRoot },
    },
  }
}

/** A line of hand-ins.jsonl with these lines of the list: the one of the case, unless others are asked for. */
export function handInLine(seed: string, recording: SampleRecording, numbers?: readonly number[]) {
  const { lines, digests, number } = sampleList(seed, recording)
  const hashes = Buffer.concat(digests.map(leafHash))
  const read = (level: number, index: number) =>
    rootOfPerfect(hashes.subarray(index * 2 ** level * 32, (index + 1) * 2 ** level * 32))
  return {
    handInId: handInIdOf(seed, recording),
    lines: (numbers ?? [number]).map((one) => ({
      line: { ...lines[one]!.line },
      path: inclusionProof(one, lines.length, read).map((hash) => hash.toString('hex')),
      salt: lines[one]!.salt.toString('hex'),
    })),
  }
}
