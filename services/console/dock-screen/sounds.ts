import type { Alert } from './alerts.ts'

interface Note {
  readonly hertz: number
  readonly fromMs: number
  readonly lengthMs: number
}

/** A tick; two notes up; two low ones. Made here, so nothing is loaded. */
const notes: Record<Alert, readonly Note[]> = {
  recognised: [{ hertz: 1200, fromMs: 0, lengthMs: 60 }],
  ready: [
    { hertz: 660, fromMs: 0, lengthMs: 160 },
    { hertz: 880, fromMs: 170, lengthMs: 240 },
  ],
  attention: [
    { hertz: 330, fromMs: 0, lengthMs: 260 },
    { hertz: 262, fromMs: 280, lengthMs: 380 },
  ],
}

/** Plays by the browser's own synthesiser. A browser that wants a touch first stays silent until there is one. */
export function openSounds(): { play(alert: Alert): void } {
  let context: AudioContext | null = null
  const wake = () => {
    context ??= new AudioContext()
    void context.resume()
  }
  addEventListener('pointerdown', wake)
  return {
    play(alert) {
      wake()
      if (context?.state !== 'running') return
      for (const note of notes[alert]) playNote(context, note)
    },
  }
}

function playNote(context: AudioContext, { hertz, fromMs, lengthMs }: Note): void {
  const oscillator = context.createOscillator()
  const gain = context.createGain()
  const from = context.currentTime + fromMs / 1000
  const to = from + lengthMs / 1000
  oscillator.frequency.value = hertz
  gain.gain.setValueAtTime(0, from)
  gain.gain.linearRampToValueAtTime(0.4, from + 0.01)
  gain.gain.setValueAtTime(0.4, to - 0.03)
  gain.gain.linearRampToValueAtTime(0, to)
  oscillator.connect(gain).connect(context.destination)
  oscillator.start(from)
  oscillator.stop(to)
}
