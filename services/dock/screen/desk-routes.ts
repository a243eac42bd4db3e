import { Type } from 'typebox'
import { Fault } from '../../foundation/errors.ts'
import type { Server } from '../../foundation/http/server.ts'
import { DeskImport, DeskState } from './schemas-desk.ts'
import type { ScreenModel } from './screen-model.ts'
import { open } from './state-routes.ts'

/** The desk for cards and exports (介质导入), where the station has one. */
export function deskRoutes(server: Server, { desk }: ScreenModel): void {
  server.get(
    '/screen/desk',
    {
      config: open,
      logLevel: 'warn',
      schema: {
        summary: 'What lies at the desk for cards and exports; null where the station has none',
        response: { 200: Type.Object({ desk: Type.Union([DeskState, Type.Null()]) }) },
      },
    },
    async () => ({ desk: desk?.state() ?? null }),
  )
  server.post(
    '/screen/desk/imports',
    {
      config: open,
      schema: {
        summary: 'Says whose a medium is and who takes it in, and begins',
        body: DeskImport,
        response: { 200: Type.Object({ slot: Type.Integer({ minimum: 1 }) }) },
      },
    },
    async ({ body }) => {
      if (!desk) throw new Fault('not_found', 'this station has no desk')
      return desk.begin(body)
    },
  )
}
