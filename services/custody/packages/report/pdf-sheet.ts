import type { Sheet } from './content.ts'
import { drawFacts, type FactsSize, factsHeight } from './pdf-facts.ts'
import type { Page } from './pdf-page.ts'

const colors = { ink: '#1f2937', line: '#94a3b8' } as const
const signatureHeight = 52
const noteHeight = 20
/** A sheet is one page: long names and texts make it smaller, down to what can still be read. */
const sizes: readonly FactsSize[] = [
  { fontSize: 10.5, padding: 5 },
  { fontSize: 9.5, padding: 3.5 },
  { fontSize: 8.5, padding: 2.5 },
  { fontSize: 7.5, padding: 2 },
  { fontSize: 6.5, padding: 1.5 },
]

/** Draws a sheet on a page of its own. */
export function drawSheet(page: Page, sheet: Sheet): void {
  const { doc, left, width, bottom } = page
  doc.font('bold').fontSize(20).fillColor(colors.ink)
  doc.text(page.drawable(sheet.title), left, doc.y, { width, align: 'center' })
  doc.font('text').fontSize(10.5).text(page.drawable(sheet.caption), left, doc.y, { width, align: 'center' })
  doc.moveDown(0.6)
  const boxes = Math.ceil(sheet.signatures.length / 2) * signatureHeight
  const room = bottom - doc.y - boxes - noteHeight
  const fitting = sizes.find((size) => factsHeight(page, sheet.rows, size) <= room)
  drawFacts(page, sheet.rows, fitting ?? sizes.at(-1))
  drawSignatures(page, sheet.signatures)
  doc.font('text').fontSize(8.5).fillColor(colors.ink)
  doc.text(page.drawable(sheet.note), left, doc.y + 6, { width, lineBreak: false })
}

/** Two boxes a line, with room to write in. */
function drawSignatures({ doc, left, width, drawable }: Page, labels: readonly string[]): void {
  const top = doc.y
  for (const [at, label] of labels.entries()) {
    const x = left + (at % 2) * (width / 2)
    const y = top + Math.floor(at / 2) * signatureHeight
    doc
      .rect(x, y, width / 2, signatureHeight)
      .lineWidth(0.5)
      .strokeColor(colors.line)
      .stroke()
    doc.font('bold').fontSize(9.5).fillColor(colors.ink)
    doc.text(`${drawable(label)}：`, x + 6, y + 5, { width: width / 2 - 12, lineBreak: false })
  }
  doc.x = left
  doc.y = top + Math.ceil(labels.length / 2) * signatureHeight
}
