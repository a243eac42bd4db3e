import { isDigestLine, type LabelledText, linesOf } from './content.ts'
import { type Page, roomFor } from './pdf-page.ts'

const colors = { ink: '#1f2937', line: '#94a3b8', label: '#eff3fa' } as const
const labelWidth = 84
const inset = 6

/** How large labelled texts are drawn. */
export interface FactsSize {
  readonly fontSize: number
  readonly padding: number
}
export const usualSize: FactsSize = { fontSize: 9.5, padding: 3.5 }

/** Label and text in two columns, a box each. */
export function drawFacts(page: Page, rows: readonly LabelledText[], size: FactsSize = usualSize): void {
  const { doc, left, width } = page
  for (const row of rows) {
    const height = rowHeight(page, row, size)
    roomFor(page, height)
    const y = doc.y
    doc.rect(left, y, labelWidth, height).fill(colors.label)
    doc.rect(left, y, width, height).lineWidth(0.5).strokeColor(colors.line).stroke()
    doc.font('bold').fontSize(size.fontSize).fillColor(colors.ink)
    doc.text(page.drawable(row[0]), left + inset, y + size.padding, { width: labelWidth - inset - 2 })
    doc.y = y + size.padding
    for (const line of linesOf(row[1])) {
      choose(page, line, size).text(page.drawable(line), left + labelWidth + inset, doc.y, options(page))
    }
    doc.x = left
    doc.y = y + height
  }
}

/** Height of these rows in points. */
export function factsHeight(page: Page, rows: readonly LabelledText[], size: FactsSize): number {
  return rows.reduce((sum, row) => sum + rowHeight(page, row, size), 0)
}

function rowHeight(page: Page, [label, text]: LabelledText, size: FactsSize): number {
  const { doc } = page
  const labelHeight = doc
    .font('bold')
    .fontSize(size.fontSize)
    .heightOfString(page.drawable(label), { width: labelWidth - inset - 2 })
  const lines = linesOf(text).map((line) => choose(page, line, size).heightOfString(page.drawable(line), options(page)))
  const textHeight = lines.reduce((sum, height) => sum + height, 0)
  return Math.max(labelHeight, textHeight) + 2 * size.padding
}

function choose({ doc }: Page, line: string, { fontSize }: FactsSize): PDFKit.PDFDocument {
  const isDigest = isDigestLine(line)
  return doc
    .font(isDigest ? 'code' : 'text')
    .fontSize(isDigest ? fontSize - 1 : fontSize)
    .fillColor(colors.ink)
}

function options({ width }: Page) {
  return { width: width - labelWidth - 2 * inset, lineGap: 1.5 }
}
