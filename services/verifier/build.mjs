// Builds what outsiders verify evidence packages with, into services/verifier/dist (not in git):
//
//   verify.mjs    the command, one file for plain Node >= 20        verify.html   the page, one file, no network
//
// With them services/verifier is a package of its own, without dependencies: npx and npm pack take the folder.
//
//   node services/verifier/build.mjs [--if-stale]
//
// The same sources give the same bytes, so the SHA-256 that is published can be compared.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const checkout = resolve(here, '../..')
const dist = join(here, 'dist')
const results = ['verify.mjs', 'verify.html']

/** Builds when a result is absent or older than a source; answers whether it did. */
export async function buildVerifier({ ifStale = false } = {}) {
  if (ifStale && !isStale()) return false
  const { build } = await import('esbuild')
  mkdirSync(dist, { recursive: true })
  place('verify.mjs', await bundleCommand(build))
  place('verify.html', await bundlePage(build))
  return true
}

function isStale() {
  if (!results.every((name) => existsSync(join(dist, name)))) return true
  const oldest = Math.min(...results.map((name) => statSync(join(dist, name)).mtimeMs))
  const folders = ['verifier', 'ledger', 'foundation'].map((name) => join(checkout, 'services', name))
  const sources = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  return [...sources, join(checkout, 'package-lock.json')]
    .filter((path) => !path.startsWith(dist))
    .some((path) => statSync(path).isFile() && statSync(path).mtimeMs > oldest)
}

const common = {
  bundle: true,
  write: false,
  format: 'esm',
  charset: 'utf8',
  legalComments: 'inline',
  absWorkingDir: checkout,
  logLevel: 'warning',
}

async function bundleCommand(build) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['services/verifier/main.ts'],
    platform: 'node',
    target: 'node20',
    banner: { js: '#!/usr/bin/env node' },
    plugins: standIns('bundle/crypto-node.ts'),
  })
  return outputFiles[0].text
}

async function bundlePage(build) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['services/verifier/page/page.js'],
    platform: 'browser',
    target: 'es2022',
    minify: true,
    // A closing tag within the script would end it.
    supported: { 'inline-script': false },
    inject: ['services/verifier/bundle/buffer-browser.ts'],
    plugins: standIns('bundle/crypto-browser.ts'),
  })
  const script = outputFiles[0].text
  const style = readFileSync(join(here, 'page/page.css'), 'utf8')
  const page = readFileSync(join(here, 'page/page.html'), 'utf8')
  const policy = [
    "default-src 'none'",
    `script-src '${sourceHash(script)}' 'wasm-unsafe-eval'`,
    `style-src '${sourceHash(style)}'`,
    // The inflater is compiled from bytes within the script, which its library asks for like this.
    'connect-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const parts = { policy, style: `<style>${style}</style>`, script: `<script type="module">${script}</script>` }
  return page.replace(/<!-- (policy|style|script) -->/g, (_, name) => parts[name])
}

function sourceHash(text) {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`
}

function standIns(cryptoPath) {
  return [standIn(/^node:crypto$/, cryptoPath), standIn(/\/ristretto\.ts$/, 'bundle/ristretto.ts')]
}

/** Gives every import that matches the stand-in, except the stand-in's own. */
function standIn(filter, path) {
  const target = join(here, path)
  return {
    name: path,
    setup: (setup) => {
      setup.onResolve({ filter }, ({ importer }) => (importer === target ? undefined : { path: target }))
    },
  }
}

/** Whole or not at all: tests may run the one before. */
function place(name, text) {
  writeFileSync(join(dist, `${name}.new`), text, { mode: 0o755 })
  renameSync(join(dist, `${name}.new`), join(dist, name))
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const built = await buildVerifier({ ifStale: process.argv.includes('--if-stale') })
  if (built) process.stdout.write(`the verifier is built: ${dist}\n`)
}
