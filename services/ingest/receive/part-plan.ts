/** How a body of known length is cut: whole parts for the store, and what is left too small for one. */
export interface PartPlan {
  readonly parts: readonly number[]
  readonly tailBytes: number
}

/**
 * Cuts `totalBytes` (the tail of before and the body) into parts of `partBytes`. What remains joins the last part while it
 * is shorter than `partBytesMin`, and becomes a part of its own otherwise. Less than `partBytesMin` altogether becomes a
 * tail, unless it is the end of the file: the last part may have any size.
 */
export function planParts(
  totalBytes: number,
  sizes: { readonly partBytes: number; readonly partBytesMin: number },
  isEnd: boolean,
): PartPlan {
  if (totalBytes === 0) return { parts: [], tailBytes: 0 }
  if (totalBytes < sizes.partBytesMin && !isEnd) return { parts: [], tailBytes: totalBytes }
  const parts: number[] = []
  let left = totalBytes
  while (left >= sizes.partBytes + sizes.partBytesMin) {
    parts.push(sizes.partBytes)
    left -= sizes.partBytes
  }
  parts.push(left)
  return { parts, tailBytes: 0 }
}
