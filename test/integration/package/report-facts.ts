import { randomBytes } from 'node:crypto'
import type { ClosureEvent } from '../../../services/custody/packages/closure.ts'
import { packageRecordings } from '../../../services/custody/packages/recordings.ts'
import type { ReportFacts } from '../../../services/custody/packages/report/facts.ts'
import type { JsonValue } from '../../../services/ledger/format/canonical.ts'

/** Names that try to be something else on the page. */
export const hostileName = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
export const turningName = 'gnp.\u202e4pm\u0007\u200b'
export const rareName = '龘靐齉 王𠮷'
const at = (minutes: number) => new Date(Date.parse('2026-03-02T01:00:00.000Z') + minutes * 60_000).toISOString()

const digest = '0123456789abcdef'.repeat(4)

/** A rendition of two tracks that is not all that its original is. */
const checkedDetails = {
  tracks: [
    { track: 0, kind: 'video', streams: [0, 1], channels: [1, 2], durationMs: 1_200_000 },
    { track: 1, kind: 'audio', streams: [2], channels: [1], durationMs: 1_200_000, name: hostileName },
  ],
  statedMs: 1_260_000,
  foundMs: 1_200_000,
  differences: [
    { what: 'shorter_than_stated' },
    { what: 'sound_missing', track: 0, fromMs: 0, toMs: 30_000 },
    { what: 'size_changes' },
  ],
  holes: [
    { track: 0, fromMs: 1_200_000, toMs: 1_260_000, why: 'damaged' },
    { track: 1, fromMs: 65_000, toMs: 70_500, why: 'missing' },
  ],
  notShown: [
    { stream: 3, why: 'encrypted' },
    { stream: 4, why: 'undecodable', detail: turningName },
  ],
}

function placeOn(store: string) {
  return { store, host: '机房二', key: 'k', versionId: 'v' }
}

function receiptDetails(device: string, sealedAt: string): object {
  return {
    device,
    name: { base64: '', text: 'x.MP4' },
    bytes: 1,
    sha256: digest,
    sm3: digest,
    mark: false,
    deviceTime: null,
    clockOffsetMs: null,
    flags: [],
    sealedAt,
    securedAt: sealedAt,
    sealedIndex: 1,
    securedIndex: 2,
    hosts: 1,
    hostNames: ['机房二'],
    copies: [],
    handIn: null,
  }
}

