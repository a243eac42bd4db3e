import { join } from 'node:path'
import { InstallFailure, tail } from './progress.mjs'
import { run } from './run.mjs'

/** The page that a docking station serves (services/console/dist), when it is absent or older than its sources. */
export async function installConsole(checkout) {
  // By the Node of node_modules: npm may have started this program on an older one, which does not run TypeScript.
  const node = join(checkout, 'node_modules/.bin/node')
  const { code, output } = await run(node, ['services/console/build/main.ts', '--if-stale', 'dock'], { cwd: checkout })
  if (code !== 0) throw new InstallFailure(`the docking station's screen could not be built:\n${tail(output)}`)
}
