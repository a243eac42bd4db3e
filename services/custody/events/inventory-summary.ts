import { type Static, Type } from 'typebox'
import { Count, closed, Milliseconds, orNull, Text, YesNo } from './shapes.ts'
import { inventoryTrackKinds } from './words.ts'

const Span = { fromMs: Milliseconds, toMs: Milliseconds }
/** What one look at the whole file found, in short; `…InAll` say how many there are where not all are listed. */
export const InventorySummary = closed({
  tracks: Type.Array(
    closed({
      stream: Count,
      kind: Type.Enum([...inventoryTrackKinds]),
      codec: orNull(Text),
      encrypted: YesNo,
      firstMs: orNull(Milliseconds),
      endMs: orNull(Milliseconds),
      packets: Count,
      picture: orNull(closed({ width: Count, height: Count, rotation: Count })),
      sound: orNull(closed({ channels: Count, sampleRate: Count })),
    }),
    { maxItems: 64 },
  ),
  tracksInAll: Count,
  statedMs: orNull(Milliseconds),
  foundMs: Milliseconds,
  gaps: Type.Array(closed({ stream: Count, ...Span }), { maxItems: 100 }),
  gapsInAll: Count,
  /** The file's own clocks by the file's names of them, as it says them. */
  clocks: Type.Array(closed({ name: Text, value: Text })),
  clocksInAll: Count,
  /** What was not looked at or not kept, in words. */
  leftOut: Type.Array(Text),
  leftOutInAll: Count,
})
export type InventorySummary = Static<typeof InventorySummary>
