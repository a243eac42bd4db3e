import type { EventBody } from '../../../ledger/format/entry.ts'
import type { EventKind } from '../../events/kinds.ts'
import type { Block, Section } from './content.ts'
import { type Reading, shownKind } from './reading.ts'
import { gaps } from './sentences/gaps.ts'
import { saidBy } from './sentences/sentence.ts'
import { shownTime } from './words.ts'

/** Kinds that are said openly wherever they stand in a case. */
const notableKinds: readonly EventKind[] = [
  'recording.damaged',
  'recording.quarantined',
  'quarantine.proposed',
  'quarantine.resolved',
  'recording.detached',
  'recording.duplicate',
  'upload.refused',
  'upload.terminated',
  'upload.expired',
  'rendition.not_playable',
  'rendition.supply_proposed',
  'rendition.supplied',
  'rendition.supply_refused',
  'rendition.supply_failed',
  'viewing.refused',
  'access.refused',
  'package.failed',
  'alarm.raised',
]

/** What is missing, doubtful or went wrong. */
export function findingsOf(reading: Reading): Section {
  const notable = reading.bodies.filter(({ kind }) => notableKinds.some((one) => one === kind))
  const items = saidBy(gaps, reading)
  const blocks: Block[] = items.length === 0 ? [] : [{ kind: 'list', items }]
  if (notable.length > 0) blocks.push({ kind: 'heading', text: '异常与例外事件' }, notableTable(reading, notable))
  return { title: '发现的问题与缺口', blocks }
}

function notableTable(reading: Reading, notable: readonly EventBody[]): Block {
  return {
    kind: 'table',
    columns: [
      { title: '时间', share: 0.18 },
      { title: '事件', share: 0.16 },
      { title: '经办', share: 0.22 },
      { title: '内容', share: 0.44 },
    ],
    rows: notable.map((body) => [
      shownTime(body.at),
      shownKind(body.kind),
      reading.actorOf(body),
      reading.summaryOf(body),
    ]),
  }
}
