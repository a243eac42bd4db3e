import { OctetString } from 'asn1js'
import { AlgorithmIdentifier, getCrypto } from 'pkijs'
import { Fault, isFault } from '../../foundation/errors.ts'
import { malformed, unproven } from '../format/strict.ts'
import {
  checkChain,
  checkMayStamp,
  isEqual,
  type KnownCertificate,
  readCertificate,
  readRoots,
  signatureDigests,
} from './certificates.ts'
import { membersOf, partsOf, readDer, readInteger, readOid, tags } from './der.ts'
import { objectIds, readAlgorithm, readTimestampResponse, type TimestampToken } from './token.ts'

/** What is wrong with a time-stamp: the codes of DESIGN.md §7. */
export type TimestampFault = 'timestamp_malformed' | 'timestamp_imprint' | 'timestamp_signature'

export interface VerifiedTimestamp {
  readonly stampedAt: Date
  /** The common name of the signer's certificate, or all of its subject when it has none. */
  readonly authority: string
  /** The policy that the authority states, as a dotted object identifier. */
  readonly policy: string
}

const digests: Readonly<Record<string, 'SHA-256' | 'SHA-384' | 'SHA-512'>> = {
  [objectIds.sha256]: 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}
const rsaKey = '1.2.840.113549.1.1.1'
const ecKey = '1.2.840.10045.2.1'
const attributeIds = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const
const subjectKeyIdentifier = '2.5.29.14'
const commonName = '2.5.4.3'

/**
 * Verifies a time-stamp offline, RFC 3161 §2.4.2 with RFC 5816: the response was granted and is DER to its last byte; its
 * SHA-256 imprint is that of `stamped`; one authority signed it, whose certificate is for time-stamping alone, is the one
 * that the signed attributes name, and led to a trusted root at the time of the stamp. Revocation is not looked up.
 *
 * @param rootsPem certificates that are trusted as they are: roots, or the authority's own
 * @param nonce the one that was sent, when it was this caller who asked
 * @throws malformed or unproven with `details.fault`, one of TimestampFault; malformed without it for unreadable roots
 */
export async function verifyTimestamp(
  response: Uint8Array,
  stamped: Uint8Array,
  rootsPem: readonly string[],
  nonce?: Uint8Array,
): Promise<VerifiedTimestamp> {
  const roots = readRoots(rootsPem)
  const token = await failingAs('timestamp_malformed', async () => readTimestampResponse(response))
  await failingAs('timestamp_imprint', () => checkImprint(token, stamped, nonce))
  const signer = await failingAs('timestamp_signature', () => checkSigner(token, roots))
  return { stampedAt: token.stampedAt, authority: nameOf(signer), policy: token.policy }
}

/** The faults of the ledger's readers carry no code of the table in DESIGN.md: it is given here, once for each stage. */
async function failingAs<T>(fault: TimestampFault, check: () => Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (cause) {
    const why = isFault(cause) ? cause.message : 'it cannot be checked'
    const code = fault === 'timestamp_malformed' ? 'malformed' : 'unproven'
    throw new Fault(code, `the time-stamp is refused: ${why}`, { cause, details: { fault } })
  }
}

/** "The hash … MUST be … the same as in the request", and so must the nonce be. */
async function checkImprint(token: TimestampToken, stamped: Uint8Array, nonce?: Uint8Array): Promise<void> {
  if (token.imprintAlgorithm !== objectIds.sha256) {
    throw unproven(`its imprint is by ${token.imprintAlgorithm} instead of SHA-256`)
  }
  if (!isEqual(token.imprint, await digest('SHA-256', stamped))) throw unproven('it is of other bytes')
  if (nonce && !(token.nonce && isEqual(unpadded(token.nonce), unpadded(nonce)))) {
    throw unproven('it answers another request: its nonce is not the one that was sent')
  }
}

async function checkSigner(token: TimestampToken, roots: readonly KnownCertificate[]): Promise<KnownCertificate> {
  const digestName = digests[token.digestAlgorithm]
  if (!digestName) throw unproven(`its digest algorithm is ${token.digestAlgorithm}`)
  const signer = await checkAttributes(token, digestName, [...readableOf(token.certificates), ...roots])
  checkNames(token, signer)
  checkMayStamp(signer)
  await checkSignature(token, digestName, signer)
  await checkChain(signer, readableOf(token.certificates), roots, token.stampedAt)
  return signer
}

/** Certificates that nobody can read may lie in a token; they lead nowhere. */
function readableOf(certificates: readonly Uint8Array[]): KnownCertificate[] {
  return certificates.flatMap((bytes) => {
    try {
      return [readCertificate(bytes, 'a certificate of the token')]
    } catch {
      return []
    }
  })
}

/**
 * RFC 5652 §11.1 and §11.2 for content type and digest; RFC 5816 §2.2.1: "The certificate identifier … of the TSA
 * certificate MUST be included as an attribute inside SigningCertificate" or SigningCertificateV2.
 */
async function checkAttributes(
  token: TimestampToken,
  digestName: string,
  candidates: readonly KnownCertificate[],
): Promise<KnownCertificate> {
  const attributes = readAttributes(token.signedAttributes)
  const type = attributes.get(attributeIds.contentType)
  if (!type || readOid(readDer(type, 'the content type'), 'the content type') !== objectIds.timestampInfo) {
    throw unproven('its signed content type is not that of a time-stamp')
  }
  const content = attributes.get(attributeIds.messageDigest)
  if (
    !content ||
    !isEqual(readDer(content, 'the message digest', tags.octets).content, await digest(digestName, token.content))
  ) {
    throw unproven('the signed digest is not that of the time-stamp')
  }
  const named = [
    ...identifierOf(attributes.get(attributeIds.signingCertificateV2), 'SHA-256'),
    ...identifierOf(attributes.get(attributeIds.signingCertificate), 'SHA-1'),
  ]
  if (named.length === 0) throw unproven('it does not say which certificate signed it')
  for (const candidate of candidates) {
    const matches = named.map(async ({ name, hash }) => isEqual(hash, await digest(name, candidate.bytes)))
    if ((await Promise.all(matches)).every((isMatch) => isMatch)) return candidate
  }
  throw unproven('the certificate that it names as its signer’s is not there')
}

