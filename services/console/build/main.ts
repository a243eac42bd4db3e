// Builds what browsers load, into services/console/dist (not in git, like the verifier's page):
//
//   node services/console/build/main.ts [--if-stale] [dock | gallery]
//
//   dist/dock       the docking station's screen, within its budget        dist/gallery    every state of it, for tests

import { buildPage } from './build.ts'

// React's own build for production, whatever the environment of a test says.
process.env.NODE_ENV = 'production'
const page = process.argv.includes('gallery') ? 'gallery' : 'dock'
process.stdout.write(`${await buildPage(page, { ifStale: process.argv.includes('--if-stale') })}\n`)
