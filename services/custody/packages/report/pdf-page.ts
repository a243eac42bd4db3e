/** A document under way, and how text of any origin is made drawable in its fonts. */
export interface Page {
  readonly doc: PDFKit.PDFDocument
  readonly left: number
  readonly width: number
  readonly bottom: number
  drawable(text: string): string
}

/** Begins a new page when so much does not fit on this one any more. */
export function roomFor(page: Page, height: number): void {
  if (page.doc.y + height > page.bottom) page.doc.addPage()
}
