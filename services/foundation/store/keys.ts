/**
 * Names of objects in the stores. They hold ids and dates only: file names of devices are hostile input and stay in the
 * database.
 */

/** Key of an original: `<yyyy>/<mm>/<uuid>`, year and month in UTC of `at` (when its upload began or it was sealed). */
export function originalKey(id: string, at: Date): string {
  const iso = at.toISOString()
  return `${iso.slice(0, 4)}/${iso.slice(5, 7)}/${id}`
}

/** Key of a recording's inventory in the bucket of originals: its bytes are named by their digest, in hex. */
export function inventoryKey(recordingId: string, sha256: string): string {
  return `${inventoryPrefix}${recordingId}/${sha256}`
}
export const inventoryPrefix = 'inventory/'

/** Key of a file that was made from a recording. */
export function derivedKey(recordingId: string, renditionId: string, fileName: string): string {
  return `${recordingId}/${renditionId}/${fileName}`
}

/** What the keys of all pieces of an upload's tail begin with. */
export function tailPrefix(uploadId: string): string {
  return `${uploadId}/`
}

/** Key of a film of the vendor's player that was supplied for a recording, in the bucket of derived objects. */
export function suppliedKey(recordingId: string, supplyId: string): string {
  return `${suppliedPrefix}${recordingId}/${supplyId}`
}
export const suppliedPrefix = 'supplied/'

/**
 * Key of a piece of an upload's tail, which is still too small to be a part: its first byte lies at `offset`. The holder's
 * id makes the key fresh: objects are written once, and a piece that is sent again may be another.
 */
export function tailKey(uploadId: string, offset: number, holder: string): string {
  return `${tailPrefix(uploadId)}${offset}-${holder}`
}
