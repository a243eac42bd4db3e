import { TextReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js'
import type { Block, Section } from './content.ts'

/** A4 in twentieths of a point, less the margins. */
const textWidth = 11_906 - 2 * 900

const fonts = '<w:rFonts w:ascii="Noto Sans CJK SC" w:hAnsi="Noto Sans CJK SC" w:eastAsia="SimSun"/>'
const contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
const relationships = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`

/**
 * A section of the report, of texts and tables, as a document of Word (ECMA-376, transitional) that a clerk can go on
 * writing in. The same section gives the same bytes.
 */
export async function sectionDocx(section: Section, madeAt: Date): Promise<Buffer> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { lastModDate: madeAt, extendedTimestamp: false })
  for (const [path, xml] of [
    ['[Content_Types].xml', contentTypes],
    ['_rels/.rels', relationships],
    ['word/document.xml', documentXml(section)],
  ] as const) {
    await zip.add(path, new TextReader(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${xml}`))
  }
  return Buffer.from(await zip.close())
}

function documentXml({ title, blocks }: Section): string {
  const head = paragraph(title, { halfPoints: 32, isBold: true, isCentred: true })
  const body = [head, ...blocks.map(blockXml)].join('')
  const page =
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="900" w:right="900" w:bottom="900" w:left="900" w:header="450" w:footer="450" w:gutter="0"/></w:sectPr>'
  return `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}${page}</w:body></w:document>`
}

function blockXml(block: Block): string {
  if (block.kind === 'text') return paragraph(block.text)
  if (block.kind === 'table') return table(block)
  throw new TypeError(`a document of Word has no form for a block of the kind ${block.kind}`)
}

function table({ columns, rows }: Extract<Block, { kind: 'table' }>): string {
  const widths = columns.map(({ share }) => Math.round(share * textWidth))
  const sides = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
  const borders = sides.map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>`).join('')
  const properties = `<w:tblPr><w:tblW w:w="${textWidth}" w:type="dxa"/><w:tblBorders>${borders}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>`
  const grid = `<w:tblGrid>${widths.map((width) => `<w:gridCol w:w="${width}"/>`).join('')}</w:tblGrid>`
  const row = (cells: readonly string[], isHead: boolean) =>
    `<w:tr><w:trPr><w:cantSplit/>${isHead ? '<w:tblHeader/>' : ''}</w:trPr>${cells
      .map(
        (text, at) =>
          `<w:tc><w:tcPr><w:tcW w:w="${widths[at]}" w:type="dxa"/></w:tcPr>${paragraph(text, { isBold: isHead })}</w:tc>`,
      )
      .join('')}</w:tr>`
  const head = row(
    columns.map(({ title }) => title),
    true,
  )
  // Word wants a paragraph after a table.
  return `<w:tbl>${properties}${grid}${head}${rows.map((cells) => row(cells, false)).join('')}</w:tbl>${paragraph('')}`
}

interface Look {
  readonly halfPoints?: number
  readonly isBold?: boolean
  readonly isCentred?: boolean
}

function paragraph(text: string, { halfPoints = 21, isBold = false, isCentred = false }: Look = {}): string {
  const size = `<w:sz w:val="${halfPoints}"/><w:szCs w:val="${halfPoints}"/>`
  const properties = `<w:rPr>${fonts}${isBold ? '<w:b/>' : ''}${size}</w:rPr>`
  const run = text === '' ? '' : `<w:r>${properties}<w:t xml:space="preserve">${escaped(text)}</w:t></w:r>`
  return `<w:p>${isCentred ? '<w:pPr><w:jc w:val="center"/></w:pPr>' : ''}${run}</w:p>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
