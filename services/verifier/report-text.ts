import type { DescribedReport, Language, ResultSection } from './report-words.ts'

/** The report as lines for a terminal. Texts of a package are printed so that none of them steers it. */
export function reportLines(report: DescribedReport, language: Language): string[] {
  const findings = language === 'zh' ? '发现的问题' : 'What was found'
  const more = (count: number) => (language === 'zh' ? `另有 ${count} 处` : `${count} more`)
  return [
    report.title,
    '',
    `${report.accepted ? '✔' : '✘'} ${report.result}`,
    ...report.remarks.flatMap((remark) => [
      `  ▲ ${remark.what} [${remark.code}]`,
      `      ${remark.means}`,
      ...remark.places.map((place) => `      - ${place}`),
      ...(remark.more > 0 ? [`      - ${more(remark.more)}`] : []),
    ]),
    ...report.existence.map((sentence) => `  ${sentence}`),
    ...(report.faults.length > 0 ? ['', `${findings}:`] : []),
    ...report.faults.flatMap((fault) => [
      `  ✘ ${fault.what} [${fault.code}]`,
      `      ${fault.means}`,
      ...fault.places.map(({ where, detail }) => `      - ${where}${detail === '' ? '' : `: ${detail}`}`),
      ...(fault.more > 0 ? [`      - ${more(fault.more)}`] : []),
    ]),
    ...[...report.facts, report.limits].flatMap(sectionLines),
  ].map(printable)
}

function sectionLines({ title, rows }: ResultSection): string[] {
  return ['', `${title}:`, ...rows.map(({ label, text }) => (label === null ? `  - ${text}` : `  ${label}: ${text}`))]
}

/** Text of a package as it may be shown: what is not seen, or turns or steers what is, by its code point. */
export function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`)
}
