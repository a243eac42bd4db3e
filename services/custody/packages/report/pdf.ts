import { setImmediate as breathe } from 'node:timers/promises'
import PDFDocument from 'pdfkit'
import { shownByCode } from '../../../foundation/plain-text.ts'
import type { Block, ReportContent, Section } from './content.ts'
import { drawFacts } from './pdf-facts.ts'
import { registerFonts } from './pdf-fonts.ts'
import { type Page, roomFor } from './pdf-page.ts'
import { drawSheet } from './pdf-sheet.ts'
import { drawTable } from './pdf-table.ts'
import { drawTimeline } from './pdf-timeline.ts'

const margin = 45
const colors = { ink: '#1f2937', accent: '#1d4ed8', line: '#94a3b8', warning: '#dc2626' } as const

/**
 * The report as PDF: A4, the Chinese text as text, nothing of the time of its making but what the report says. Other work of
 * the process goes on between its blocks.
 *
 * @throws not_ready when the fonts are not installed
 */
export async function reportPdf(report: ReportContent, madeAt: Date): Promise<Buffer> {
  const info = { Title: `${report.title} ${report.subtitle}`, CreationDate: madeAt, ModDate: madeAt }
  const doc = new PDFDocument({ size: 'A4', margin, bufferPages: true, lang: 'zh-CN', info, font: '' })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise((resolve, reject) => doc.on('end', resolve).on('error', reject))
  registerFonts(doc)
  const page = pageOf(doc)
  await drawSheets(page, report)
  for (const section of report.sections) await drawSection(page, section)
  drawFooters(page, report.footer)
  doc.end()
  await ended
  return Buffer.concat(chunks)
}

function pageOf(doc: PDFKit.PDFDocument): Page {
  doc.font('text')
  // The types do not show the font that is open; its glyph table is all that is asked of it.
  const { font } = (doc as unknown as { _font: { font: { hasGlyphForCodePoint(code: number): boolean } } })._font
  const known = new Map<string, string>()
  const drawableChar = (one: string): string => {
    const drawn = known.get(one) ?? (font.hasGlyphForCodePoint(one.codePointAt(0)!) ? one : shownByCode(one))
    known.set(one, drawn)
    return drawn
  }
  return {
    doc,
    left: margin,
    width: doc.page.width - 2 * margin,
    bottom: doc.page.height - margin - 20,
    drawable: (text) => [...text].map(drawableChar).join(''),
  }
}

async function drawSheets(page: Page, report: ReportContent): Promise<void> {
  for (const sheet of report.sheets) {
    drawSheet(page, sheet)
    page.doc.addPage()
    await breathe()
  }
}

async function drawSection(page: Page, section: Section): Promise<void> {
  const { doc, left, width } = page
  const isFresh = doc.y <= doc.page.margins.top
  if (section.startsPage && !isFresh) doc.addPage()
  else roomFor(page, 90)
  doc.moveDown(0.8)
  const y = doc.y
  doc.font('bold').fontSize(15).fillColor(colors.ink)
  doc.text(page.drawable(section.title), left + 9, y, { width: width - 9 })
  doc.rect(left, y + 3, 3, doc.y - y - 5).fill(colors.accent)
  doc.moveDown(0.4)
  for (const block of section.blocks) {
    await drawBlock(page, block)
    await breathe()
  }
}

async function drawBlock(page: Page, block: Block): Promise<void> {
  const { doc, left, width } = page
  const text = (content: string, indent = 0) =>
    doc.text(page.drawable(content), left + indent, doc.y, { width: width - indent, lineGap: 2 })
  doc.fillColor(colors.ink)
  switch (block.kind) {
    case 'heading':
      roomFor(page, 60)
      doc.moveDown(0.5).font('bold').fontSize(11)
      text(block.text)
      return void doc.moveDown(0.2)
    case 'text':
      doc.font('text').fontSize(10)
      text(block.text)
      return void doc.moveDown(0.4)
    case 'warning':
      doc.font('bold').fontSize(10).fillColor(colors.warning)
      text(block.text)
      return void doc.moveDown(0.4)
    case 'code':
      doc.font('code').fontSize(9)
      text(block.text, 12)
      return void doc.moveDown(0.4)
    case 'list':
      return drawList(page, block.items)
    case 'facts':
      drawFacts(page, block.rows)
      return void doc.moveDown(0.6)
    case 'table':
      return drawTable(page, block)
    case 'timeline':
      return drawTimeline(page, block.timeline)
  }
}

function drawList(page: Page, items: readonly string[]): void {
  const { doc, left, width } = page
  doc.font('text').fontSize(10)
  for (const item of items) {
    roomFor(page, 24)
    const y = doc.y
    doc.circle(left + 5, y + 7.5, 1.6).fill(colors.ink)
    doc.text(page.drawable(item), left + 14, y, { width: width - 14, lineGap: 2 })
    doc.moveDown(0.15)
  }
  doc.moveDown(0.4)
}

function drawFooters(page: Page, footer: string): void {
  const { doc, left, width } = page
  const { start, count } = doc.bufferedPageRange()
  for (let at = start; at < start + count; at++) {
    doc.switchToPage(at)
    // Below the margin, where text would otherwise begin a new page.
    doc.page.margins.bottom = 0
    doc.font('text').fontSize(8).fillColor(colors.line)
    const y = doc.page.height - margin + 6
    doc.text(page.drawable(footer), left, y, { width: width - 90, lineBreak: false })
    doc.text(`第 ${at - start + 1} 页，共 ${count} 页`, left + width - 90, y, {
      width: 90,
      align: 'right',
      lineBreak: false,
    })
  }
}
