import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Server } from '../../foundation/http/server.ts'

const page = (name: string) => fileURLToPath(new URL(`../watch/${name}`, import.meta.url))
const hls = createRequire(import.meta.url).resolve('hls.js/dist/hls.light.min.js')

const files = {
  '/watch': { path: page('index.html'), type: 'text/html; charset=utf-8' },
  '/watch/watch.css': { path: page('watch.css'), type: 'text/css; charset=utf-8' },
  '/watch/watch.js': { path: page('watch.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/amounts.js': { path: page('amounts.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/list.js': { path: page('list.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/notices.js': { path: page('notices.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/words.js': { path: page('words.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/flag-words.js': { path: page('flag-words.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/recorded.js': { path: page('recorded.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/request.js': { path: page('request.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/rendition.js': { path: page('rendition.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/grants.js': { path: page('grants.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/film.js': { path: page('film.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/film-source.js': { path: page('film-source.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/film-gate.js': { path: page('film-gate.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/film-fragment.js': { path: page('film-fragment.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/film-loader.js': { path: page('film-loader.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/film-pieces.js': { path: page('film-pieces.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/player.js': { path: page('player.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/skipped.js': { path: page('skipped.js'), type: 'text/javascript; charset=utf-8' },
  '/watch/hls.js': { path: hls, type: 'text/javascript; charset=utf-8' },
} as const

/** The page on which the custodian looks, until the console exists. It holds no footage; what it asks for is guarded. */
export async function watchRoutes(server: Server): Promise<void> {
  const open = { config: { access: 'anyone', event: null }, schema: { hide: true }, logLevel: 'warn' } as const
  server.get('/', open, async (_request, reply) => reply.redirect('/watch'))
  for (const [url, file] of Object.entries(files)) {
    const content = await readFile(file.path)
    server.get(url, open, async (_request, reply) =>
      reply.type(file.type).header('cache-control', 'no-cache').send(content),
    )
  }
}
