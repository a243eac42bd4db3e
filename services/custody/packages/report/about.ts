import { plain } from '../../../foundation/plain-text.ts'
import type { Block, LabelledText, Section } from './content.ts'
import type { Reading } from './reading.ts'
import { partyText } from './sheet.ts'
import { caseKindName, shownTime } from './words.ts'

/** What the case is and what this package is for: who asked for it, who approved it, for whom. */
export function aboutSection(reading: Reading): Section {
  return { title: '案件与本材料', blocks: [caseFacts(reading), packageFacts(reading)] }
}

function caseFacts(reading: Reading): Block {
  const { facts, nameOf } = reading
  const opened = reading.ofKind('case.opened')[0]
  const number: LabelledText = ['案件编号', plain(facts.closure.caseNumber)]
  if (!opened) return { kind: 'facts', rows: [number, ['案件', '建立案件的事件无法读取']] }
  const { title, caseKind, departments, officerIds, participantIds = [], outsideNumber } = opened.details
  return {
    kind: 'facts',
    rows: [
      number,
      ['案件名称', plain(title)],
      ['案件类别', caseKindName(caseKind)],
      ['行政相对人', partyText(reading)],
      ['承办部门', plain(departments.join('、')) || '—'],
      ['执法人员', officerIds.map(nameOf).join('、') || '—'],
      ...(participantIds.length === 0 ? [] : [['参与人员', participantIds.map(nameOf).join('、')] as const]),
      ['平台编号', plain(outsideNumber ?? '—')],
      ['建立时间', shownTime(opened.at)],
    ],
  }
}

function packageFacts(reading: Reading): Block {
  const { facts, request } = reading
  const id: LabelledText = ['材料编号', facts.packageId]
  if (!request) return { kind: 'facts', rows: [id, ['申请', '申请本材料的事件无法读取']] }
  const { purpose, recipient, recipientKey, withFootage } = request.details
  return {
    kind: 'facts',
    rows: [
      id,
      ['用途', plain(purpose)],
      ['接收人', recipient ? plain(`${recipient.organisation} ${recipient.name}`) : '未指定'],
      ['提取方法', plain(facts.madeHow)],
      ['提取时间', `${shownTime(facts.madeAt)}（北京时间）`],
      ['提取人', reading.actorOf(request)],
      ['批准人', approvalText(reading, withFootage)],
      ['音像内容', withFootage ? '含原始文件与播放件' : '不含，只含流转事件与证明'],
      ['加密', recipientKey === null ? '未加密' : '已按接收人公钥加密（age）'],
    ],
  }
}

/** The second signature: by whom and when, by whose commission, and whether it came from another signer's seat. */
function approvalText(reading: Reading, withFootage: boolean): string {
  const { approval } = reading
  if (!approval) return withFootage ? '批准的事件无法读取' : '不含音像内容，无须批准'
  return [reading.nameOf(approval.actor), ...reading.signatureRemarks(approval), shownTime(approval.at)].join('，')
}
