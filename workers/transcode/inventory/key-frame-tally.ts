const samplesMax = 64

/** Where a stream's key frames stand; times in seconds. */
export interface TalliedKeyFrames {
  readonly keyFrames: number
  readonly firstKey: number | null
  readonly keyFrameDistanceMsMax: number
  /** At most 64 of them, spread evenly. */
  readonly keyFrameSamples: readonly number[]
}

export function keyFrameTally(): { add: (time: number) => void; result: (end: number | null) => TalliedKeyFrames } {
  let samples: number[] = []
  let every = 1
  let keyFrames = 0
  let firstKey: number | null = null
  let last: number | null = null
  let distance = 0
  return {
    add(time) {
      if (keyFrames % every === 0) {
        samples.push(time)
        if (samples.length === 2 * samplesMax) {
          samples = everySecond(samples)
          every *= 2
        }
      }
      keyFrames++
      if (last !== null) distance = Math.max(distance, time - last)
      last = time
      firstKey ??= time
    },
    result(end) {
      const toEnd = last === null || end === null ? 0 : end - last
      return {
        ...{ keyFrames, firstKey },
        keyFrameDistanceMsMax: Math.round(Math.max(distance, toEnd) * 1000),
        keyFrameSamples: samples.length > samplesMax ? everySecond(samples) : samples,
      }
    },
  }
}

function everySecond(times: readonly number[]): number[] {
  return times.filter((_time, index) => index % 2 === 0)
}
