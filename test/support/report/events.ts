import type { JsonValue } from '../../../services/ledger/format/canonical.ts'
import type { EventBody } from '../../../services/ledger/format/entry.ts'
import { dockPublicKey, type ListedFixture, openedDetails } from './lists.ts'

/** A case in which everything is as it should be, event by event; tests change it. */

export const caseNumber = '镇综执检〔2026〕31号'
export const packageId = '01a207a2-62f4-7a74-8b0f-3160111ff559'
export const digest = '0123456789abcdef'.repeat(4)
/** Of the case's first day; accounts, devices and docks were registered 100 days before. */
export const at = (minutes: number) => new Date(Date.parse('2026-03-02T01:00:00.000Z') + minutes * 60_000).toISOString()
export const registeredAt = -100 * 24 * 60
/** When the report is written. */
export const writtenAt = 30_000
export const recordingId = (n: number) => `01a207a2-0000-7000-8000-${String(n).padStart(12, '0')}`

export const names = {
  officer: '张伟',
  other: '李娜',
  custodian: '王芳',
  supervisor: '赵强',
  auditor: '陈静',
  administrator: '刘洋',
  assistant: '孙杰',
} as const
type Role = Exclude<keyof typeof names, 'other'>

type Subject = readonly [type: string, id: string]

export function body(
  minutes: number,
  kind: string,
  by: readonly [actor: string, role: string],
  subjects: readonly Subject[],
  details: object,
): EventBody {
  return {
    ...{ kind, at: at(minutes), actor: by[0], actorRole: by[1] },
    subjects: subjects.map(([type, id]) => ({ type, id })),
    details: details as Record<string, JsonValue>,
  }
}

const service = (name: string) => [name, 'service'] as const
export const person = (role: Role) => [role, role] as const

/** Accounts, each made by the administrator and opened by the supervisor or the auditor; a dock, a device, the office. */
export function registerEvents(recordings: number): EventBody[] {
  const accounts = Object.entries(names).flatMap(([id, name], n) => {
    const subjects = [
      ['account', id],
      ['person', id],
    ] as const
    const role = id === 'other' ? 'officer' : id
    const numbers =
      role === 'officer' ? { officerNumber: `01234${n}`, certificateNumber: `津执0${n}` } : { officerNumber: null }
    const created = { role, account: id, awaitsRelease: true, name, ...numbers, expiresAt: at(registeredAt + 9000) }
    const releaser = person(id === 'supervisor' ? 'auditor' : 'supervisor')
    return [
      { ...body(registeredAt + n, 'person.created', person('administrator'), subjects, created), id: `o${n}` },
      body(registeredAt + n + 20, 'person.released', releaser, subjects, {
        role,
        openingId: `o${n}`,
        office: releaser[0],
      }),
    ]
  })
  const dock = [
    ['dock', 'dock'],
    ['dock-register', 'dock'],
  ] as const
  const devices = Array.from({ length: recordings }, (_, n) => {
    const subjects = [
      ['device', serialOf(n)],
      ['device-register', serialOf(n)],
      ['person', 'officer'],
    ] as const
    const details = { deviceKind: 'recorder', state: 'in_service', holderId: 'officer', model: 'DSJ-A8' }
    return body(registeredAt + 50, 'device.registered', person('administrator'), subjects, details)
  })
  return [
    ...accounts,
    ...devices,
    body(registeredAt + 60, 'dock.registered', person('administrator'), dock, {
      name: '一号采集站',
      publicKey: dockPublicKey,
    }),
    body(registeredAt + 70, 'dock.released', person('supervisor'), dock, {}),
    body(
      registeredAt + 80,
      'custodian.appointed',
      service('setup'),
      [
        ['custodianship', 'bureau'],
        ['person', 'custodian'],
      ],
      {},
    ),
  ]
}

export function serialOf(n: number): string {
  return `ZF0000${n}`
}

/** The case, its recordings from the hand-in to a viewing, and the package that is asked for. */
export function caseEvents(recordings: number): EventBody[] {
  const opened = {
    ...{ caseId: 'c', caseKind: 'inspection', title: '占道经营检查', departments: ['综合执法局'] },
    ...{ officerIds: ['officer', 'other'], outsideNumber: null, partyName: '某某小吃店' },
  }
  const all = Array.from({ length: recordings }, (_, n) => n)
  return [
    body(
      0,
      'case.opened',
      person('officer'),
      [
        ['case', caseNumber],
        ['party', 'party'],
      ],
      opened,
    ),
    ...all.flatMap(recordingEvents),
    ...packageEvents(all),
  ]
}

/** The name of a recording's file. */
export function nameOf(n: number) {
  const text = `${serialOf(n)}_012345_20260302090000_0001.MP4`
  return { base64: Buffer.from(text).toString('base64'), text }
}

/** What the dock signed of a recording's hand-in, whose id is `h<n>`. */
export function listOf(n: number): ListedFixture {
  const file = { name: nameOf(n).base64, bytes: 5_000_000 + n, sha256: digest }
  return { serial: serialOf(n), openedAt: at(59 + n * 7), clockOffsetMs: 1500, file }
}

