import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy in front of a server: the bad link between a dock and the bureau. */
export interface Proxy {
  readonly origin: string
  /**
   * Cuts the next connection that has carried this many bytes towards the server; once. With a reset, which may take bytes
   * on their way with it, or `closed`: the server gets exactly so many bytes, and then the end.
   */
  cutAfter(bytes: number, how?: 'reset' | 'closed'): void
  /** Resets every connection that has carried this many bytes towards the server: a line that never lasts longer. */
  cutEvery(bytes: number): void
  /** From now on a connection carries no more than this many bytes a second towards the server. */
  slowTo(bytesPerSecond: number): void
  /** From now on no byte passes in either direction, and nobody is told: half-open links. */
  stall(): void
  /** Bytes pass again; links that were stalled stay dead. */
  resume(): void
  /** The server is away: its connections break and new ones are refused, until `up`. */
  down(): void
  up(): void
  /** How many connections were cut by `cutAfter` and `cutEvery`. */
  readonly cuts: () => number
  /** Bytes that came from clients, those included that a cut took. */
  readonly bytesFromClients: () => number
  close(): Promise<void>
}

export async function openProxy(t: { teardown(end: () => unknown): unknown }, target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target)
  const links = new Set<{ client: Socket; server: Socket }>()
  let nextCut: { at: number; how: 'reset' | 'closed' } | null = null
  let everyCutAt = Number.POSITIVE_INFINITY
  let bytesPerSecond = Number.POSITIVE_INFINITY
  let bytesFromClients = 0
  let cuts = 0
  let isStalled = false
  let isDown = false
  const listener = createServer((client) => {
    client.on('error', () => undefined)
    if (isDown) return void client.resetAndDestroy()
    const server = connect({ host: hostname, port: Number(port) })
    const link = { client, server, dead: false, carried: 0 }
    links.add(link)
    const end = () => {
      links.delete(link)
      client.destroy()
      if (!server.writableEnded) server.destroy()
    }
    const cut = (lastBytes: Buffer | null) => {
      cuts += 1
      links.delete(link)
      if (lastBytes) server.end(lastBytes)
      else server.resetAndDestroy()
      client.resetAndDestroy()
    }
    client.on('data', (chunk: Buffer) => {
      if (isStalled) link.dead = true
      if (link.dead) return
      const before = link.carried
      link.carried += chunk.length
      bytesFromClients += chunk.length
      if (nextCut && link.carried >= nextCut.at) {
        const { at, how } = nextCut
        nextCut = null
        return cut(how === 'closed' ? chunk.subarray(0, Math.max(0, at - before)) : null)
      }
      if (link.carried >= everyCutAt) return cut(null)
      const isBusy = !server.write(chunk)
      if (isBusy) server.once('drain', () => client.resume())
      else if (bytesPerSecond < Number.POSITIVE_INFINITY) {
        setTimeout(() => client.resume(), (chunk.length / bytesPerSecond) * 1000)
      } else return
      client.pause()
    })
    server.on('data', (chunk) => {
      if (isStalled) link.dead = true
      if (link.dead) return
      if (!client.write(chunk)) {
        server.pause()
        client.once('drain', () => server.resume())
      }
    })
    for (const socket of [client, server]) socket.on('error', end)
    // A stalled link tells neither side that the other has gone.
    client.on('close', () => (link.dead ? undefined : end()))
    server.on('close', () => (link.dead ? undefined : end()))
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const breakLinks = () => {
    for (const { client, server } of links) {
      client.resetAndDestroy()
      server.destroy()
    }
  }
  const close = async () => {
    breakLinks()
    await new Promise<void>((resolve) => listener.close(() => resolve()))
  }
  t.teardown(close)
  return {
    origin: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    cutAfter: (bytes, how = 'reset') => {
      nextCut = { at: bytes, how }
    },
    cutEvery: (bytes) => {
      everyCutAt = bytes
    },
    slowTo: (rate) => {
      bytesPerSecond = rate
    },
    stall: () => {
      isStalled = true
    },
    resume: () => {
      isStalled = false
    },
    down: () => {
      isDown = true
      breakLinks()
    },
    up: () => {
      isDown = false
    },
    cuts: () => cuts,
    bytesFromClients: () => bytesFromClients,
    close,
  }
}
