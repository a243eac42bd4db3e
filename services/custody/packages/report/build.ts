import { plain } from '../../../foundation/plain-text.ts'
import { aboutSection } from './about.ts'
import { appendixSections } from './appendix.ts'
import type { ReportContent } from './content.ts'
import { eventSections } from './events.ts'
import { evidenceListSection } from './evidence-list.ts'
import type { ReportFacts } from './facts.ts'
import { findingsOf } from './findings.ts'
import { questionSections } from './questions.ts'
import { readingOf } from './reading.ts'
import { copiesSection, recordingsSection } from './recordings.ts'
import { sheetOf } from './sheet.ts'
import { timelineOf } from './timeline.ts'
import { viewingsSection } from './viewings.ts'

/**
 * The report (举证报告) of a package: what both its forms, HTML and PDF, say. First what a court's clerk looks for, a page for
 * each recording and the list of evidence; then the answers to a court's questions; then the tables. Pure.
 */
export function reportContent(facts: ReportFacts): ReportContent {
  const reading = readingOf(facts)
  const evidenceList = evidenceListSection(reading)
  return {
    title: '电子数据举证报告',
    subtitle: plain(`案件 ${facts.closure.caseNumber}`),
    footer: `举证材料 ${facts.packageId}`,
    sheets: facts.recordings.map((recording) => sheetOf(reading, recording)),
    evidenceList,
    sections: [
      evidenceList,
      aboutSection(reading),
      ...questionSections(reading),
      findingsOf(reading),
      { title: '时间线', blocks: [{ kind: 'timeline', timeline: timelineOf(reading) }] },
      recordingsSection(reading),
      ...eventSections(reading),
      viewingsSection(reading),
      copiesSection(reading),
      ...appendixSections(reading),
    ],
  }
}
