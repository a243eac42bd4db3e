import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { requireBudget } from './budget.ts'

const here = resolve(import.meta.dirname, '..')
const checkout = resolve(here, '../..')

export type Page = 'dock' | 'gallery'

/**
 * Builds one page; with `ifStale` only when a source is newer than what was built.
 * @returns the folder with the page
 * @throws Error when the page grew past its budget, naming the files
 */
export async function buildPage(page: Page, { ifStale = false } = {}): Promise<string> {
  const folder = join(here, 'dist', page)
  if (ifStale && !isStale(join(folder, `${page}.html`))) return folder
  await build({ configFile: join(here, 'vite.config.ts'), mode: page })
  if (page === 'dock') requireBudget(folder)
  return folder
}

function isStale(result: string): boolean {
  if (!existsSync(result)) return true
  const built = statSync(result).mtimeMs
  const sources = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('dist'))
    .map((name) => join(here, name))
  return [...sources, join(checkout, 'package-lock.json')].some(
    (path) => statSync(path).isFile() && statSync(path).mtimeMs > built,
  )
}
