import { buildServer, type Server } from '../../foundation/http/server.ts'
import type { Logger } from '../../foundation/log.ts'
import { actRoutes } from './act-routes.ts'
import { type PageFile, serveBuiltPage } from './built-page.ts'
import { deskRoutes } from './desk-routes.ts'
import { requireLoopback, requireOwnPage } from './own-page.ts'
import type { ScreenModel } from './screen-model.ts'
import { stateRoutes } from './state-routes.ts'
import { serveChanges } from './stream.ts'

const bodyBytesMax = 256 * 1024

export interface ScreenDeps {
  readonly model: ScreenModel
  readonly log: Logger
  /** The built page; empty where only the document of the routes is wanted. */
  readonly page: readonly PageFile[]
}

/**
 * The dock's screen as a server for the browser of the same machine: nobody signs in, so it answers loopback only, a name
 * that somebody else's DNS could give is refused, and so is a write that its own page did not send. No footage, ever.
 * Listen on 127.0.0.1.
 */
export async function buildScreen({ model, log, page }: ScreenDeps): Promise<Server> {
  const server = await buildServer({
    name: 'dock-screen',
    title: "The dock's screen",
    description: 'What the screen of a docking station shows and asks. Served on loopback by the agent.',
    log,
    bodyBytesMax,
    authenticate: async () => null,
    onRefused: async () => undefined,
    ready: async () => ({}),
    contentSecurityPolicy: { imgSrc: ["'self'", 'data:'], mediaSrc: ["'none'"], workerSrc: ["'none'"] },
  })
  server.addHook('onRequest', async (request) => {
    requireLoopback(request)
    requireOwnPage(request)
  })
  stateRoutes(server, model)
  actRoutes(server, model)
  deskRoutes(server, model)
  serveChanges(server, model)
  serveBuiltPage(server, page)
  return server
}
