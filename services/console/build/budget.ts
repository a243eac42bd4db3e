import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** The docking station's screen with everything: a station's PC is old, and its screen must be there at once. */
export const dockGzipBytesMax = 110_000

/** What a browser loads of a built page, each file compressed by itself, the largest first. */
export function gzipSizes(folder: string): readonly { readonly file: string; readonly bytes: number }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => ({ file, bytes: gzipSync(readFileSync(join(folder, file))).length }))
    .sort((one, other) => other.bytes - one.bytes)
}

/** @throws Error when the page is larger than its budget, with the size of each file */
export function requireBudget(folder: string, bytesMax = dockGzipBytesMax): void {
  const sizes = gzipSizes(folder)
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
  if (total <= bytesMax) return
  const files = sizes.map(({ file, bytes }) => `  ${bytes} ${file}`).join('\n')
  throw new Error(`${folder} is ${total} bytes compressed, more than ${bytesMax}:\n${files}`)
}
