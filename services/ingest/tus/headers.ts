import { Fault } from '../../foundation/errors.ts'
import { type Checksum, checksumAlgorithms } from '../receive/body-checksum.ts'

// The headers of tus 1.0, read strictly: what is not exactly as the specification writes it is refused with its name.
// Pure; the specification is quoted where a clause is kept.

export const tusVersion = '1.0.0'
export const tusExtensions = ['creation', 'expiration', 'checksum', 'termination'] as const

type Header = string | string[] | undefined

/**
 * "If the version specified by the Client is not supported by the Server, it MUST respond with the 412 Precondition Failed
 * status … In addition, the Server MUST NOT process the request."
 *
 * @throws precondition_failed
 */
export function requireTusVersion(header: Header): void {
  if (header === tusVersion) return
  throw new Fault('precondition_failed', `Tus-Resumable: this server speaks ${tusVersion} only`, {
    details: { field: 'Tus-Resumable' },
  })
}

/** "The value MUST be a non-negative integer." @throws bad_request */
export function parseLength(name: 'Upload-Length' | 'Upload-Offset', header: Header): number {
  if (header === undefined) throw badHeader(name, 'is missing')
  const value = typeof header === 'string' && /^(?:0|[1-9]\d{0,15})$/.test(header) ? Number(header) : Number.NaN
  if (!Number.isSafeInteger(value)) throw badHeader(name, 'is not a non-negative integer')
  return value
}

/**
 * The length of a new upload.
 *
 * "If the length of the upload exceeds the maximum … the Server MUST respond with the 413 Request Entity Too Large
 * status." Deferred length is not among this server's extensions.
 *
 * @throws bad_request, too_large
 */
export function parseUploadLength(length: Header, deferLength: Header, bytesMax: number): number {
  if (deferLength !== undefined) {
    // "If the Upload-Defer-Length header contains any other value than 1 the server should return a 400 Bad Request."
    throw badHeader('Upload-Defer-Length', 'is not supported: give the size as Upload-Length')
  }
  const bytes = parseLength('Upload-Length', length)
  if (bytes <= bytesMax) return bytes
  throw new Fault(
    'too_large',
    `Upload-Length: ${bytes} bytes are more than the limit of ${bytesMax}: nothing was stored`,
    {
      details: { field: 'Upload-Length', bytesMax },
    },
  )
}

/** "All PATCH requests MUST use Content-Type: application/offset+octet-stream." @throws unsupported_media */
export function requireOffsetStream(header: Header): void {
  if (header === offsetStreamType) return
  throw new Fault('unsupported_media', `Content-Type: a PATCH must say ${offsetStreamType}`, {
    details: { field: 'Content-Type' },
  })
}
export const offsetStreamType = 'application/offset+octet-stream'

/**
 * "The Upload-Metadata request and response header MUST consist of one or more comma-separated key-value pairs. The key and
 * value MUST be separated by a space. The key MUST NOT contain spaces and commas and MUST NOT be empty. The key SHOULD be
 * ASCII encoded and the value MUST be Base64 encoded. All keys MUST be unique. The value MAY be empty. In these cases, the
 * space … MAY be left out."
 *
 * @throws bad_request naming the key
 */
export function parseMetadata(header: Header): ReadonlyMap<string, Buffer> {
  if (header === undefined) return new Map()
  if (typeof header !== 'string') throw badHeader('Upload-Metadata', 'was given twice')
  const pairs = new Map<string, Buffer>()
  for (const pair of header.split(',')) {
    const [key, value, ...rest] = pair.trim().split(' ')
    if (!key || !/^[\x21-\x7e]+$/.test(key) || rest.length > 0) {
      throw badHeader('Upload-Metadata', 'is not a list of "key base64" pairs with commas between them')
    }
    if (pairs.has(key)) throw badHeader('Upload-Metadata', `names the key ${key} twice`)
    pairs.set(
      key,
      decodeBase64(value ?? '', () => badHeader('Upload-Metadata', `the value of ${key} is not Base64`)),
    )
  }
  return pairs
}

/**
 * "The header MUST consist of the name of the used checksum algorithm and the Base64 encoded checksum separated by a
 * space." Null when the request has none.
 *
 * @throws bad_request: "400 Bad Request if the checksum algorithm is not supported by the server"
 */
export function parseChecksum(header: Header): Checksum | null {
  if (header === undefined) return null
  const match = typeof header === 'string' ? /^([a-z0-9]+) (\S+)$/.exec(header) : null
  if (!match) throw badHeader('Upload-Checksum', 'is not "algorithm base64"')
  const [, algorithm, encoded] = match
  if (algorithm !== 'sha1' && algorithm !== 'sha256') {
    throw badHeader('Upload-Checksum', `${Object.keys(checksumAlgorithms).join(' and ')} are supported only`)
  }
  const digest = decodeBase64(encoded!, () => badHeader('Upload-Checksum', 'the checksum is not Base64'))
  if (digest.length !== checksumAlgorithms[algorithm]) {
    throw badHeader('Upload-Checksum', `a ${algorithm} checksum has ${checksumAlgorithms[algorithm]} bytes`)
  }
  return { algorithm, digest }
}

/** The body's length as the client announced it; null when it sends chunks of unknown number. @throws bad_request */
export function parseContentLength(header: Header): number | null {
  if (header === undefined) return null
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header)
  throw badHeader('Content-Length', 'is not a non-negative integer')
}

/** "The value of the Upload-Expires header MUST be in RFC 9110 datetime format." */
export function httpDate(date: Date): string {
  return date.toUTCString()
}

/** Base64 in its one spelling; whoever leaves the padding out (as some clients do) is understood. */
function decodeBase64(text: string, bad: () => Fault): Buffer {
  const bytes = Buffer.from(text, 'base64')
  const spelled = bytes.toString('base64')
  if (spelled !== text && spelled.replace(/=+$/, '') !== text) throw bad()
  return bytes
}

function badHeader(field: string, problem: string): Fault {
  return new Fault('bad_request', `${field}: ${problem}`, { details: { field } })
}
