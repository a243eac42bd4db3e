import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { Fault } from '../../foundation/errors.ts'
import type { Server } from '../../foundation/http/server.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

export interface PageFile {
  readonly url: string
  readonly type: string
  readonly content: Buffer
}

/**
 * Every file of a page that was built (services/console/dist/dock); the HTML file stands at `/`.
 * @throws bad_config when it was not built, or holds a kind of file that nobody serves
 */
export function readBuiltPage(folder: string): PageFile[] {
  const names = namesIn(folder)
  return names.map((name) => {
    const type = types[extname(name)]
    if (type === undefined) throw new Fault('bad_config', `${folder} holds ${name}, which is no part of a page`)
    return { url: name.endsWith('.html') ? '/' : `/${name}`, type, content: readFileSync(join(folder, name)) }
  })
}

function namesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
  } catch (cause) {
    throw new Fault('bad_config', `the screen is not built: ${folder} cannot be read (npm run build:console)`, {
      cause,
    })
  }
}

/** Serves the files from memory: names of assets change with their content, so a browser may keep them. */
export function serveBuiltPage(server: Server, files: readonly PageFile[]): void {
  const open = { config: { access: 'anyone', event: null }, schema: { hide: true }, logLevel: 'warn' } as const
  for (const { url, type, content } of files) {
    const caching = url === '/' ? 'no-store' : 'public, max-age=31536000, immutable'
    server.get(url, open, async (_request, reply) => reply.type(type).header('cache-control', caching).send(content))
  }
}
