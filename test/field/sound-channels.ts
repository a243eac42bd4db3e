import { type FieldCase, film, heard, soundOnly } from './case.ts'
import { keepSound, tone600, wavOf } from './edit-streams.ts'
import { h264, picture, pictures, tone } from './sources.ts'
import { byFfmpeg, byHand } from './workshop.ts'

/** Voices that are lost when one track is mixed to one channel. */
export const soundChannels: readonly FieldCase[] = [
  {
    id: 'B1',
    file: 'muted-at-both-ends.mpg',
    situation:
      'A recorder was muted except for a quarter of a minute; its programme stream does not announce the sound beforehand.',
    make: byHand(async (workshop) => {
      const flags = [...picture('480x270', 10, 60), ...tone(600, 60, 16_000), '-map', '0', '-map', '1']
      const encode = [...pictures('-bf', '0'), '-crf', '31', '-g', '10', '-c:a', 'mp2', '-b:a', '32k', '-ar', '16000']
      const both = await workshop.made([...flags, ...encode, '-f', 'vob'], 'both.mpg')
      return keepSound(both, (seconds) => seconds >= 20 && seconds < 35)
    }),
    right: film(60_000, [480, 270], heard(19_780, 34_820)),
  },
  {
    id: 'B2',
    file: 'pen-stereo-antiphase.wav',
    situation: 'One of the two microphones of a recording pen is wired the wrong way round.',
    make: byHand(() =>
      wavOf({ channels: 2, rate: 16_000, seconds: 5 }, (time, side) => tone600(time) * (1 - 2 * side)),
    ),
    right: soundOnly(5000, heard(0, 5000, 2)),
  },
  {
    id: 'B3',
    file: 'interview-6ch-voice-on-4.wav',
    situation: 'An interview room recorded six channels, and the voice is on the fourth alone.',
    make: byHand(() =>
      wavOf({ channels: 6, rate: 16_000, seconds: 5 }, (time, channel) => (channel === 3 ? tone600(time) : 0)),
    ),
    right: soundOnly(5000, [{ track: 0, channel: 3, fromMs: 0, toMs: 5000 }]),
  },
  {
    id: 'B5',
    file: 'two-mono-tracks-first-silent.mp4',
    situation: "The camera's own microphone was off, and the lapel microphone has a track of its own.",
    make: byFfmpeg(
      ...[...picture(), '-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=mono:d=6', ...tone(600)],
      ...['-map', '0', '-map', '1', '-map', '2', ...h264, '-c:a', 'aac', '-ac', '1'],
    ),
    right: film(6000, [640, 360], heard(0, 6000, 1, 1)),
  },
  {
    id: 'B6',
    file: 'polywav-10ch.wav',
    situation: 'A field recorder wrote its ten inputs into one file.',
    make: byHand(() =>
      wavOf({ channels: 10, rate: 16_000, seconds: 4 }, (time, channel) => tone600(time, 300 + 100 * channel)),
    ),
    right: soundOnly(4000, heard(0, 4000, 10)),
  },
  {
    id: 'more-9-channels',
    file: 'polywav-9ch-voice-on-last.wav',
    situation: 'A recorder of nine channels, for which no loudspeaker layout exists, has the voice on the last.',
    make: byHand(() =>
      wavOf({ channels: 9, rate: 16_000, seconds: 4 }, (time, channel) => (channel === 8 ? tone600(time) : 0)),
    ),
    right: soundOnly(4000, [{ track: 0, channel: 8, fromMs: 0, toMs: 4000 }]),
  },
  {
    id: 'more-16-channels',
    file: 'polywav-16ch.wav',
    situation: 'A mixer wrote sixteen channels into one file.',
    make: byHand(() =>
      wavOf({ channels: 16, rate: 16_000, seconds: 3 }, (time, channel) => tone600(time, 300 + 100 * channel)),
    ),
    right: soundOnly(3000, heard(0, 3000, 16)),
  },
  {
    id: 'more-8-tracks',
    file: 'eight-mono-tracks.mov',
    situation: 'A camera gave each of its eight microphones a track of its own; the last one hears the voice.',
    make: byFfmpeg(
      ...[...picture('320x240', 10, 4), '-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono:d=4', ...tone(600, 4, 16_000)],
      ...['-map', '0', ...Array.from({ length: 7 }, () => ['-map', '1']).flat(), '-map', '2'],
      ...[...h264, '-c:a', 'pcm_s16le'],
    ),
    right: film(4000, [320, 240], heard(0, 4000, 1, 7)),
  },
  {
    id: 'more-lfe',
    file: 'voice-on-the-bass-channel.wav',
    situation: 'A recorder labels its six inputs as 5.1, and the voice is on the one that is labelled as bass.',
    make: byFfmpeg(
      ...['-f', 'lavfi', '-i', 'aevalsrc=0|0|0|0.3*sin(2*PI*600*t)|0|0:c=5.1:s=16000:d=5', '-c:a', 'pcm_s16le'],
    ),
    right: soundOnly(5000, [{ track: 0, channel: 3, fromMs: 0, toMs: 5000 }]),
  },
  {
    id: 'more-voice-right',
    file: 'voice-on-the-right-only.mp4',
    situation: 'The left microphone of a stereo camera is broken.',
    make: byFfmpeg(
      ...[...picture('320x240', 10, 5), '-f', 'lavfi', '-i', 'aevalsrc=0|0.3*sin(2*PI*600*t):c=stereo:s=48000:d=5'],
      ...[...h264, '-c:a', 'aac'],
    ),
    right: film(5000, [320, 240], [{ track: 0, channel: 1, fromMs: 0, toMs: 5000 }]),
  },
]