/** Each attribute once, with one value: "signedAttrs … MUST NOT include multiple instances", RFC 5652 §5.3. */
function readAttributes(signed: Uint8Array): Map<string, Uint8Array> {
  const attributes = new Map<string, Uint8Array>()
  for (const attribute of membersOf(readDer(signed, 'the signed attributes', tags.set), 'the signed attributes')) {
    const parts = partsOf(attribute, 'a signed attribute')
    const id = readOid(parts.take(tags.oid, 'name'), 'the name of a signed attribute')
    const values = parts.take(tags.set, 'values').content
    parts.end()
    if (attributes.has(id)) throw malformed(`the signed attribute ${id} is there twice`)
    attributes.set(id, values)
  }
  return attributes
}

/** RFC 5035 §3, ESSCertIDv2: "hashAlgorithm … DEFAULT id-sha256"; §4, ESSCertID: SHA-1. The first one is the signer's. */
function identifierOf(value: Uint8Array | undefined, usual: 'SHA-256' | 'SHA-1'): { name: string; hash: Uint8Array }[] {
  if (!value) return []
  const attribute = partsOf(readDer(value, 'the signing certificate', tags.sequence), 'the signing certificate')
  const [first] = membersOf(attribute.take(tags.sequence, 'identifier'), 'the signing certificate')
  if (!first) throw malformed('the signing certificate names none')
  const parts = partsOf(first, 'the signing certificate')
  const algorithm = usual === 'SHA-256' ? parts.takeIf(tags.sequence) : undefined
  const name = algorithm ? digests[readAlgorithm(algorithm, 'the digest of the signing certificate')] : usual
  if (!name) throw unproven('the digest of the signing certificate is by an algorithm that is not known')
  return [{ name, hash: parts.take(tags.octets, 'hash').content }]
}

/** SignerIdentifier, RFC 5652 §5.3. No signature covers it: it must name the certificate that the signed attributes do. */
function checkNames({ signerId }: TimestampToken, { certificate }: KnownCertificate): void {
  const isIssuerAndSerial = signerId.tag === tags.sequence
  if (!isIssuerAndSerial) {
    const extension = certificate.extensions?.find(({ extnID }) => extnID === subjectKeyIdentifier)
    const key = extension && readDer(extension.extnValue.valueBlock.valueHexView, 'the key identifier', tags.octets)
    if (signerId.tag === 0x80 && key && isEqual(key.content, signerId.content)) return
    throw unproven('it names another signer than its signed attributes')
  }
  const parts = partsOf(signerId, 'the name of the signer')
  const issuer = parts.take(tags.sequence, 'issuer').whole
  const serial = readInteger(parts.take(tags.integer, 'serial number'), 'the serial number of the signer')
  parts.end()
  if (
    !isEqual(issuer, certificate.issuer.valueBeforeDecode) ||
    !isEqual(serial, certificate.serialNumber.valueBlock.valueHexView)
  ) {
    throw unproven('it names another signer than its signed attributes')
  }
}

async function checkSignature(
  token: TimestampToken,
  digestName: string,
  { certificate }: KnownCertificate,
): Promise<void> {
  const { signatureAlgorithm, signature, signedAttributes } = token
  const key = certificate.subjectPublicKeyInfo.algorithm.algorithmId
  const isPlainRsa = signatureAlgorithm === rsaKey
  const isOfKey = key === rsaKey ? /^1\.2\.840\.113549\.1\.1\./ : key === ecKey ? /^1\.2\.840\.10045\.4\.3\./ : /^$/
  if (!isOfKey.test(signatureAlgorithm) || !(isPlainRsa || signatureDigests[signatureAlgorithm] === digestName)) {
    throw unproven(`its signature algorithm ${signatureAlgorithm} is not one for this key and digest`)
  }
  if (key === ecKey) checkEcdsaValue(signature)
  const holds = await getCrypto(true).verifyWithPublicKey(
    signedAttributes.slice(),
    new OctetString({ valueHex: signature.slice() }),
    certificate.subjectPublicKeyInfo,
    new AlgorithmIdentifier({ algorithmId: signatureAlgorithm }),
    digestName,
  )
  if (!holds) throw unproven('its signature is not that of its signer')
}

/** Ecdsa-Sig-Value, RFC 5480 appendix A: two numbers, spelled in one way only. */
function checkEcdsaValue(signature: Uint8Array): void {
  const parts = partsOf(readDer(signature, 'the signature', tags.sequence), 'the signature')
  readInteger(parts.take(tags.integer, 'r'), 'the signature')
  readInteger(parts.take(tags.integer, 's'), 'the signature')
  parts.end()
}

function nameOf({ certificate }: KnownCertificate): string {
  const names = certificate.subject.typesAndValues.map(({ type, value }) => ({ type, text: value.valueBlock.value }))
  return names.find(({ type }) => type === commonName)?.text ?? names.map(({ text }) => text).join(', ')
}

/** Without the zeroes before a number. */
function unpadded(number: Uint8Array): Uint8Array {
  const first = number.findIndex((octet) => octet !== 0)
  return first < 0 ? number.subarray(number.length) : number.subarray(first)
}

async function digest(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(name, bytes.slice()))
}
