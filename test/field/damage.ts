import { type FieldCase, film, heard, soundOnly } from './case.ts'
import { requireAt } from './edit-boxes.ts'
import { joinedLate, tone600, wavOf, withLostPackets } from './edit-streams.ts'
import { filmIndexLast, filmOfEightSeconds, h264, photo, picture, pictures, tone, transportStream } from './sources.ts'
import { byFfmpeg, byHand } from './workshop.ts'

const aviFlags = [
  ...[...picture('640x360', 25, 8), ...tone(440, 8, 8000), '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '32'],
  ...['-bf', '3', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_alaw', '-ar', '8000'],
]

const key = [
  '-encryption_key',
  '00112233445566778899aabbccddeeff',
  '-encryption_kid',
  '112233445566778899aabbccddeeff00',
]

/** Files of devices that lost power, cards that lost clusters, and lines that lost packets. */
export const damage: readonly FieldCase[] = [
  {
    id: 'C1',
    file: 'battery-died-fragmented.mp4',
    situation: 'The battery died while a fragment was being written.',
    make: byHand(async (workshop) => {
      const fragments = [...h264, '-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov']
      const whole = await workshop.made([...picture(), ...tone(), ...fragments], 'fragmented.mp4')
      return whole.subarray(0, Math.floor((whole.length * 3) / 4))
    }),
    // Its times begin with the first picture that is shown, two after the first that is decoded.
    right: film(4640, [640, 360], heard(80, 4020), 'damaged', 'shorter_than_stated'),
  },
  {
    id: 'C3',
    file: 'zero-clusters-second-half.mp4',
    situation:
      'The card lost the second half of the film: its index is whole, and there are zeros where the samples were.',
    make: byHand(async (workshop) => {
      const bytes = Buffer.from(await filmOfEightSeconds(workshop))
      const samples = requireAt(bytes, 'mdat') + 4
      return bytes.fill(0, samples + Math.floor((bytes.length - samples) / 2))
    }),
    right: film(4050, [640, 360], heard(0, 4000), 'damaged', 'shorter_than_stated'),
  },
  {
    id: 'C4',
    file: 'encrypted-cenc.mp4',
    situation: 'The camera encrypted its samples, and the key is elsewhere.',
    make: byFfmpeg(...[...picture(), ...tone(), ...h264, '-c:a', 'aac', '-encryption_scheme', 'cenc-aes-ctr', ...key]),
    right: { kind: 'not_playable', reason: 'encrypted' },
  },
  {
    id: 'P4',
    file: 'bframes-no-index-unclosed.avi',
    situation: 'The battery died before the recorder wrote the index and the size of its AVI.',
    make: byHand(async (workshop) => {
      const whole = await workshop.made(aviFlags, 'bframes.avi')
      const bytes = Buffer.from(whole.subarray(0, whole.lastIndexOf('idx1')))
      return bytes.fill(0, 4, 8)
    }),
    right: film(8000, [640, 360], heard(0, 8000)),
  },
  {
    id: 'P4',
    file: 'bframes.avi',
    situation: 'A recorder wrote H.264 with pictures that refer to later ones into an AVI.',
    make: byFfmpeg(...aviFlags),
    right: film(8000, [640, 360], heard(0, 8000)),
  },
  {
    id: 'P8',
    file: 'battery-died-sizes-zero.wav',
    situation: 'The battery of a pen died before it wrote the sizes into the header of its WAV.',
    make: byHand(() => {
      const bytes = wavOf({ channels: 1, rate: 16_000, seconds: 5 }, (time) => tone600(time))
      return bytes.fill(0, 4, 8).fill(0, 40, 44)
    }),
    right: soundOnly(5000, heard(0, 5000)),
  },
  {
    id: 'P8',
    file: 'battery-died-no-moov.mp4',
    situation: 'The battery died before the camera wrote the index of its MP4.',
    make: byHand(async (workshop) => {
      const whole = await filmIndexLast(workshop)
      return whole.subarray(0, whole.lastIndexOf('moov') - 4)
    }),
    right: { kind: 'not_playable', reason: 'no_index' },
  },
  {
    id: 'more-joined-late',
    file: 'begins-between-key-frames.ts',
    situation: 'The stream of a network camera was joined one second after its last key frame, two before the next.',
    make: byHand(async (workshop) => {
      const rare = [...pictures('-bf', '0', '-sc_threshold', '0'), '-g', '75', '-c:a', 'aac', '-f', 'mpegts']
      return joinedLate(await workshop.made([...picture(), ...tone(), ...rare], 'rare-key-frames.ts'), 1)
    }),
    right: film(5100, [640, 360], heard(0, 5100), 'begins_between_key_frames'),
  },
  {
    id: 'more-lost-packets',
    file: 'packets-lost-in-the-middle.ts',
    situation: 'The line lost the packets of two seconds of a transport stream.',
    make: byHand(async (workshop) => withLostPackets(await transportStream(workshop), 2, 4)),
    right: film(6000, [640, 360], [...heard(0, 1900), ...heard(3800, 6000)], 'damaged'),
  },
  {
    id: 'more-cut-photo',
    file: 'photo-cut.jpg',
    situation: 'The camera was switched off while it wrote a photo: the lower part is missing.',
    make: byHand(async (workshop) => {
      const whole = await photo(workshop)
      return whole.subarray(0, Math.floor(whole.length / 2))
    }),
    right: { kind: 'still', picture: { width: 640, height: 360 }, differences: ['lower_part_missing'] },
  },
  {
    id: 'more-zeros',
    file: 'nothing-but-zeros.mp4',
    situation: 'The device reserved the room for a recording and never wrote it.',
    make: byHand(() => Buffer.alloc(200_000)),
    right: { kind: 'not_playable', reason: 'zeros' },
  },
]
