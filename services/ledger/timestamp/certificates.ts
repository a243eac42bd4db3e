import { Certificate, type Extension } from 'pkijs'
import { malformed, unproven } from '../format/strict.ts'
import { type Der, membersOf, partsOf, readDer, readInteger, readOid, tags } from './der.ts'

/** A certificate with the bytes it was read from. */
export interface KnownCertificate {
  readonly bytes: Uint8Array
  readonly certificate: Certificate
}

/** Signature algorithms that are accepted, with the digest each goes with: RSA (PKCS #1 v1.5) and ECDSA. */
export const signatureDigests: Readonly<Record<string, 'SHA-256' | 'SHA-384' | 'SHA-512'>> = {
  '1.2.840.113549.1.1.11': 'SHA-256',
  '1.2.840.113549.1.1.12': 'SHA-384',
  '1.2.840.113549.1.1.13': 'SHA-512',
  '1.2.840.10045.4.3.2': 'SHA-256',
  '1.2.840.10045.4.3.3': 'SHA-384',
  '1.2.840.10045.4.3.4': 'SHA-512',
}

const extensions = { keyUsage: '2.5.29.15', basicConstraints: '2.5.29.19', extendedKeyUsage: '2.5.29.37' } as const
const timeStamping = '1.3.6.1.5.5.7.3.8'
/** Bits of KeyUsage, RFC 5280 §4.2.1.3. */
const keyUsage = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5 } as const
const pathLengthMax = 5

/**
 * Reads certificates from PEM texts; each may hold several.
 *
 * @throws malformed, naming which text
 */
export function readRoots(pems: readonly string[]): KnownCertificate[] {
  return pems.flatMap((pem, at) => {
    const blocks = [...pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)]
    if (blocks.length === 0) throw malformed(`the trusted certificate ${at + 1} is not PEM`)
    return blocks.map(([, base64]) => {
      const bytes = Uint8Array.from(atob(base64!.replace(/\s/g, '')), (character) => character.charCodeAt(0))
      return readCertificate(bytes, `the trusted certificate ${at + 1}`)
    })
  })
}

/** @throws malformed */
export function readCertificate(bytes: Uint8Array, what: string): KnownCertificate {
  readDer(bytes, what, tags.sequence)
  try {
    // A copy: the library keeps views of the whole buffer that it is given.
    return { bytes, certificate: Certificate.fromBER(bytes.slice()) }
  } catch (cause) {
    throw malformed(`${what} is no X.509 certificate`, cause)
  }
}

/**
 * RFC 3161 §2.3: "The corresponding certificate MUST contain only one instance of the extended key usage field extension
 * … with KeyPurposeID having value: id-kp-timeStamping. This extension MUST be critical."
 *
 * @throws malformed, unproven
 */
export function checkMayStamp({ certificate }: KnownCertificate): void {
  const [usage, ...others] = extensionsOf(certificate, extensions.extendedKeyUsage)
  if (!usage?.critical || others.length > 0) throw unproven('the signer has no critical extended key usage')
  const purposes = membersOf(sequenceOf(usage), 'the extended key usage').map((purpose) =>
    readOid(purpose, 'a key purpose'),
  )
  if (purposes.length !== 1 || purposes[0] !== timeStamping) {
    throw unproven('the signer’s extended key usage is not time-stamping alone')
  }
  const bits = keyUsageOf(certificate)
  if (bits && !bits(keyUsage.digitalSignature) && !bits(keyUsage.nonRepudiation)) {
    throw unproven('the signer’s key is not one for signatures')
  }
}

/**
 * Leads a certificate to a trusted one, RFC 5280 §6.1 without revocation, policies and name constraints (a certificate
 * that insists on one of these is refused): each is signed by the next, names follow each other byte by byte, each but the
 * first is a CA's, all are valid at that time. A trusted certificate is trusted as it is, self-signed or not.
 *
 * @throws unproven when no path leads to a trusted certificate
 */
