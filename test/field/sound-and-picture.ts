import { type FieldCase, film, heard } from './case.ts'
import { oneAfterTheOther } from './edit-streams.ts'
import { h264, partOfStream, picture, pictures, tone } from './sources.ts'
import { byFfmpeg, byHand } from './workshop.ts'

const shortGroups = [...pictures('-bf', '0'), '-g', '10']
const small = '320x240'

/** Sound and picture that do not begin or end together, and sound with holes. */
export const soundAndPicture: readonly FieldCase[] = [
  {
    id: 'A1',
    file: 'prebuffer-35s-then-voice.mp4',
    situation:
      'A body camera kept 35 s of its picture from before the button was pressed, and recorded sound only after it.',
    make: byFfmpeg(
      ...[...picture(small, 10, 45), '-itsoffset', '35', ...tone(600, 10, 16_000), '-map', '0', '-map', '1'],
      ...[...shortGroups, '-c:a', 'aac', '-ar', '16000'],
    ),
    right: film(45_000, [320, 240], heard(35_000, 45_000)),
  },
  {
    id: 'A3',
    file: 'voice-2s-late.mp4',
    situation: 'The microphone was ready two seconds after the picture.',
    make: byFfmpeg(
      ...[...picture(small, 10, 12), '-itsoffset', '2', ...tone(500, 10, 16_000), '-map', '0', '-map', '1'],
      ...[...shortGroups, '-c:a', 'aac', '-ar', '16000', '-b:a', '24k'],
    ),
    right: film(12_000, [320, 240], heard(2000, 12_000)),
  },
  {
    id: 'A5',
    file: 'muted-in-the-middle.mp4',
    situation: 'The officer muted the microphone from 8 s to 20 s; the camera wrote no sound at all in that time.',
    make: byFfmpeg(
      ...[...picture(small, 10, 30), ...tone(500, 30, 16_000)],
      ...['-filter_complex', "[1:a]aselect='lt(t,8)+gte(t,20)'[a]", '-map', '0:v', '-map', '[a]'],
      ...[...shortGroups, '-c:a', 'aac', '-b:a', '24k'],
    ),
    right: film(30_000, [320, 240], [...heard(0, 8000), ...heard(20_000, 30_000)]),
  },
  {
    id: 'more-sound-first',
    file: 'sound-first-picture-3s-late.mp4',
    situation: 'The camera recorded sound at once and its picture three seconds later.',
    make: byFfmpeg(
      ...[...tone(500, 10), '-itsoffset', '3', ...picture(small, 10, 7), '-map', '1', '-map', '0'],
      ...[...shortGroups, '-c:a', 'aac'],
    ),
    right: film(10_000, [320, 240], heard(0, 10_000)),
  },
  {
    id: 'more-sound-short',
    file: 'sound-ends-4s-early.mp4',
    situation: 'The microphone failed four seconds before the recording ended.',
    make: byFfmpeg(...picture(small, 10, 10), ...tone(500, 6), ...shortGroups, '-c:a', 'aac'),
    right: film(10_000, [320, 240], heard(0, 6000)),
  },
  {
    id: 'more-late-second-track',
    file: 'second-sound-10s-late.ts',
    situation: 'A second microphone was connected ten seconds after the recording had begun.',
    make: byFfmpeg(
      ...[...picture(small, 10, 15), ...tone(440, 15), '-itsoffset', '10', ...tone(700, 5)],
      ...['-map', '0', '-map', '1', '-map', '2', ...shortGroups, '-c:a', 'aac', '-f', 'mpegts'],
    ),
    right: film(15_000, [320, 240], [...heard(0, 15_000), ...heard(10_000, 15_000, 1, 1)]),
  },
  {
    id: 'D1',
    file: 'picture-froze-sound-goes-on.mp4',
    situation: 'The picture stopped after 3 s, and the sound goes on to 95 s.',
    make: byFfmpeg(...picture(small, 25, 3), ...tone(440, 95, 16_000), ...h264, '-c:a', 'aac', '-b:a', '24k'),
    right: film(95_000, [320, 240], heard(0, 95_000)),
  },
  {
    id: 'P5',
    file: 'epoch-start-fragmented.mp4',
    situation: 'A fragmented MP4 counts its time from 1970 instead of from its own beginning.',
    make: byFfmpeg(
      ...[...picture(), ...tone(), ...h264, '-c:a', 'aac', '-output_ts_offset', '1700000000'],
      ...['-movflags', '+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets'],
    ),
    // Without an edit list, its first picture is shown two pictures after the first one is decoded.
    right: film(6080, [640, 360], heard(0, 6000)),
  },
  {
    id: 'P5',
    file: 'clock-wraps.ts',
    situation: "The 33-bit clock of the camera's transport stream wraps around during the recording.",
    make: byFfmpeg(...picture(), ...tone(), ...h264, '-c:a', 'aac', '-output_ts_offset', '95000'),
    right: film(6000, [640, 360], heard(0, 6000)),
  },
  {
    id: 'P11',
    file: 'clock-set-forwards.ts',
    situation: "The camera's clock was set forwards by a minute while it recorded.",
    make: byHand(async (workshop) => {
      const before = await workshop.made(partOfStream({}), 'before.ts')
      return oneAfterTheOther(before, await workshop.made(partOfStream({ fromSeconds: 63 }), 'a-minute-later.ts'))
    }),
    right: film(66_000, [320, 240], [...heard(0, 3000), ...heard(63_000, 66_000)]),
  },
  {
    id: 'more-clock-back',
    file: 'clock-set-back.ts',
    situation: "The camera's clock was set back by a minute while it recorded.",
    make: byHand(async (workshop) => {
      const before = await workshop.made(partOfStream({ fromSeconds: 63 }), 'a-minute-ahead.ts')
      return oneAfterTheOther(before, await workshop.made(partOfStream({ fromSeconds: 6 }), 'set-back.ts'))
    }),
    right: film(6000, [320, 240], heard(0, 6000), 'clock_jumps'),
  },
]
