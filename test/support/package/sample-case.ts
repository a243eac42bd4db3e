import type { PlannedEvent } from './sample-log.ts'
import { hexOf, type SampleRecording, type SampleTrack, sampleId } from './sample-recordings.ts'
import { handInEvent, handInIdOf, registerEvents, sampleList } from './sample-registers.ts'

export const sampleCase = '综执检〔2026〕0231号'

export const samplePurpose = '证明现场检查经过'
export const sampleRecipient = { name: '赵法官', organisation: '区人民法院' }

/** What happened to the recordings and their case, in order. */
export function caseEvents(seed: string, recordings: readonly SampleRecording[], withFootage: boolean): PlannedEvent[] {
  const caseSubject = { type: 'case', id: sampleCase }
  const custodian = { actor: sampleId(seed, 'custodian'), actorRole: 'custodian' }
  const officerIds = [sampleId(seed, 'officer')]
  const opened: PlannedEvent = {
    kind: 'case.opened',
    actor: sampleId(seed, 'officer'),
    actorRole: 'officer',
    subjects: [caseSubject, { type: 'party', id: sampleId(seed, 'party') }],
    details: {
      officerIds,
      caseId: sampleId(seed, 'case'),
      caseKind: 'inspection',
      title: '占道经营检查',
      outsideNumber: null,
    },
  }
  const attached = recordings.map((recording) => ({
    kind: 'recording.attached',
    actor: sampleId(seed, 'officer'),
    actorRole: 'officer',
    subjects: [...recordingSubjects(recording), caseSubject],
    details: { stage: 'investigation', officerIds },
  }))
  const viewings = recordings.flatMap((recording) => viewingEvents(seed, recording, custodian, caseSubject))
  const packageSubjects = [
    { type: 'package', id: sampleId(seed, 'package') },
    caseSubject,
    { type: 'person', id: custodian.actor },
  ]
  const asked: PlannedEvent = {
    kind: 'package.requested',
    ...custodian,
    subjects: packageSubjects,
    details: { withFootage, purpose: samplePurpose, recipient: sampleRecipient, recipientKey: null },
  }
  const signed: PlannedEvent = {
    kind: 'package.signed',
    actor: sampleId(seed, 'supervisor'),
    actorRole: 'supervisor',
    subjects: packageSubjects,
    details: { reason: '同意', requestedBy: custodian.actor, withFootage },
    signs: {
      object: `package:${sampleId(seed, 'package')}`,
      kind: 'package.requested',
      subject: `package:${sampleId(seed, 'package')}`,
    },
  }
  // What it enters is known when the files are there.
  const entered: PlannedEvent = {
    kind: 'package.contents',
    actor: 'package',
    actorRole: 'service',
    subjects: packageSubjects,
    details: {},
  }
  // Somebody watches on while the package is made.
  return [
    ...registerEvents(seed, recordings),
    ...recordings.flatMap((recording) => docked(seed, recording)),
    opened,
    ...attached,
    asked,
    signed,
    entered,
    ...viewings,
  ]
}

/** Events that are none of the case's business. */
export function strangerEvents(seed: string, count: number): PlannedEvent[] {
  return Array.from({ length: count }, (_, at): PlannedEvent => {
    if (at % 9 === 4) {
      const subjects = [{ type: 'timestamp_order', id: sampleId(seed, `order ${at}`) }]
      return { kind: 'timestamp.requested', actor: 'timestamp', actorRole: 'service', subjects, details: {} }
    }
    const person = { type: 'person', id: sampleId(seed, `person ${at % 7}`) }
    if (at % 3 === 0) {
      return { kind: 'session.opened', actor: person.id, actorRole: 'officer', subjects: [person], details: {} }
    }
    const recording = { type: 'recording', id: sampleId(seed, `stranger ${at % 11}`) }
    const subjects = [recording, { type: 'case', id: `综执检〔2026〕${9000 + (at % 5)}号` }]
    return { kind: 'recording.copied', actor: 'backup', actorRole: 'service', subjects, details: { bytes: at } }
  })
}

function recordingSubjects(recording: SampleRecording) {
  return [
    { type: 'recording', id: recording.id },
    { type: 'device', id: recording.device },
  ]
}

