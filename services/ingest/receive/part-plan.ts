/**
 * Cuts a body of `bodyBytes` into parts of `partBytes` bytes. The part that ends the file is as short as it comes; a
 * remainder that does not end it joins the part before, since only the last part of a file may be shorter than S3's minimum.
 * Null when the body is too short for any part.
 */
export function planParts(bodyBytes: number, partBytes: number, isEnd: boolean): readonly number[] | null {
  if (bodyBytes < partBytes && !isEnd) return null
  const parts: number[] = []
  let left = bodyBytes
  while (left >= (isEnd ? partBytes : 2 * partBytes)) {
    parts.push(partBytes)
    left -= partBytes
  }
  if (left > 0) parts.push(left)
  return parts
}
