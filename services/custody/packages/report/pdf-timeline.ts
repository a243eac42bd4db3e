import { type Page, roomFor } from './pdf-page.ts'
import type { DrawnShape, Timeline } from './timeline.ts'

/** Draws a timeline over the width of the page, whole on one page. */
export function drawTimeline(page: Page, timeline: Timeline): void {
  const { doc, left, width } = page
  const scale = width / timeline.width
  roomFor(page, timeline.height * scale)
  const y = doc.y
  doc.save().translate(left, y).scale(scale)
  for (const shape of timeline.shapes) drawShape(page, shape)
  doc.restore()
  doc.x = left
  doc.y = y + timeline.height * scale
}

function drawShape({ doc, drawable }: Page, shape: DrawnShape): void {
  switch (shape.draw) {
    case 'line':
      return void doc
        .moveTo(shape.x1, shape.y1)
        .lineTo(shape.x2, shape.y2)
        .lineWidth(1)
        .strokeColor(shape.color)
        .stroke()
    case 'bar':
      return void doc.rect(shape.x, shape.y, shape.width, shape.height).fill(shape.color)
    case 'dot':
      return void doc.circle(shape.x, shape.y, shape.radius).fill(shape.color)
    case 'diamond': {
      const { x, y, radius: r } = shape
      return void doc.polygon([x, y - r], [x + r, y], [x, y + r], [x - r, y]).fill(shape.color)
    }
    case 'text':
      doc.font('text').fontSize(shape.size).fillColor(shape.color)
      return void doc.text(drawable(shape.text), shape.x, shape.y - shape.size * 1.1, { lineBreak: false })
  }
}
