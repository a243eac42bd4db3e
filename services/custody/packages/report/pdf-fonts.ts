import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../../foundation/errors.ts'

/** Where distributions put fonts-noto-cjk. */
const fontFolders = ['opentype/noto', 'google-noto-cjk', 'noto-cjk', 'truetype/noto']
// Each file holds all languages; the name picks simplified Chinese.
const fonts = {
  text: ['NotoSansCJK-Regular.ttc', 'NotoSansCJKsc-Regular'],
  bold: ['NotoSansCJK-Bold.ttc', 'NotoSansCJKsc-Bold'],
  code: ['NotoSansCJK-Regular.ttc', 'NotoSansMonoCJKsc-Regular'],
} as const

/** Makes the fonts `text`, `bold` and `code` known to a document. @throws not_ready when they are not installed */
export function registerFonts(doc: PDFKit.PDFDocument): void {
  const folders = fontFolders.map((name) => join('/usr/share/fonts', name))
  const found = folders.find((folder) => Object.values(fonts).every(([file]) => existsSync(join(folder, file))))
  if (!found) throw new Fault('not_ready', 'a PDF needs the fonts Noto Sans CJK (package fonts-noto-cjk)')
  for (const [name, [file, family]] of Object.entries(fonts)) doc.registerFont(name, join(found, file), family)
}
