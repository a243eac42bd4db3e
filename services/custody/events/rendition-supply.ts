import { event } from './event.ts'
import type { ReplayedEvent } from './replay.ts'
import { Bytes, Digest, Id, Text } from './shapes.ts'
import { signatureMembers } from './signature.ts'

const subjects = { recording: 'one', device: 'one', person: 'several' } as const

/** The film, and what whoever made it says of how it was made. */
const filmDetails = {
  supplyId: Id,
  /** Name and version of the vendor's program. */
  tool: Text,
  toolVersion: Text,
  how: Text,
  sha256: Digest,
  bytes: Bytes,
}
const decisionDetails = { ...filmDetails, proposedBy: Id, reason: Text, ...signatureMembers }

/** Films that were made with a vendor's own player of recordings that cannot be played here. */
export const renditionSupplyEvents = {
  'rendition.supply_proposed': event({
    zh: '提交厂家软件导出影片',
    en: "film of the vendor's player supplied",
    subjects,
    details: {
      ...filmDetails,
      key: Text,
      versionId: Text,
      /** The rendition that says why the recording cannot be played. */
      renditionId: Id,
    },
    rows: (event, replay) => {
      const { tool, toolVersion, how, sha256, bytes, key, versionId, renditionId } = event.details
      replay.set('rendition_supply', keyOf(event), {
        ...{ state: 'proposed', rendition_id: renditionId, tool, tool_version: toolVersion, how, sha256, bytes },
        ...{ object_key: key, version_id: versionId, proposed_by: event.actor, proposed_at: event.at },
        ...{ decided_by: null, decided_at: null, reason: null, failure: null },
      })
    },
  }),
  'rendition.supplied': event({
    zh: '确认采用厂家软件导出影片',
    en: "film of the vendor's player confirmed",
    subjects,
    details: { ...decisionDetails, renditionId: Id },
    rows: (event, replay) => {
      replay.set('rendition_supply', keyOf(event), { state: 'making', ...decisionColumns(event) })
      replay.set('rendition', renditionKeyOf(event), { state: 'superseded' })
    },
  }),
  'rendition.supply_refused': event({
    zh: '不采用厂家软件导出影片',
    en: "film of the vendor's player refused",
    subjects,
    details: decisionDetails,
    rows: (event, replay) =>
      replay.set('rendition_supply', keyOf(event), { state: 'refused', ...decisionColumns(event) }),
  }),
  'rendition.supply_failed': event({
    zh: '厂家软件导出影片无法制作播放件',
    en: "film of the vendor's player not playable",
    subjects: { recording: 'one', device: 'one' },
    /** `renditionId`: the rendition that counts again. */
    details: { supplyId: Id, suppliedSha256: Digest, renditionId: Id, reason: Text, tool: Text },
    rows: (event, replay) => {
      replay.set('rendition_supply', keyOf(event), { state: 'failed', failure: event.details.reason })
      replay.set('rendition', renditionKeyOf(event), { state: 'not_playable' })
    },
  }),
} as const

function decisionColumns(event: ReplayedEvent<{ readonly reason: string }>) {
  return { decided_by: event.actor, decided_at: event.at, reason: event.details.reason }
}

function keyOf(event: ReplayedEvent<{ readonly supplyId: string }>): string {
  return `${event.keyOf('recording')}/${event.details.supplyId}`
}

function renditionKeyOf(event: ReplayedEvent<{ readonly renditionId: string }>): string {
  return `${event.keyOf('recording')}/${event.details.renditionId}`
}