/** The facts of a case with `count` recordings, their copies, viewings and receipts, and names of every kind. */
export function reportFacts(count = 2, changes: Partial<ReportFacts> = {}): ReportFacts {
  const caseNumber = '镇综执检〔2026〕31号'
  const events: ClosureEvent[] = []
  const add = (minutes: number, kind: string, subjects: readonly (readonly [string, string])[], details: object) =>
    events.push({
      index: events.length * 3,
      id: `e${events.length}`,
      text: '',
      salt: randomBytes(32),
      body: {
        kind,
        at: at(minutes),
        actor: kind.startsWith('viewing') ? 'custodian' : 'ingest',
        actorRole: kind.startsWith('viewing') ? 'custodian' : 'service',
        subjects: subjects.map(([type, id]) => ({ type, id })),
        details: details as Record<string, JsonValue>,
      },
    })
  add(0, 'case.opened', [['case', caseNumber]], {
    caseId: 'c',
    caseKind: 'inspection',
    title: hostileName,
    departments: ['综合执法局'],
    officerIds: ['officer'],
    participantIds: ['assistant'],
    fewerOfficersReason: '当日仅一名持证人员在岗',
    outsideNumber: null,
  })
  const ids = Array.from({ length: count }, (_, n) => `01a207a2-0000-7000-8000-${String(n).padStart(12, '0')}`)
  for (const [n, id] of ids.entries()) {
    const name = [hostileName, turningName, rareName][n % 3]!
    const minutes = 60 + n * 7
    const recording = ['recording', id] as const
    const quarantined = n === 3
    add(
      minutes,
      quarantined ? 'recording.quarantined' : 'recording.sealed',
      [recording, ['device', `ZF0000${n}`], ['dock', 'dock'], ['person', 'officer']],
      {
        name: { base64: '', text: `${name}.MP4` },
        bytes: 5_000_000 + n,
        sha256: digest,
        declaredSha256: null,
        listedSha256: digest,
        mark: false,
        mediaKind: 'video',
        copy: { ...placeOn('primary'), retainUntil: at(60_000), legalHold: true },
        reason: quarantined ? 'digest_differs' : null,
        flags: [],
        deviceTime: at(minutes - 55),
        clockOffsetMs: n === 1 ? 95_000 : 1500,
        correctedTime: at(minutes - 56),
      },
    )
    for (const store of ['backup-a', 'backup-b'])
      add(minutes + 2, 'recording.copied', [recording], {
        ...placeOn(store),
        bytes: 5_000_000 + n,
        sha256: digest,
        retainUntil: at(60_000),
        legalHold: true,
        adopted: false,
      })
    add(minutes + 3, 'receipt.issued', [recording], receiptDetails(`ZF0000${n}`, at(minutes)))
    add(minutes + 1, 'rendition.ready', [recording], {
      renditionId: 'r',
      renditionKind: 'video',
      method: 'remux',
      inputSha256: digest,
      durationMs: 1_200_000,
      files: { init: 1, segment: 300 },
      ...(n === 0 ? checkedDetails : {}),
    })
    if (!quarantined)
      add(minutes + 4, 'recording.attached', [recording, ['case', caseNumber]], {
        stage: 'investigation',
        officerIds: ['officer', 'other'],
      })
    const viewing = [['viewing', `v${n}`], recording] as const
    add(20_000 + n * 30, 'viewing.opened', viewing, {
      purpose: `核对${hostileName}`,
      renditionId: 'r',
      fromMs: 0,
      toMs: 60_000,
      leaseUntil: at(20_001 + n * 30),
    })
    add(20_011 + n * 30, 'viewing.ended', viewing, {
      endKind: 'closed',
      openedAt: at(20_000 + n * 30),
      servedRanges: [{ fromMs: 0, toMs: 61_500 }],
      servedMs: 61_500,
      servedBytes: 1,
      stills: 0,
      thumbnails: 0,
    })
  }
  const closure = { caseNumber, subjects: [], events, loose: [], recordingIds: ids }
  const recordings = packageRecordings(closure)
  return {
    packageId: '01a207a2-62f4-7a74-8b0f-3160111ff559',
    madeAt: new Date(at(30_000)),
    madeBy: { name: rareName, role: 'custodian' },
    madeHow: '由证据保管系统自动汇集。',
    purpose: '证明现场检查的经过',
    withFootage: true,
    isEncrypted: true,
    signedBy: { name: '李强', at: new Date(at(29_000)) },
    recipient: { name: hostileName, organisation: turningName },
    closure,
    recordings: recordings.map((one) => ({ ...one, hasOriginal: !one.withheld, hasPlayable: false })),
    checkpoint: {
      origin: 'ledger.test/custody',
      size: 400,
      root: randomBytes(32),
      at: new Date(at(29_500)),
      witnessedAt: new Date(at(29_500)),
      cosignatures: [{ name: 'witness.test/一', at: new Date(at(29_500)) }],
    },
    timestamps: [{ name: '时间戳机构', size: 390, at: new Date(at(29_400)) }],
    rows: {
      names: new Map([
        ['custodian', rareName],
        ['officer', hostileName],
        ['dock', '一号采集站'],
      ]),
      devices: new Map([['ZF00000', { kind: 'recorder', model: 'DSJ-A8' }]]),
      copies: ids.flatMap((recordingId) =>
        ['primary', 'backup-a', 'backup-b'].map((store) => ({
          recordingId,
          store,
          hostName: `${store} 机房服务器（一楼 101 室）`,
          versionId: '3f0c6f1e-aaaa-bbbb-cccc-0123456789ab',
          state: 'verified',
          retainUntil: new Date(at(60_000)),
          verifiedAt: new Date(at(90)),
        })),
      ),
      caseFile: {
        title: hostileName,
        kind: 'inspection',
        partyName: turningName,
        departments: ['综合执法局'],
        officerIds: ['officer'],
        participantIds: ['assistant'],
        outsideNumber: null,
        openedAt: new Date(at(0)),
      },
    },
    ...changes,
  }
}
