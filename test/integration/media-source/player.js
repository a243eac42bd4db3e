// Runs in a blank page: plays a film through Media Source and says what is buffered, seen and heard.

/** Appends an init section and segments, each in base64, and says which seconds the browser then has. */
async function appended(type, parts) {
  const media = new MediaSource()
  const video = document.createElement('video')
  document.body.append(video)
  video.src = URL.createObjectURL(media)
  await once(media, 'sourceopen')
  const buffer = media.addSourceBuffer(type)
  for (const part of parts) {
    buffer.appendBuffer(Uint8Array.from(atob(part), (character) => character.charCodeAt(0)))
    await once(buffer, 'updateend')
  }
  const ranges = Array.from({ length: buffer.buffered.length }, (_, index) => [
    buffer.buffered.start(index),
    buffer.buffered.end(index),
  ])
  return { media, video, ranges }
}

/** The ranges in seconds that Media Source names after all parts were appended. */
window.bufferedOf = async (type, parts) => {
  const { video, ranges } = await appended(type, parts)
  video.remove()
  return ranges
}

const recorder = `registerProcessor('recorder', class extends AudioWorkletProcessor {
  process([input]) {
    let peak = 0
    for (const sample of input[0] ?? []) peak = Math.max(peak, Math.abs(sample))
    this.port.postMessage([currentTime, peak])
    return true
  }
})`

/**
 * Plays from a second on and says at which seconds of the film a sound begins after silence, what was seen first, and whether
 * the film ended. The audio clock and the film's clock are read together all the time, and compared by their median.
 */
window.playedOf = async (type, parts, from) => {
  const { media, video } = await appended(type, parts)
  media.endOfStream()
  const context = new AudioContext()
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([recorder], { type: 'text/javascript' })))
  const source = context.createMediaElementSource(video)
  const node = new AudioWorkletNode(context, 'recorder')
  const peaks = []
  node.port.onmessage = ({ data }) => peaks.push(data)
  source.connect(node).connect(context.destination)
  await context.resume()
  const seen = []
  const note = (_now, { mediaTime }) => {
    seen.push(mediaTime)
    video.requestVideoFrameCallback(note)
  }
  video.requestVideoFrameCallback(note)
  if (from > 0) video.currentTime = from
  const offsets = []
  const clock = setInterval(() => {
    if (video.currentTime > from && !video.ended) offsets.push(context.currentTime - video.currentTime)
  }, 20)
  // Whoever stands still for good never ends: the caller sees it by `ended`.
  const limit = new Promise((resolve) => setTimeout(resolve, 30_000))
  const over = Promise.race([once(video, 'ended'), once(video, 'error'), limit])
  await video.play().catch(() => undefined)
  await over
  clearInterval(clock)
  const offset = offsets.sort((a, b) => a - b)[offsets.length >> 1]
  video.remove()
  await context.close()
  return {
    ended: video.ended,
    error: video.error?.message ?? null,
    seen,
    heard: beginnings(peaks).map((at) => at - offset),
  }
}

function beginnings(peaks) {
  const found = []
  let lastLoud = Number.NEGATIVE_INFINITY
  for (const [at, peak] of peaks) {
    if (peak < 0.1) continue
    if (at - lastLoud > 0.1) found.push(at)
    lastLoud = at
  }
  return found
}

function once(target, name) {
  return new Promise((resolve) => target.addEventListener(name, resolve, { once: true }))
}
