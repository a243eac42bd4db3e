import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = resolve(import.meta.dirname, '../..')

/** All that the comparison needs of a test. */
interface Comparing {
  equal(found: unknown, wanted: unknown, message: string): boolean
}

/**
 * Compares `text` with a golden file: what others rely on, in a form whose changes a reviewer sees. `npm run golden` (which
 * sets CUSTODY_GOLDEN=write) writes all of them anew; the new files belong in the commit that changes them.
 */
export function compareGolden(t: Comparing, url: URL, text: string): void {
  const path = fileURLToPath(url)
  if (process.env.CUSTODY_GOLDEN === 'write') writeFileSync(path, text)
  const golden = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const name = relative(repository, path)
  t.equal(text, golden, `${name} is what others rely on: if the change is meant, run \`npm run golden\` and commit it`)
}

/** The same for a file that is not text. */
export function compareGoldenBytes(t: Comparing, url: URL, bytes: Buffer): void {
  const path = fileURLToPath(url)
  if (process.env.CUSTODY_GOLDEN === 'write') writeFileSync(path, bytes)
  const golden = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
  const isSame = bytes.equals(golden)
  t.equal(
    isSame,
    true,
    `${relative(repository, path)} is what is generated: if not, run \`npm run golden\` and commit it`,
  )
}
