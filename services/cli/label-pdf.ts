import PDFDocument from 'pdfkit'
import encodeQR from 'qr'
import { registerFonts } from '../custody/packages/report/pdf-fonts.ts'
import { plain } from '../foundation/plain-text.ts'
import { type LabelledDevice, labelSheet, labelsOnSheet, labelTexts } from './label-sheet.ts'

const mm = 72 / 25.4
const codeSide = 27 * mm
const { columns, width, height, top } = labelSheet

/** The labels as a PDF of A4 sheets. @throws not_ready when the fonts are not installed */
export async function labelPdf(devices: readonly LabelledDevice[]): Promise<Buffer> {
  const doc = new PDFDocument({ size: 'A4', margin: 0, lang: 'zh-CN', info: { Title: '设备标签' }, font: '' })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise((resolve, reject) => doc.on('end', resolve).on('error', reject))
  registerFonts(doc)
  for (const [index, device] of devices.entries()) {
    const place = index % labelsOnSheet
    if (index > 0 && place === 0) doc.addPage()
    const left = (place % columns) * width * mm
    drawLabel(doc, device, left, (top + Math.floor(place / columns) * height) * mm)
  }
  doc.end()
  await ended
  return Buffer.concat(chunks)
}

function drawLabel(doc: PDFKit.PDFDocument, device: LabelledDevice, left: number, upper: number): void {
  const { name, serial, code } = labelTexts(device)
  drawCode(doc, code, left + 5 * mm, upper + (height * mm - codeSide) / 2)
  const textLeft = left + 34.5 * mm
  const textWidth = (width - 34.5 - 3) * mm
  const draw = (text: string, size: number, font: string, y: number, lines: number) =>
    doc
      .font(font)
      .fontSize(size)
      .text(plain(text), textLeft, y, { width: textWidth, height: size * 1.5 * lines, ellipsis: true, lineBreak: true })
  draw(name, 8.5, 'text', upper + 6 * mm, 2)
  draw(serial, serial.length > 10 ? 9 : 13, 'bold', upper + 16 * mm, 1)
  draw(code, 6, 'code', upper + 24 * mm, 2)
}

function drawCode(doc: PDFKit.PDFDocument, code: string, left: number, upper: number): void {
  const modules = encodeQR(code, 'raw', { ecc: 'medium', border: 2 })
  const side = codeSide / modules.length
  for (const [row, line] of modules.entries()) {
    for (const [column, isDark] of line.entries()) {
      // A hair larger than its place: no white line shows between two of them.
      if (isDark) doc.rect(left + column * side, upper + row * side, side * 1.02, side * 1.02)
    }
  }
  doc.fill('#000')
}
