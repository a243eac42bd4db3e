import type { SpoolDatabase } from '../spool/database.ts'

/** Posts that the bureau refuses, or cannot take: somebody must look, for what they say is not known there. */
export interface PostTroubles {
  /** `handIn`: ours; null for a report of the station itself. */
  refused(handIn: string | null): void
  /** It goes again, and may come through. */
  failed(handIn: string | null): void
  /** One of them came through. */
  settled(handIn: string | null): void
  has(handIn: string | null): boolean
}

/** Refused ones of lists that are not done are remembered over a restart. */
export async function openPostTroubles(database: SpoolDatabase): Promise<PostTroubles> {
  const rows = await database.read<{ hand_in: string }>(
    "select distinct hand_in from post join hand_in on hand_in.id = post.hand_in where post.state = 'refused' and hand_in.state <> 'done' and hand_in.state <> 'refused'",
  )
  const refused = new Set<string | null>(rows.map(({ hand_in }) => hand_in))
  const failing = new Set<string | null>()
  return {
    refused: (handIn) => {
      refused.add(handIn)
    },
    failed: (handIn) => {
      failing.add(handIn)
    },
    settled: (handIn) => {
      failing.delete(handIn)
    },
    has: (handIn) => refused.has(handIn) || failing.has(handIn),
  }
}
