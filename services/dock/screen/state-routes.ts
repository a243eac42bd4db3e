import { Type } from 'typebox'
import type { Server } from '../../foundation/http/server.ts'
import { DeviceChoice, ScreenPerson, ScreenState, SlotDetail } from './schemas.ts'
import { RecentHandIn } from './schemas-recent.ts'
import type { ScreenModel } from './screen-model.ts'
import { slipStylePolicy } from './slip-style.ts'

export const SlotParams = Type.Object({ slot: Type.Integer({ minimum: 1, maximum: 9999 }) })
/** An answer that is no JSON, as the document says it. */
export const textAnswer = (mediaType: string, description: string) => ({
  description,
  content: { [mediaType]: { schema: Type.String() } },
})

export const open = { access: 'anyone', event: null } as const

const dayMs = 86_400_000
const beijingMs = 8 * 3_600_000

/** What the screen shows: everything at once, one slot in full, who a volume may belong to, what was handed in on a day. */
export function stateRoutes(server: Server, model: ScreenModel): void {
  server.get(
    '/screen/state',
    { config: open, logLevel: 'warn', schema: { summary: 'Everything on the wall', response: { 200: ScreenState } } },
    async () => model.state(),
  )
  server.get(
    '/screen/slots/:slot',
    {
      config: open,
      logLevel: 'warn',
      schema: { summary: 'One slot with its files and gaps', params: SlotParams, response: { 200: SlotDetail } },
    },
    async ({ params }) => model.slot(params.slot),
  )
  server.get(
    '/screen/slots/:slot/devices',
    {
      config: open,
      schema: {
        summary: 'Devices that the volume may belong to, the likeliest first',
        params: SlotParams,
        response: { 200: Type.Object({ devices: Type.Array(DeviceChoice) }) },
      },
    },
    async ({ params }) => ({ devices: [...model.devicesFor(params.slot)] }),
  )
  server.get(
    '/screen/slots/:slot/people',
    {
      config: open,
      schema: {
        summary: 'Who may be taking the device or keeping its card, the likeliest first',
        params: SlotParams,
        response: { 200: Type.Object({ people: Type.Array(ScreenPerson) }) },
      },
    },
    async ({ params }) => ({ people: [...model.peopleFor(params.slot)] }),
  )
  server.get(
    '/screen/hand-ins',
    {
      config: open,
      schema: {
        summary: 'What was handed in on a day, by the time of Beijing, the newest first',
        querystring: Type.Object({ date: Type.String({ format: 'date' }) }),
        response: { 200: Type.Object({ handIns: Type.Array(RecentHandIn) }) },
      },
    },
    async ({ query }) => {
      const from = Date.parse(`${query.date}T00:00:00Z`) - beijingMs
      return { handIns: await model.handIns({ fromMs: from, untilMs: from + dayMs }) }
    },
  )
  server.get(
    '/screen/slots/:slot/slip',
    {
      config: open,
      schema: {
        summary: 'The slip of the slot as a page',
        params: SlotParams,
        response: { 200: textAnswer('text/html', 'for a printer, or to look at') },
      },
    },
    async ({ params }, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', slipStylePolicy)
        .send(await model.slip(params.slot)),
  )
}
