import { Type } from 'typebox'

// What a dock sends, for the reference page. Every header is checked by its handler, which quotes the specification; here
// none is required, so that a missing one gets the handler's own words.

const text = (description: string) => Type.Optional(Type.String({ description }))
const version = { 'tus-resumable': text('1.0.0, on every request') }

/** POST /uploads. */
export const creationHeaders = Type.Object({
  ...version,
  'upload-length': text('bytes of the whole file'),
  'upload-metadata': text(
    'pairs `key base64(value)`, comma-separated. serial and filename (the raw bytes of the name) are required; ' +
      'deviceTime (ISO 8601; kept as said when the calendar has no such time), clockOffsetMs, mark (true or false), sha256 (64 hex digits; or PUT /uploads/{id}/digest ' +
      'later), handIn (id of the hand-in) and handInNumber (place on its list, from 0) are not. Other keys are kept.',
  ),
})

/** PATCH /uploads/{id}. */
export const patchHeaders = Type.Object({
  ...version,
  'upload-offset': text('where the body begins: what HEAD /uploads/{id} answered in Upload-Offset'),
  'content-type': text('application/offset+octet-stream'),
  'upload-checksum': text('sha256 or sha1, a space, base64 of the digest of this body; it counts only when it matches'),
})

/** HEAD and DELETE. */
export const plainHeaders = Type.Object(version)
