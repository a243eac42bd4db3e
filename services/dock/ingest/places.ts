/** Who waits for a place to send from. */
export interface Waiting {
  /** Whose bytes: devices share fairly. */
  readonly device: string
  readonly isMarked: boolean
}

/** Places to send from, and the rate that all of them share. */
export interface Places {
  /** Runs `work` in a place as soon as it is its turn. */
  run<T>(who: Waiting, signal: AbortSignal, work: () => Promise<T>): Promise<T>
  /** Lets a device's bytes through at the rate that is allowed, and counts them for its turn. */
  paced(device: string, stream: AsyncIterable<Buffer>, signal: AbortSignal): AsyncIterable<Buffer>
  /** Its bytes so far do not count any more. */
  forget(device: string): void
}

interface Turn extends Waiting {
  readonly order: number
  readonly go: () => void
}

/**
 * Marked files first; among equals the device that sends from fewest places, then the one whose fewest bytes have gone, then
 * who came first.
 */
export function openPlaces(options: { max: number; bytesPerSecond: number | null }): Places {
  const waiting: Turn[] = []
  const sending = new Map<string, number>()
  const gone = new Map<string, number>()
  const pace = paceOf(options.bytesPerSecond)
  let taken = 0
  let asked = 0
  const before = (a: Turn, b: Turn) =>
    Number(b.isMarked) - Number(a.isMarked) ||
    (sending.get(a.device) ?? 0) - (sending.get(b.device) ?? 0) ||
    (gone.get(a.device) ?? 0) - (gone.get(b.device) ?? 0) ||
    a.order - b.order
  const next = () => {
    while (taken < options.max && waiting.length > 0) {
      const [turn] = waiting.sort(before).splice(0, 1)
      taken += 1
      sending.set(turn!.device, (sending.get(turn!.device) ?? 0) + 1)
      turn!.go()
    }
  }
  const leave = (device: string) => {
    taken -= 1
    const left = sending.get(device)! - 1
    if (left > 0) sending.set(device, left)
    else sending.delete(device)
    next()
  }
  return {
    async run(who, signal, work) {
      signal.throwIfAborted()
      asked += 1
      await new Promise<void>((resolve, reject) => {
        const giveUp = () => {
          waiting.splice(waiting.indexOf(turn), 1)
          reject(signal.reason)
        }
        const turn: Turn = {
          ...who,
          order: asked,
          go: () => {
            signal.removeEventListener('abort', giveUp)
            resolve()
          },
        }
        signal.addEventListener('abort', giveUp, { once: true })
        waiting.push(turn)
        next()
      })
      return await work().finally(() => leave(who.device))
    },
    async *paced(device, stream, signal) {
      for await (const chunk of stream) {
        await pace(chunk.length, signal)
        gone.set(device, (gone.get(device) ?? 0) + chunk.length)
        yield chunk
      }
    },
    forget: (device) => {
      gone.delete(device)
    },
  }
}

/** Each chunk waits until the bytes before it have had their time. */
function paceOf(bytesPerSecond: number | null): (bytes: number, signal: AbortSignal) => Promise<void> {
  if (bytesPerSecond === null) return async () => undefined
  let freeAtMs = 0
  return async (bytes, signal) => {
    const nowMs = performance.now()
    const startMs = Math.max(nowMs, freeAtMs)
    freeAtMs = startMs + (bytes / bytesPerSecond) * 1000
    if (startMs > nowMs) await sleep(startMs - nowMs, signal)
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}