function recordingEvents(n: number): EventBody[] {
  const id = recordingId(n)
  const minutes = 60 + n * 7
  const device = ['device', serialOf(n)] as const
  const recording = [['recording', id], device] as const
  const upload = [['upload', `u${n}`], device, ['dock', 'dock'], ['hand_in', `h${n}`]] as const
  const { bytes } = listOf(n).file
  const name = nameOf(n)
  const place = (store: string, host: string) => ({
    store,
    host,
    key: 'k',
    versionId: '3f0c6f1e-aaaa-bbbb-cccc-0123456789ab',
  })
  const primary = place('primary', '主机一')
  const lock = { retainUntil: at(90_000), legalHold: true }
  const copied = (store: string, host: string) =>
    body(minutes + 2, 'recording.copied', service('copy'), recording, {
      ...{ ...place(store, host), bytes, sha256: digest, ...lock, adopted: false },
    })
  const viewing = [
    ['viewing', `v${n}`],
    ['recording', id],
    ['person', 'custodian'],
  ] as const
  const viewed = 20_000 + n * 30
  return [
    body(
      minutes - 1,
      'hand_in.opened',
      ['dock', 'dock'],
      [['hand_in', `h${n}`], ['hand-in-list', `h${n}`], device, ['dock', 'dock']],
      openedDetails(listOf(n)),
    ),
    body(minutes - 1, 'upload.created', ['dock', 'dock'], upload, {
      ...{ name, bytes, declaredSha256: digest, mark: false, onList: true, line: 0 },
    }),
    body(minutes, 'recording.sealed', service('ingest'), [['recording', id], ...upload, ['person', 'officer']], {
      ...{ name, bytes, sha256: digest, declaredSha256: digest, listedSha256: digest, mark: false, mediaKind: 'video' },
      ...{ copy: { ...primary, ...lock }, reason: null, flags: [], userGrade: 'confirmed' },
      ...{ deviceTime: at(minutes - 55), clockOffsetMs: 1500, correctedTime: at(minutes - 56) },
    }),
    body(minutes + 1, 'recording.verified', service('checksum'), recording, {
      ...primary,
      bytes,
      sha256: digest,
      sm3: digest,
    }),
    copied('backup-a', '主机二'),
    copied('backup-b', '主机三'),
    body(minutes + 2, 'recording.secured', service('copy'), recording, {
      ...{ sha256: digest, bytes, hosts: 3, hostNames: ['主机一', '主机二', '主机三'] },
      copies: [
        ...[primary, place('backup-a', '主机二'), place('backup-b', '主机三')].map((one) => ({
          ...one,
          retainUntil: lock.retainUntil,
          verifiedAt: at(minutes + 2),
        })),
      ],
    }),
    body(minutes + 3, 'receipt.issued', service('receipt'), recording, receiptDetails(n, at(minutes))),
    ...renditionEvents(n, minutes + 1, recording),
    body(
      minutes + 4,
      'recording.attached',
      person('officer'),
      [...recording, ['case', caseNumber], ['party', 'party']],
      {
        stage: 'investigation',
        officerIds: ['officer', 'other'],
      },
    ),
    body(viewed, 'viewing.opened', person('custodian'), [...viewing, device], {
      ...{ purpose: '核对案情', renditionId: `r${n}`, fromMs: 0, toMs: 60_000, leaseUntil: at(viewed + 1) },
    }),
    body(viewed + 11, 'viewing.ended', person('custodian'), viewing, {
      ...{ endKind: 'closed', openedAt: at(viewed), servedRanges: [{ fromMs: 0, toMs: 61_500 }], servedMs: 61_500 },
      ...{ servedBytes: 1, stills: 0, thumbnails: 0 },
    }),
  ]
}

function renditionEvents(n: number, minutes: number, recording: readonly Subject[]): EventBody[] {
  const file = { kind: 'init', number: 0, sha256: digest, bytes: 1000, startMs: 0, durationMs: 1_200_000 }
  const of = { renditionId: `r${n}`, inputSha256: digest, method: 'remux' }
  return [
    body(minutes, 'rendition.published', service('transcode'), recording, {
      ...{ ...of, tool: 'ffmpeg version 8', flags: ['-c', 'copy', '-movflags', 'frag_keyframe'], files: [file] },
    }),
    body(minutes, 'rendition.ready', service('transcode'), recording, {
      ...{ ...of, renditionKind: 'video', durationMs: 1_200_000, files: { init: 1 } },
      tracks: [{ track: 0, kind: 'video', streams: [0, 1], channels: [1, 2], durationMs: 1_200_000 }],
    }),
  ]
}

function receiptDetails(n: number, sealedAt: string): object {
  return {
    ...{ device: serialOf(n), name: { base64: '', text: 'x.MP4' }, bytes: 1, sha256: digest, sm3: digest, mark: false },
    ...{
      deviceTime: null,
      clockOffsetMs: null,
      flags: [],
      sealedAt,
      securedAt: sealedAt,
      sealedIndex: 1,
      securedIndex: 2,
    },
    ...{ hosts: 1, hostNames: ['主机二'], copies: [], handIn: null },
  }
}

function packageEvents(recordings: readonly number[]): EventBody[] {
  const subjects = [
    ['case', caseNumber],
    ['package', packageId],
    ['person', 'custodian'],
  ] as const
  return [
    body(writtenAt - 1000, 'package.requested', person('custodian'), subjects, {
      ...{ withFootage: true, purpose: '行政诉讼举证', recipientKey: null },
      recipient: { name: '赵法官', organisation: '某某区人民法院' },
      witnessRelations: { versionId: packageId, stated: [{ witness: 'witness.test/一', relation: 'superior' }] },
      recordings: recordings.map((n) => ({
        recordingId: recordingId(n),
        proves: `证明当事人占用人行道经营（${n + 1}）`,
        fromMs: 12_000,
        toMs: 95_500,
        transcript: 'separate',
      })),
    }),
    body(writtenAt - 500, 'package.signed', person('supervisor'), subjects, {
      ...{ reason: '同意提供', requestedBy: 'custodian', withFootage: true },
    }),
  ]
}
