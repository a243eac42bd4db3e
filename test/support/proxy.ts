import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy in front of a server: the bad link between a dock and the bureau. */
export interface Proxy {
  readonly origin: string
  /** Cuts the next connection (with a reset) that has carried this many bytes towards the server; once. */
  cutAfter(bytes: number): void
  /** From now on no byte passes in either direction, and nobody is told: half-open links. */
  stall(): void
  /** Bytes pass again; links that were stalled stay dead. */
  resume(): void
  /** The server is away: its connections break and new ones are refused, until `up`. */
  down(): void
  up(): void
  /** How many connections were cut by `cutAfter`. */
  readonly cuts: () => number
  close(): Promise<void>
}

export async function openProxy(t: { teardown(end: () => unknown): unknown }, target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target)
  const links = new Set<{ client: Socket; server: Socket }>()
  let cutAt = Number.POSITIVE_INFINITY
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
      server.destroy()
    }
    client.on('data', (chunk) => {
      if (isStalled) link.dead = true
      if (link.dead) return
      link.carried += chunk.length
      if (link.carried >= cutAt) {
        cutAt = Number.POSITIVE_INFINITY
        cuts += 1
        client.resetAndDestroy()
        server.resetAndDestroy()
        links.delete(link)
        return
      }
      if (!server.write(chunk)) {
        client.pause()
        server.once('drain', () => client.resume())
      }
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
    cutAfter: (bytes) => {
      cutAt = bytes
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
    close,
  }
}
