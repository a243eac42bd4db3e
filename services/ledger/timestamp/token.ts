import { malformed } from '../format/strict.ts'
import { type Der, type DerParts, membersOf, partsOf, readDer, readInteger, readOid, tags } from './der.ts'

/** What a time-stamp response holds, read but not yet believed. */
export interface TimestampToken {
  /** TSTInfo, DER: what is stamped and when. */
  readonly content: Uint8Array
  readonly policy: string
  readonly imprintAlgorithm: string
  readonly imprint: Uint8Array
  readonly stampedAt: Date
  /** Content of the INTEGER; null when the authority gave none back. */
  readonly nonce: Uint8Array | null
  readonly certificates: readonly Uint8Array[]
  /** How the token names its signer. */
  readonly signerId: Der
  readonly digestAlgorithm: string
  /** As they are signed: a SET OF, RFC 5652 §5.4. */
  readonly signedAttributes: Uint8Array
  readonly signatureAlgorithm: string
  readonly signature: Uint8Array
}

export const objectIds = {
  signedData: '1.2.840.113549.1.7.2',
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const

/**
 * Reads a TimeStampResp, RFC 3161 §2.4.2, with the SignedData of RFC 5652 §5 in it: strict DER from the first byte to the
 * last. What is not looked into, because no signature covers it and nothing depends on it: the status text, the list of
 * digest algorithms, revocation lists, unsigned attributes, and certificates that are not on the signer's way to a root.
 *
 * @throws malformed for other bytes, and for a status other than granted or granted with changes
 */
export function readTimestampResponse(bytes: Uint8Array): TimestampToken {
  // A copy that is no Buffer: the slice() of one is no copy.
  const own = Uint8Array.from(bytes)
  const response = partsOf(readDer(own, 'the time-stamp response', tags.sequence), 'the time-stamp response')
  checkGranted(response.take(tags.sequence, 'status'))
  const token = partsOf(response.take(tags.sequence, 'token'), 'the time-stamp token')
  response.end()
  checkOid(token.take(tags.oid, 'content type'), objectIds.signedData, 'the content type of the token')
  const wrapped = token.take(tags.context0, 'content')
  token.end()
  return readSignedData(partsOf(readDer(wrapped.content, 'the signed data', tags.sequence), 'the signed data'))
}

/** RFC 3161 §2.4.2: "When the status contains the value zero or one, a TimeStampToken MUST be present." A failure says more. */
function checkGranted(status: Der): void {
  const parts = partsOf(status, 'the status of the time-stamp response')
  const granted = readInteger(parts.take(tags.integer, 'number'), 'the status')
  if (granted.length !== 1 || granted[0]! > 1) {
    throw malformed(`the authority did not grant the time-stamp: its status is ${granted.join(' ')} instead of 0 or 1`)
  }
  parts.takeIf(tags.sequence)
  parts.end()
}

/** RFC 5652 §5.1; RFC 3161 §2.4.2: "The time-stamp token MUST NOT contain any signatures other than the signature of the TSA." */
function readSignedData(parts: DerParts): TimestampToken {
  checkNumber(parts.take(tags.integer, 'version'), 3, 'the version of the signed data')
  parts.take(tags.set, 'digest algorithms')
  const encapsulated = partsOf(parts.take(tags.sequence, 'content'), 'the signed content')
  checkOid(encapsulated.take(tags.oid, 'type'), objectIds.timestampInfo, 'the type of the signed content')
  const wrapped = encapsulated.take(tags.context0, 'content')
  encapsulated.end()
  const content = readDer(wrapped.content, 'the signed content', tags.octets).content
  const certificates = parts.takeIf(tags.context0)
  parts.takeIf(tags.context1)
  const signers = membersOf(parts.take(tags.set, 'signers'), 'the list of signers')
  parts.end()
  if (signers.length !== 1) throw malformed(`the token has ${signers.length} signers instead of one`)
  return {
    content,
    ...readInfo(content),
    certificates: certificates ? membersOf(certificates, 'the certificates').map(({ whole }) => whole) : [],
    ...readSigner(signers[0]!),
  }
}

/** TSTInfo, RFC 3161 §2.4.2. */
function readInfo(
  content: Uint8Array,
): Pick<TimestampToken, 'policy' | 'imprintAlgorithm' | 'imprint' | 'stampedAt' | 'nonce'> {
  const info = partsOf(readDer(content, 'the time-stamp', tags.sequence), 'the time-stamp')
  checkNumber(info.take(tags.integer, 'version'), 1, 'the version of the time-stamp')
  const policy = readOid(info.take(tags.oid, 'policy'), 'the policy')
  const imprint = partsOf(info.take(tags.sequence, 'imprint'), 'the imprint')
  const imprintAlgorithm = readAlgorithm(imprint.take(tags.sequence, 'algorithm'), 'the algorithm of the imprint')
  const hashed = imprint.take(tags.octets, 'hash').content
  imprint.end()
  readInteger(info.take(tags.integer, 'serial number'), 'the serial number')
  const stampedAt = readTime(info.take(tags.generalizedTime, 'time'))
  const accuracy = info.takeIf(tags.sequence)
  if (accuracy) checkAccuracy(accuracy)
  const ordering = info.takeIf(tags.boolean)
  // "ordering BOOLEAN DEFAULT FALSE": DER leaves a default out.
  if (ordering && (ordering.content.length !== 1 || ordering.content[0] !== 0xff))
    throw malformed('the ordering of the time-stamp is not DER')
  const nonce = info.takeIf(tags.integer)
  info.takeIf(tags.context0)
  const extensions = info.takeIf(tags.context1)
  info.end()
  if (extensions) checkExtensions(extensions)
  return { policy, imprintAlgorithm, imprint: hashed, stampedAt, nonce: nonce ? readInteger(nonce, 'the nonce') : null }
}

/** "Accuracy ::= SEQUENCE { seconds INTEGER OPTIONAL, millis [0] … OPTIONAL, micros [1] … OPTIONAL }": not used, but read. */
function checkAccuracy(accuracy: Der): void {
  const parts = partsOf(accuracy, 'the accuracy of the time-stamp')
  for (const tag of [tags.integer, 0x80, 0x81]) {
    const part = parts.takeIf(tag)
    // The second and third are numbers under other tags.
    if (part) readInteger({ ...part, tag: tags.integer }, 'the accuracy of the time-stamp')
  }
  parts.end()
}

/** Nobody here knows any extension: one that insists on being known is refused. */
function checkExtensions(extensions: Der): void {
  for (const extension of membersOf(extensions, 'the extensions of the time-stamp')) {
    const parts = partsOf(extension, 'an extension of the time-stamp')
    const id = readOid(parts.take(tags.oid, 'name'), 'the name of an extension')
    if (parts.takeIf(tags.boolean))
      throw malformed(`the time-stamp has the critical extension ${id}, which is not known`)
    parts.take(tags.octets, 'value')
    parts.end()
  }
}

/** SignerInfo, RFC 5652 §5.3. */
function readSigner(
  signer: Der,
): Pick<TimestampToken, 'signerId' | 'digestAlgorithm' | 'signedAttributes' | 'signatureAlgorithm' | 'signature'> {
  if (signer.tag !== tags.sequence) throw malformed('the signer is none')
  const parts = partsOf(signer, 'the signer')
  const version = parts.take(tags.integer, 'version')
  const signerId = parts.takeAny('name')
  // "If the SignerIdentifier is the CHOICE issuerAndSerialNumber, then the version MUST be 1. If … subjectKeyIdentifier, … 3."
  checkNumber(version, signerId.tag === tags.sequence ? 1 : 3, 'the version of the signer')
  const digestAlgorithm = readAlgorithm(parts.take(tags.sequence, 'digest algorithm'), 'the digest algorithm')
  const attributes = parts.take(tags.context0, 'signed attributes')
  const signatureAlgorithm = readAlgorithm(parts.take(tags.sequence, 'signature algorithm'), 'the signature algorithm')
  const signature = parts.take(tags.octets, 'signature').content
  parts.takeIf(tags.context1)
  parts.end()
  // "A separate encoding of the signedAttrs field is performed for message digest calculation. The IMPLICIT [0] tag in the
  // signedAttrs is not used for the DER encoding, rather an EXPLICIT SET OF tag is used."
  const signedAttributes = attributes.whole.slice()
  signedAttributes[0] = tags.set
  return { signerId, digestAlgorithm, signedAttributes, signatureAlgorithm, signature }
}

/** An AlgorithmIdentifier whose parameters are absent or NULL, as with every algorithm that is accepted here. */
export function readAlgorithm(value: Der, what: string): string {
  const parts = partsOf(value, what)
  const id = readOid(parts.take(tags.oid, 'name'), what)
  if (parts.takeIf(tags.null)?.content.length) throw malformed(`${what} has parameters`)
  parts.end()
  return id
}

/** RFC 3161 §2.4.2: "YYYYMMDDhhmmss[.s...]Z … The encoding MUST terminate with a "Z" … [trailing] 0's … MUST be omitted". */
function readTime({ content }: Der): Date {
  const text = String.fromCharCode(...content)
  const fields = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d*[1-9]))?Z$/.exec(text)
  if (!fields) throw malformed('the time of the time-stamp is not written as YYYYMMDDhhmmss[.s…]Z')
  const [, year, month, day, hour, minute, second, fraction = ''] = fields
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`)
  // An impossible day is not moved into the next month.
  if (Number.isNaN(at.getTime()) || at.getUTCDate() !== Number(day))
    throw malformed('the time of the time-stamp is none')
  return at
}

function checkNumber(value: Der, expected: number, what: string): void {
  if (value.content.length !== 1 || value.content[0] !== expected) throw malformed(`${what} is not ${expected}`)
}

function checkOid(value: Der, expected: string, what: string): void {
  const id = readOid(value, what)
  if (id !== expected) throw malformed(`${what} is ${id} instead of ${expected}`)
}