function docked(seed: string, recording: SampleRecording): PlannedEvent[] {
  const { original } = recording
  const upload = { type: 'upload', id: recording.uploadId }
  const dockId = sampleId(seed, 'dock')
  const arrival = [
    { type: 'device', id: recording.device },
    { type: 'dock', id: dockId },
    { type: 'hand_in', id: handInIdOf(seed, recording) },
  ]
  const { lines, number } = sampleList(seed, recording)
  const { name } = lines[number]!.line
  const service = (actor: string) => ({ actor, actorRole: 'service', subjects: recordingSubjects(recording) })
  const copyOn = (store: string, host: string) => ({ store, key: `originals/${recording.id}`, versionId: '1', host })
  const digests = { bytes: original.length, sha256: hexOf('sha256', original) }
  const files = recording.tracks.flatMap(publishedFiles)
  const published = (some: typeof files): PlannedEvent => ({
    ...service('transcode'),
    kind: 'rendition.published',
    details: {
      renditionId: recording.renditionId,
      inputSha256: digests.sha256,
      method: 'transcode',
      tool: 'ffmpeg',
      flags: [],
      files: some,
    },
  })
  // As the transcoder does it: in several events, and one of them out of order, as a restart may leave them.
  const cut = Math.ceil(files.length / 2)
  return [
    handInEvent(seed, recording),
    {
      kind: 'upload.created',
      actor: dockId,
      actorRole: 'dock',
      subjects: [upload, ...arrival],
      details: {
        name: { base64: name, text: Buffer.from(name, 'base64').toString() },
        bytes: original.length,
        declaredSha256: null,
        mark: false,
        onList: true,
        line: number,
      },
    },
    {
      ...service('ingest'),
      kind: 'recording.sealed',
      subjects: [{ type: 'recording', id: recording.id }, upload, ...arrival],
      details: {
        ...digests,
        reason: null,
        flags: [],
        name: { base64: name, text: Buffer.from(name, 'base64').toString() },
        copy: copyOn('primary', 'server-1'),
      },
    },
    {
      ...service('checksum'),
      kind: 'recording.verified',
      details: { ...digests, store: 'primary', sm3: hexOf('sm3', original) },
    },
    published(files.slice(cut)),
    published(files.slice(0, cut)),
    {
      ...service('transcode'),
      kind: 'rendition.ready',
      details: {
        renditionId: recording.renditionId,
        renditionKind: recording.tracks[0]!.kind,
        inputSha256: digests.sha256,
        durationMs: 16_000,
        ...(recording.namesTracks ? { tracks: recording.tracks.map(({ track, kind }) => ({ track, kind })) } : {}),
      },
    },
    { ...service('backup-a'), kind: 'recording.copied', details: { ...digests, ...copyOn('backup-a', 'server-2') } },
    {
      kind: 'receipt.issued',
      actor: 'receipt',
      actorRole: 'service',
      subjects: [upload, { type: 'recording', id: recording.id }],
      details: digests,
    },
  ]
}

function publishedFiles({ track, kind, pieces }: SampleTrack) {
  return pieces.map((piece, at) => ({
    // The main track is written as it was before there were others.
    ...(track === 0 ? {} : { track }),
    kind: kind === 'still' ? 'still' : at === 0 ? 'init' : 'segment',
    number: at === 0 ? 0 : at - 1,
    sha256: hexOf('sha256', piece),
    bytes: piece.length,
    startMs: at === 0 ? 0 : (at - 1) * 4_000,
    durationMs: at === 0 ? 0 : 4_000,
  }))
}

function viewingEvents(
  seed: string,
  recording: SampleRecording,
  custodian: { actor: string; actorRole: string },
  caseSubject: { type: string; id: string },
): PlannedEvent[] {
  const viewing = { type: 'viewing', id: sampleId(seed, `viewing of ${recording.id}`) }
  const subjects = [viewing, ...recordingSubjects(recording), { type: 'person', id: custodian.actor }, caseSubject]
  const details = (fromMs: number) => ({ renditionId: recording.renditionId, fromMs, toMs: fromMs + 60_000 })
  return [
    { kind: 'viewing.opened', ...custodian, subjects, details: { ...details(0), purpose: '核对违法事实' } },
    { kind: 'viewing.renewed', ...custodian, subjects, details: details(60_000) },
    { kind: 'viewing.ended', ...custodian, subjects, details: { ratio: 0.1, leaseSeconds: 1e21, closed: true } },
  ]
}
