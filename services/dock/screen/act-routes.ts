import { type TSchema, Type } from 'typebox'
import type { Server } from '../../foundation/http/server.ts'
import { EmergencyPickUp, Explanation, KeptCard, SignedIn, SignIn, Statement, Taking, WhoseVolume } from './schemas.ts'
import type { ScreenModel } from './screen-model.ts'
import { open, SlotParams } from './state-routes.ts'

const Done = Type.Null({ description: 'kept on the spool' })

const act = <Body extends TSchema>(summary: string, body: Body) => ({
  config: open,
  schema: { summary, params: SlotParams, body, response: { 204: Done } },
})
const plainAct = (summary: string) => ({
  config: open,
  schema: { summary, params: SlotParams, response: { 204: Done } },
})

/** What somebody in front of the screen may say or do. Each answers once it is on the spool of the station. */
export function actRoutes(server: Server, model: ScreenModel): void {
  server.post(
    '/screen/slots/:slot/explanations',
    act('Explains a gap', Explanation),
    async ({ params, body }, reply) => {
      await model.explain(params.slot, body)
      return reply.code(204).send(null)
    },
  )
  server.post(
    '/screen/slots/:slot/statements',
    act('Says of files that they are no enforcement, or that their matter has no number yet', Statement),
    async ({ params, body }, reply) => {
      await model.say(params.slot, body)
      return reply.code(204).send(null)
    },
  )
  server.post(
    '/screen/slots/:slot/whose',
    act('Says whose volume it is', WhoseVolume),
    async ({ params, body }, reply) => {
      await model.whose(params.slot, body)
      return reply.code(204).send(null)
    },
  )
  server.post(
    '/screen/slots/:slot/pick-up',
    act('Takes the device along before everything is in', EmergencyPickUp),
    async ({ params, body }, reply) => {
      await model.pickUp(params.slot, body)
      return reply.code(204).send(null)
    },
  )
  server.post(
    '/screen/slots/:slot/keep',
    plainAct('Does not clear the device this time'),
    async ({ params }, reply) => {
      await model.keep(params.slot)
      return reply.code(204).send(null)
    },
  )
  server.post(
    '/screen/slots/:slot/clear',
    plainAct('Lets the device be cleared, where the station asks'),
    async ({ params }, reply) => {
      await model.clear(params.slot)
      return reply.code(204).send(null)
    },
  )
  server.post('/screen/slots/:slot/print', plainAct('Prints the slip'), async ({ params }, reply) => {
    await model.print(params.slot)
    return reply.code(204).send(null)
  })
  takenOutRoutes(server, model)
  sessionRoutes(server, model)
}

/** What may still be said right after the device, or its card, was taken out. */
function takenOutRoutes(server: Server, model: ScreenModel): void {
  server.post(
    '/screen/slots/:slot/taking',
    act('Says who takes the device along', Taking),
    async ({ params, body }, reply) => {
      await model.take(params.slot, body)
      return reply.code(204).send(null)
    },
  )
  server.post(
    '/screen/slots/:slot/kept-card',
    act('Says under which seal the card is kept', KeptCard),
    async ({ params, body }, reply) => {
      await model.keepCard(params.slot, body)
      return reply.code(204).send(null)
    },
  )
}

/** Who stands at the screen: by work card or dock code, for this slot only, for 90 s after the last touch. */
function sessionRoutes(server: Server, model: ScreenModel): void {
  const url = '/screen/slots/:slot/session'
  const answer = { params: SlotParams, response: { 200: SignedIn } }
  server.post(
    url,
    { config: open, schema: { summary: 'Says who stands here', ...answer, body: SignIn } },
    async ({ params, body }) => model.signIn(params.slot, body),
  )
  server.put(url, { config: open, schema: { summary: 'Still here: 90 s from now', ...answer } }, async ({ params }) =>
    model.stay(params.slot),
  )
  server.delete(
    url,
    { config: open, schema: { summary: 'Leaves', params: SlotParams, response: { 204: Done } } },
    async ({ params }, reply) => {
      model.signOut(params.slot)
      return reply.code(204).send(null)
    },
  )
}
