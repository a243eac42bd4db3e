import type { ServerResponse } from 'node:http'
import type { Server } from '../../foundation/http/server.ts'
import type { ScreenModel } from './screen-model.ts'
import { open, textAnswer } from './state-routes.ts'

type Change = Parameters<Parameters<ScreenModel['subscribe']>[0]>[0]

/** At most four times a second a slot: more than an eye sees, and what an old PC draws without effort. */
export const paceMs = 250
/** A screen that hears nothing for longer than twice this says that the agent is away. */
export const beatMs = 5_000

/**
 * Changes for the screen (text/event-stream): first `state` with everything, then `card` with a whole card or `head` with all
 * but the cards, and `beat` every 5 s. Who connects again gets everything anew, so nothing has to be remembered for it.
 */
export function serveChanges(server: Server, model: ScreenModel): void {
  const streams = new Set<ServerResponse>()
  server.addHook('preClose', async () => {
    for (const stream of streams) stream.end()
  })
  server.get(
    '/screen/events',
    {
      config: open,
      logLevel: 'warn',
      schema: {
        summary: 'Changes as they come',
        response: { 200: textAnswer('text/event-stream', 'events `state`, `card`, `head` and `beat`') },
      },
    },
    (_request, reply) => {
      reply.hijack()
      const stream = reply.raw
      const headers = reply.getHeaders() as Record<string, string>
      stream.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      const send = (event: string, data: unknown) => stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
      streams.add(stream)
      send('state', model.state())
      const pacer = pacedChanges((change) => {
        // A reader that takes nothing in gets everything at once when it does, not a queue that grows.
        if (stream.writableNeedDrain) return false
        return 'card' in change ? send('card', change.card) || true : send('head', change.head) || true
      })
      const unsubscribe = model.subscribe(pacer.take)
      const beat = setInterval(() => stream.writableNeedDrain || send('beat', {}), beatMs)
      stream.on('drain', pacer.flush)
      stream.on('close', () => {
        unsubscribe()
        pacer.stop()
        clearInterval(beat)
        streams.delete(stream)
      })
    },
  )
}

/**
 * Lets the newest change of each slot, and of the head, pass at most once in `paceMs`; the last one always comes through.
 * `send` says whether it took the change; what it did not take waits for `flush`.
 */
export function pacedChanges(send: (change: Change) => boolean): {
  take(change: Change): void
  flush(): void
  stop(): void
} {
  const waiting = new Map<number, Change>()
  const resting = new Map<number, NodeJS.Timeout>()
  const pass = (slot: number) => {
    const change = waiting.get(slot)
    if (!change || resting.has(slot) || !send(change)) return
    waiting.delete(slot)
    const timer = setTimeout(() => {
      resting.delete(slot)
      pass(slot)
    }, paceMs)
    resting.set(slot, timer)
  }
  return {
    take(change) {
      const slot = 'card' in change ? change.card.slot : 0
      waiting.set(slot, change)
      pass(slot)
    },
    flush() {
      for (const slot of [...waiting.keys()]) pass(slot)
    },
    stop() {
      for (const timer of resting.values()) clearTimeout(timer)
      waiting.clear()
    },
  }
}
