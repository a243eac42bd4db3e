import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Given out by this process: what asks for several at once must not be given one twice before its servers listen. */
const given = new Set<number>()

/**
 * A free loopback port below the range that the kernel hands out by itself, so that nobody's outgoing connection takes it
 * before its server listens, or while it is being restarted.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
