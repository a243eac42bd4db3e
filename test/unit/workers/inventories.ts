import type {
  Inventory,
  InventoryTrack,
  PictureFacts,
  SoundFacts,
} from '../../../workers/transcode/inventory/inventory.ts'

type TrackFacts = Partial<Omit<InventoryTrack, 'picture' | 'sound'>>

const common = {
  ...{ profile: null, tag: null, name: null, isEncrypted: false, bytes: 1000, corruptPackets: 0, discardedPackets: 0 },
  ...{
    gaps: [],
    stands: [],
    standMsMin: 500,
    usualStepMs: null,
    driftMs: 0,
    jumpsBack: 0,
    trimmedMs: 0,
    language: null,
    tags: {},
  },
} as const

const size = { width: 1280, height: 720 }

/** Ten seconds of ordinary H.264 with a key frame a second. */
export function pictureTrack(facts: TrackFacts = {}, picture: Partial<PictureFacts> = {}): InventoryTrack {
  return {
    ...common,
    ...{
      stream: 0,
      kind: 'picture',
      codec: 'h264',
      profile: 'High',
      firstMs: 0,
      endMs: 10_000,
      packets: 250,
      usualStepMs: 40,
    },
    ...{ keyFrames: 10, firstKeyMs: 0, keyFrameDistanceMsMax: 1000, keyFrameSamplesMs: [0, 5000], sound: null },
    picture: {
      ...{ ...size, sizes: [size], rotation: 0, isMirrored: false, pixelAspect: 1, isInterlaced: false },
      ...{ pixelFormat: 'yuv420p', rate: 25, ...picture },
    },
    ...facts,
  }
}

/** Ten seconds of ordinary AAC. */
export function soundTrack(facts: TrackFacts = {}, sound: Partial<SoundFacts> = {}): InventoryTrack {
  return {
    ...common,
    ...{ stream: 1, kind: 'sound', codec: 'aac', profile: 'LC', firstMs: 0, endMs: 10_000, packets: 470 },
    ...{ keyFrames: 470, firstKeyMs: 0, keyFrameDistanceMsMax: 21, keyFrameSamplesMs: [], picture: null },
    sound: { channels: 1, layout: 'mono', sampleRate: 48_000, ...sound },
    ...facts,
  }
}

export function inventoryOf(...tracks: InventoryTrack[]): Inventory {
  return {
    ...{ version: 1, format: 'mov', skipBytes: 0, tracks, startSeconds: 0, statedMs: 10_000, foundMs: 10_000 },
    ...{ clocks: {}, tags: {}, chapters: 0, leftOut: [] },
  }
}
