import { setImmediate as breathe } from 'node:timers/promises'
import type { Block } from './content.ts'
import type { Page } from './pdf-page.ts'

type Table = Extract<Block, { kind: 'table' }>

const padding = 3
const fontSize = 8
const lineGap = 1
const colors = { ink: '#1f2937', line: '#94a3b8', head: '#eff3fa' } as const

/** Draws a table row by row, its head again on every page. A row that is higher than a page goes on on the next. */
export async function drawTable(page: Page, table: Table): Promise<void> {
  const { doc, left, bottom } = page
  const widths = table.columns.map(({ share }) => share * page.width)
  const head = table.columns.map(({ title }) => title)
  const top = doc.page.margins.top
  const drawHead = () => drawRow(page, table, widths, head, true)
  if (doc.y + 60 > bottom) doc.addPage()
  drawHead()
  for (const [at, row] of table.rows.entries()) {
    let cells = row.map(page.drawable)
    while (cells.some((cell) => cell !== '')) {
      const height = heightOf(page, table, widths, cells)
      if (doc.y + height <= bottom) {
        drawRow(page, table, widths, cells, false)
        break
      }
      if (doc.y > top + 60) {
        doc.addPage()
        drawHead()
        continue
      }
      const [first, rest] = splitRow(page, table, widths, cells, bottom - doc.y)
      drawRow(page, table, widths, first, false)
      cells = rest
    }
    // Measuring text is slow: whatever else the process has to do must not wait for a long table.
    if (at % 20 === 19) await breathe()
  }
  doc.x = left
  doc.moveDown(0.8)
}

function drawRow(page: Page, table: Table, widths: readonly number[], cells: readonly string[], isHead: boolean): void {
  const { doc, left } = page
  const y = doc.y
  const height = heightOf(page, table, widths, cells, isHead)
  let x = left
  for (const [at, cell] of cells.entries()) {
    const width = widths[at]!
    if (isHead) doc.rect(x, y, width, height).fill(colors.head)
    doc.rect(x, y, width, height).lineWidth(0.5).strokeColor(colors.line).stroke()
    choose(page, table, at, isHead).fillColor(colors.ink)
    doc.text(cell, x + padding, y + padding, { width: width - 2 * padding, lineGap })
    x += width
  }
  doc.x = left
  doc.y = y + height
}

function heightOf(
  page: Page,
  table: Table,
  widths: readonly number[],
  cells: readonly string[],
  isHead = false,
): number {
  const heights = cells.map((cell, at) =>
    choose(page, table, at, isHead).heightOfString(cell, { width: widths[at]! - 2 * padding, lineGap }),
  )
  return Math.max(...heights, fontSize) + 2 * padding
}

/** As much of each cell as fits, and the rest. */
function splitRow(page: Page, table: Table, widths: readonly number[], cells: readonly string[], height: number) {
  const cuts = cells.map((cell, at) => {
    let low = 0
    let high = cell.length
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      const part = cells.map((_, other) => (other === at ? cell.slice(0, middle) : ''))
      if (heightOf(page, table, widths, part) <= height) low = middle
      else high = middle - 1
    }
    return Math.max(low, Math.min(1, cell.length))
  })
  return [cells.map((cell, at) => cell.slice(0, cuts[at])), cells.map((cell, at) => cell.slice(cuts[at]))] as const
}

function choose({ doc }: Page, table: Table, column: number, isHead: boolean): PDFKit.PDFDocument {
  const isCode = !isHead && table.columns[column]?.isCode
  return doc.font(isHead ? 'bold' : isCode ? 'code' : 'text').fontSize(isCode ? fontSize - 1 : fontSize)
}
