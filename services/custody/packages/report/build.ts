import { plain } from '../../../foundation/plain-text.ts'
import { fewerOfficersNotice } from '../../events/few-officers.ts'
import type { Block, LabelledText, ReportContent, Section } from './content.ts'
import type { ReportFacts } from './facts.ts'
import { findingsOf } from './findings.ts'
import { questionSections } from './questions.ts'
import { type Reading, readingOf, shownKind } from './reading.ts'
import { recordingsSection } from './recordings.ts'
import { timelineOf } from './timeline.ts'
import { verifySections } from './verify.ts'
import { viewingsSection } from './viewings.ts'
import { caseKindName, roleName, shownTime } from './words.ts'

/** The report (举证报告) of a package: what both its forms, HTML and PDF, say. Pure. */
export function reportContent(facts: ReportFacts): ReportContent {
  const reading = readingOf(facts)
  return {
    title: '电子数据举证报告',
    subtitle: plain(`案件 ${facts.closure.caseNumber}`),
    footer: plain(`举证包 ${facts.packageId} · 检查点 ${facts.checkpoint.size}`),
    cover: cover(reading),
    sections: [
      caseSection(reading),
      recordingsSection(reading),
      { title: '时间线', blocks: [{ kind: 'timeline', timeline: timelineOf(reading) }] },
      findingsOf(reading),
      ...questionSections(reading),
      viewingsSection(reading),
      eventsSection(reading),
      ...verifySections(reading),
    ],
  }
}

function cover(reading: Reading): LabelledText[] {
  const { facts } = reading
  const { checkpoint, recipient, signedBy, timestamps } = facts
  const witnesses = checkpoint.cosignatures.map(({ name, at }) => `${plain(name)}（${shownTime(at)}）`).join('、')
  return [
    ['案件编号', plain(facts.closure.caseNumber)],
    ['举证包编号', facts.packageId],
    ['证明对象', plain(facts.purpose)],
    ['制作方法', plain(facts.madeHow)],
    ['制作时间', `${shownTime(facts.madeAt)}（北京时间）`],
    ['制作人', plain(`${facts.madeBy.name}（${roleName(facts.madeBy.role)}）`)],
    ['批准人', signedBy ? approvalText(reading, signedBy) : '不含录像内容，无须批准'],
    ['接收人', recipient ? plain(`${recipient.organisation} ${recipient.name}`) : '未指定'],
    ['录像内容', facts.withFootage ? '含原始文件与可播放件' : '不含录像内容，只含台账记录与证明'],
    ['加密', facts.isEncrypted ? '已按接收人公钥加密（age）' : '未加密'],
    ['台账', plain(checkpoint.origin)],
    ['检查点', `共 ${checkpoint.size} 条记录，签署于 ${shownTime(checkpoint.at)}`],
    ['检查点根摘要', checkpoint.root.toString('hex')],
    ['外部见证', witnesses === '' ? '尚无见证方签名' : witnesses],
    [
      '见证状态',
      checkpoint.witnessedAt ? `已达到见证方案要求，${shownTime(checkpoint.witnessedAt)}` : '未达到或未设见证方案',
    ],
    [
      '可信时间戳',
      timestamps.length === 0
        ? '尚无'
        : timestamps.map(({ name, size, at }) => `${plain(name)}：前 ${size} 条记录，${shownTime(at)}`).join('；'),
    ],
  ]
}

/** The second signature: by whom and when, by whose commission, and whether it came from another signer's seat. */
function approvalText(reading: Reading, signedBy: { name: string; at: Date | null }): string {
  const signed = reading.bodies.find(
    (body) => body.kind === 'package.signed' && reading.subjectOf(body, 'package') === reading.facts.packageId,
  )
  const remarks = signed ? reading.signatureRemarks(signed) : []
  return [plain(signedBy.name), ...remarks, shownTime(signedBy.at)].join('，')
}

function caseSection(reading: Reading): Section {
  const { facts, nameOf, ofKind } = reading
  const { caseFile } = facts.rows
  const opened = ofKind('case.opened')[0]
  if (!caseFile)
    return { title: '案件', blocks: [{ kind: 'warning', text: '数据库中没有此案件的登记；以下内容只依据台账。' }] }
  return {
    title: '案件',
    blocks: [
      ...fewerOfficersWarnings(reading),
      {
        kind: 'facts',
        rows: [
          ['案件名称', plain(caseFile.title)],
          ['案件类别', caseKindName(caseFile.kind)],
          ['行政相对人', plain(caseFile.partyName)],
          ['承办部门', plain(caseFile.departments.join('、')) || '—'],
          ['执法人员', caseFile.officerIds.map(nameOf).join('、') || '—'],
          ...(caseFile.participantIds.length > 0
            ? [['参与人员（执法辅助人员）', caseFile.participantIds.map(nameOf).join('、')] as const]
            : []),
          ['平台编号', plain(caseFile.outsideNumber ?? '—')],
          ['建立时间', `${shownTime(caseFile.openedAt)}（台账：${shownTime(opened?.at)}）`],
        ],
      },
    ],
  }
}

/** One for the case and one for each recording that was filed with fewer than two officers, from their events. */
function fewerOfficersWarnings({ ofKind, subjectOf, numberOf }: Reading): Block[] {
  return ofKind('case.opened', 'recording.attached').flatMap((event) => {
    const { fewerOfficersReason } = event.details
    if (fewerOfficersReason === undefined) return []
    const recordingId = subjectOf(event, 'recording')
    const what = recordingId === null ? '本案件' : numberOf(recordingId)
    return [{ kind: 'warning' as const, text: plain(`${what}：${fewerOfficersNotice(fewerOfficersReason).zh}`) }]
  })
}

function eventsSection(reading: Reading): Section {
  const { events } = reading.facts.closure
  return {
    title: '全部流转事件',
    blocks: [
      {
        kind: 'text',
        text: `以下 ${events.length} 条是本案件、其全部录像、上传与调阅在检查点之前的全部事件，按台账顺序排列；序号为台账中的位置，缺一即可由核验程序发现。`,
      },
      {
        kind: 'table',
        columns: [
          { title: '序号', share: 0.08 },
          { title: '时间', share: 0.17 },
          { title: '事件', share: 0.14 },
          { title: '经办', share: 0.2 },
          { title: '内容', share: 0.41 },
        ],
        rows: events.map(({ index, body }) => [
          String(index),
          shownTime(body.at),
          shownKind(body.kind),
          reading.actorOf(body),
          reading.summaryOf(body),
        ]),
      },
    ],
  }
}
