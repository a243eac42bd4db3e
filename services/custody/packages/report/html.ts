import { type Block, isDigestLine, type LabelledText, linesOf, type ReportContent, type Sheet } from './content.ts'
import type { DrawnShape, Timeline } from './timeline.ts'

/** The report as one HTML page: no script, nothing from elsewhere, made for A4 when it is printed. */
export function reportHtml(report: ReportContent): string {
  const contents = report.sections
    .map(({ title }, at) => `<li><a href="#s${at + 1}">${escaped(title)}</a></li>`)
    .join('')
  const sections = report.sections
    .map(
      ({ title, blocks, startsPage }, at) =>
        `<section id="s${at + 1}"${startsPage ? ' class="page"' : ''}><h2>${escaped(title)}</h2>\n${blocks.map(block).join('\n')}</section>`,
    )
    .join('\n')
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`${report.title} ${report.subtitle}`)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${escaped(report.title)}</h1><p>${escaped(report.subtitle)}</p></header>
${report.sheets.map(sheet).join('\n')}
<nav><ol>${contents}</ol></nav>
${sections}
<footer>${escaped(report.footer)}</footer>
</body>
</html>
`
}

function block(one: Block): string {
  switch (one.kind) {
    case 'heading':
      return `<h3>${escaped(one.text)}</h3>`
    case 'text':
      return `<p>${escaped(one.text)}</p>`
    case 'warning':
      return `<p class="warning">${escaped(one.text)}</p>`
    case 'code':
      return `<pre>${escaped(one.text)}</pre>`
    case 'list':
      return `<ul>${one.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`
    case 'facts':
      return factsTable(one.rows)
    case 'table':
      return table(one)
    case 'timeline':
      return svg(one.timeline)
  }
}

function sheet({ title, caption, rows, signatures, note }: Sheet): string {
  const boxes = signatures.map((label) => `<div>${escaped(label)}：</div>`).join('')
  return `<section class="sheet"><h2>${escaped(title)}</h2><p class="caption">${escaped(caption)}</p>
${factsTable(rows)}
<div class="signatures">${boxes}</div><p class="note">${escaped(note)}</p></section>`
}

function factsTable(rows: readonly LabelledText[]): string {
  const line = (text: string) =>
    isDigestLine(text) ? `<div class="code">${escaped(text)}</div>` : `<div>${escaped(text)}</div>`
  const lines = rows.map(
    ([label, text]) => `<tr><th scope="row">${escaped(label)}</th><td>${linesOf(text).map(line).join('')}</td></tr>`,
  )
  return `<table class="facts">${lines.join('')}</table>`
}

function table({ columns, rows }: Extract<Block, { kind: 'table' }>): string {
  const widths = columns.map(({ share }) => `<col style="width:${(share * 100).toFixed(1)}%">`).join('')
  const head = columns.map(({ title }) => `<th scope="col">${escaped(title)}</th>`).join('')
  const cell = (text: string, at: number) => `<td${columns[at]?.isCode ? ' class="code"' : ''}>${escaped(text)}</td>`
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')
  return `<table class="rows"><colgroup>${widths}</colgroup><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`
}

function svg({ width, height, shapes }: Timeline): string {
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="时间线">${shapes.map(shape).join('')}</svg>`
}

function shape(one: DrawnShape): string {
  switch (one.draw) {
    case 'line':
      return `<line x1="${n(one.x1)}" y1="${n(one.y1)}" x2="${n(one.x2)}" y2="${n(one.y2)}" stroke="${one.color}"/>`
    case 'bar':
      return `<rect x="${n(one.x)}" y="${n(one.y)}" width="${n(one.width)}" height="${n(one.height)}" fill="${one.color}"/>`
    case 'dot':
      return `<circle cx="${n(one.x)}" cy="${n(one.y)}" r="${n(one.radius)}" fill="${one.color}"/>`
    case 'diamond': {
      const { x, y, radius } = one
      const points = `${n(x)},${n(y - radius)} ${n(x + radius)},${n(y)} ${n(x)},${n(y + radius)} ${n(x - radius)},${n(y)}`
      return `<polygon points="${points}" fill="${one.color}"/>`
    }
    case 'text':
      return `<text x="${n(one.x)}" y="${n(one.y)}" font-size="${one.size}" fill="${one.color}">${escaped(one.text)}</text>`
  }
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (one) => entities[one]!)
}

const style = `
@page { size: A4; margin: 18mm 15mm; }
* { box-sizing: border-box; }
body { max-width: 190mm; margin: 0 auto; padding: 8mm; color: #1f2937; background: #fff;
  font: 10.5pt/1.6 "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
header { border-bottom: 2pt solid #1d4ed8; margin-bottom: 6mm; }
h1 { font-size: 22pt; margin: 0; }
header p { font-size: 13pt; margin: 1mm 0 4mm; }
h2 { font-size: 14pt; margin: 9mm 0 3mm; padding-left: 3mm; border-left: 3pt solid #1d4ed8; break-after: avoid; }
h3 { font-size: 11pt; margin: 5mm 0 2mm; break-after: avoid; }
p, ul, ol { margin: 2mm 0; }
ul, ol { padding-left: 6mm; }
table { width: 100%; border-collapse: collapse; margin: 2mm 0 4mm; table-layout: fixed; font-size: 9pt; }
th, td { border: 0.5pt solid #94a3b8; padding: 1mm 1.5mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: #eff3fa; font-weight: 600; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
.facts th { width: 26mm; }
.code, pre { font-family: "Noto Sans Mono CJK SC", "Noto Sans Mono", Consolas, monospace; font-size: 8pt; }
.code { word-break: break-all; }
pre { background: #f1f5f9; padding: 3mm; white-space: pre-wrap; overflow-wrap: anywhere; }
.sheet { break-after: page; margin-bottom: 12mm; }
.sheet h2 { text-align: center; font-size: 18pt; border: 0; margin: 4mm 0 1mm; padding: 0; }
.caption { text-align: center; margin: 0 0 3mm; }
.sheet .facts { margin-bottom: 0; font-size: 10.5pt; }
.signatures { display: grid; grid-template-columns: 1fr 1fr; break-inside: avoid; }
.signatures div { border: 0.5pt solid #94a3b8; border-top: 0; height: 18mm; padding: 1mm 1.5mm; font-weight: 600; }
.signatures div + div:nth-child(even) { border-left: 0; }
.note { font-size: 8.5pt; }
.warning { border: 1pt solid #dc2626; padding: 2mm 3mm; }
svg { width: 100%; height: auto; break-inside: avoid; font-family: inherit; }
nav { margin: 6mm 0; }
nav a { color: inherit; }
footer { margin-top: 10mm; border-top: 0.5pt solid #94a3b8; font-size: 8.5pt; }
@media print { header { display: none; } .page { break-before: page; } .sheet { margin: 0; } body { padding: 0; max-width: none; } nav { display: none; } }
`