export async function checkChain(
  signer: KnownCertificate,
  others: readonly KnownCertificate[],
  roots: readonly KnownCertificate[],
  at: Date,
): Promise<void> {
  if (await leadsToRoot(signer, { others, roots, at }, [])) return
  throw unproven(`no chain of certificates valid at ${at.toISOString()} leads from the signer to a trusted one`)
}

interface Search {
  readonly others: readonly KnownCertificate[]
  readonly roots: readonly KnownCertificate[]
  readonly at: Date
}

async function leadsToRoot(
  from: KnownCertificate,
  search: Search,
  below: readonly KnownCertificate[],
): Promise<boolean> {
  if (!isAcceptable(from.certificate, search.at)) return false
  if (below.length > 0 && !mayIssue(from.certificate, below)) return false
  if (search.roots.some((root) => isSame(root, from))) return true
  if (below.length >= pathLengthMax) return false
  const path = [...below, from]
  for (const issuer of [...search.roots, ...search.others]) {
    if (path.some((known) => isSame(known, issuer))) continue
    if (!isEqual(from.certificate.issuer.valueBeforeDecode, issuer.certificate.subject.valueBeforeDecode)) continue
    if ((await isSignedBy(from.certificate, issuer.certificate)) && (await leadsToRoot(issuer, search, path)))
      return true
  }
  return false
}

/** In force at that time, and with no critical extension that is not looked at here. */
function isAcceptable(certificate: Certificate, at: Date): boolean {
  const known: readonly string[] = Object.values(extensions)
  return (
    certificate.notBefore.value <= at &&
    at <= certificate.notAfter.value &&
    (certificate.extensions ?? []).every(({ critical, extnID }) => !critical || known.includes(extnID))
  )
}

/** RFC 5280 §6.1.4 (k) to (n): a CA, for signing certificates, with not more CAs below it than it allows. */
function mayIssue(certificate: Certificate, below: readonly KnownCertificate[]): boolean {
  try {
    const [constraints, ...others] = extensionsOf(certificate, extensions.basicConstraints)
    if (!constraints || others.length > 0) return false
    const parts = partsOf(sequenceOf(constraints), 'the basic constraints')
    const isAuthority = parts.takeIf(tags.boolean)?.content[0] === 0xff
    const limit = parts.takeIf(tags.integer)
    parts.end()
    const bits = keyUsageOf(certificate)
    if (!isAuthority || (bits && !bits(keyUsage.keyCertSign))) return false
    return limit === undefined || below.length - 1 <= smallNumber(readInteger(limit, 'the path length'))
  } catch {
    return false
  }
}

async function isSignedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  const { algorithmId } = certificate.signatureAlgorithm
  if (!(algorithmId in signatureDigests) || algorithmId !== certificate.signature.algorithmId) return false
  return certificate.verify(issuer).catch(() => false)
}

function keyUsageOf(certificate: Certificate): ((bit: number) => boolean) | null {
  const [usage] = extensionsOf(certificate, extensions.keyUsage)
  if (!usage) return null
  const value = readDer(usage.extnValue.valueBlock.valueHexView, 'the key usage', tags.bits)
  return (bit) => ((value.content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0
}

function extensionsOf(certificate: Certificate, id: string): Extension[] {
  return (certificate.extensions ?? []).filter(({ extnID }) => extnID === id)
}

function sequenceOf(extension: Extension): Der {
  return readDer(extension.extnValue.valueBlock.valueHexView, `the extension ${extension.extnID}`, tags.sequence)
}

function smallNumber(content: Uint8Array): number {
  return content.length === 1 && content[0]! < 0x80 ? content[0]! : 0
}

function isSame(one: KnownCertificate, other: KnownCertificate): boolean {
  return isEqual(one.bytes, other.bytes)
}

export function isEqual(one: Uint8Array | ArrayBuffer, other: Uint8Array | ArrayBuffer): boolean {
  const [left, right] = [new Uint8Array(one), new Uint8Array(other)]
  return left.length === right.length && left.every((byte, at) => byte === right[at])
}
