import { createPrivateKey, createPublicKey, hash, type KeyObject, randomBytes, sign, verify } from 'node:crypto'
import { checkLength, malformed, readBase64 } from './strict.ts'

/** Signature types of c2sp.org/signed-note: plain Ed25519, and the two cosignatures of c2sp.org/tlog-cosignature. */
export const signatureTypes = { ed25519: 0x01, cosignatureEd25519: 0x04, cosignatureMlDsa44: 0x06 } as const

/** What the kind of a key is called. */
export function keyKind(type: number): string {
  return type === signatureTypes.cosignatureMlDsa44 ? 'ML-DSA-44' : 'Ed25519'
}

/** A key that is trusted to sign. `keyId` is a number of 32 bits; it only finds the key, it does not secure it. */
export interface VerifierKey {
  readonly name: string
  readonly keyId: number
  readonly type: number
  readonly publicKey: Buffer
}

/** A key that signs notes. The private half is a KeyObject, so that it cannot end in a log by accident. */
export interface NoteSigner {
  readonly name: string
  readonly keyId: number
  readonly type: number
  readonly publicKey: Buffer
  readonly privateKey: KeyObject
}

/**
 * What stands before the raw key and before its 32-byte seed in DER: RFC 8410 §4 and §7; RFC 9881 §4 and §6, the seed
 * form ("seed [0] OCTET STRING (SIZE (32))").
 */
interface KeyForm {
  readonly publicBytes: number
  readonly publicPrefix: Buffer
  readonly seedPrefix: Buffer
}

const seedBytes = 32
const ed25519Form: KeyForm = {
  publicBytes: 32,
  publicPrefix: Buffer.from('302a300506032b6570032100', 'hex'),
  seedPrefix: Buffer.from('302e020100300506032b657004220420', 'hex'),
}
const mlDsa44Form: KeyForm = {
  publicBytes: 1312,
  publicPrefix: Buffer.from('30820532300b06096086480165030403110382052100', 'hex'),
  seedPrefix: Buffer.from('3034020100300b060960864801650304031104228020', 'hex'),
}

const keyForms = new Map<number, KeyForm>([
  [signatureTypes.ed25519, ed25519Form],
  [signatureTypes.cosignatureEd25519, ed25519Form],
  [signatureTypes.cosignatureMlDsa44, mlDsa44Form],
])

/**
 * "key ID = SHA-256(key name || 0x0A || signature type || public key)[:4]"
 *
 * @throws malformed
 */
export function keyIdOf(name: string, type: number, publicKey: Uint8Array): number {
  checkKeyName(name)
  checkLength(publicKey, formOf(type).publicBytes, `the public key of ${name}`)
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), publicKey]), 'buffer').readUInt32BE()
}

/**
 * "<key name>+hex(32-bit key ID)+base64(signature type || public key)"
 *
 * @param type one of `signatureTypes`, plain Ed25519 if not named
 * @throws malformed
 */
export function verifierKeyText(name: string, publicKey: Uint8Array, type: number = signatureTypes.ed25519): string {
  const keyId = keyIdText(keyIdOf(name, type, publicKey))
  return `${name}+${keyId}+${Buffer.concat([Buffer.of(type), publicKey]).toString('base64')}`
}

/**
 * Reads a verifier key of a known signature type; its key id must be that of its name and key.
 *
 * @throws malformed
 */
export function parseVerifierKey(text: string): VerifierKey {
  const { name, keyData } = splitKeyText(text, 'the verifier key')
  const type = keyData.readUInt8(0)
  const publicKey = keyData.subarray(1)
  if (verifierKeyText(name, publicKey, type) !== text) throw malformed(`the key id of ${name} is not that of its key`)
  return { name, keyId: keyIdOf(name, type, publicKey), type, publicKey }
}

/**
 * "PRIVATE+KEY+<name>+<hash>+<keydata>" as golang.org/x/mod/sumdb/note writes it; keydata is base64(type || 32-byte seed).
 *
 * @throws malformed
 */
export function signerKeyText(name: string, seed: Uint8Array, type: number = signatureTypes.ed25519): string {
  const { keyId } = signerOf(name, seed, type)
  return `PRIVATE+KEY+${name}+${keyIdText(keyId)}+${Buffer.concat([Buffer.of(type), seed]).toString('base64')}`
}

/**
 * Reads what `signerKeyText` writes. No message of its errors holds key material.
 *
 * @throws malformed
 */
export function parseSignerKey(text: string): NoteSigner {
  const prefix = 'PRIVATE+KEY+'
  if (!text.startsWith(prefix)) throw malformed(`a signing key begins with ${prefix}`)
  const { name, keyData } = splitKeyText(text.slice(prefix.length), 'the signing key')
  const type = keyData.readUInt8(0)
  const seed = keyData.subarray(1)
  if (signerKeyText(name, seed, type) !== text) throw malformed(`the key id of ${name} is not that of its key`)
  return signerOf(name, seed, type)
}

/**
 * A new key pair as texts: the first is secret, the second is what others are given.
 *
 * @param type one of `signatureTypes`, plain Ed25519 if not named
 * @throws malformed for a bad name or an unknown type
 */
export function generateSignerKey(
  name: string,
  type: number = signatureTypes.ed25519,
): { signerKey: string; verifierKey: string } {
  const seed = randomBytes(seedBytes)
  const { publicKey } = signerOf(name, seed, type)
  return { signerKey: signerKeyText(name, seed, type), verifierKey: verifierKeyText(name, publicKey, type) }
}

/** The public half of a signer, as others need it. */
export function verifierOf(signer: NoteSigner): VerifierKey {
  return { name: signer.name, keyId: signer.keyId, type: signer.type, publicKey: signer.publicKey }
}

/** An RFC 8032 signature of 64 bytes, or a hedged FIPS 204 one of 2420: each of these over one message is another. */
export function signBytes(signer: NoteSigner, message: Uint8Array): Buffer {
  return sign(null, message, signer.privateKey)
}

/** Checks a raw signature (Ed25519 or ML-DSA-44 by the key's type). Never throws for a bad signature. */
export function verifyBytes(key: VerifierKey, message: Uint8Array, signature: Uint8Array): boolean {
  const der = Buffer.concat([formOf(key.type).publicPrefix, key.publicKey])
  return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature)
}

/**
 * Checks a plain Ed25519 signature (RFC 8032), given in base64, by a raw public key of 32 bytes. Never throws for a bad
 * signature, nor for a text that is no base64.
 */
export function isSignedByEd25519(publicKey: Uint8Array, message: Uint8Array, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64')
  if (bytes.toString('base64') !== signature) return false
  const der = Buffer.concat([ed25519Form.publicPrefix, publicKey])
  return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), bytes)
}

/** "Key names MUST be non-empty and MUST NOT contain any Unicode spaces or plus (U+002B) characters." */
export function checkKeyName(name: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: signed notes "MUST NOT contain any ASCII control characters"
  if (name === '' || !name.isWellFormed() || /[\p{White_Space}+\x00-\x1f]/u.test(name)) {
    throw malformed('a key name is empty or holds a space, a plus sign or a control character')
  }
}

function splitKeyText(text: string, what: string): { name: string; keyData: Buffer } {
  // Base64 may hold plus signs itself: only the first two part the key.
  const parts = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/s.exec(text)
  if (parts === null) throw malformed(`${what} is not <name>+<key id>+<base64>`)
  const [, name, , base64] = parts as unknown as [string, string, string, string]
  const keyData = readBase64(base64, what)
  if (keyData.length === 0) throw malformed(`${what} is empty`)
  return { name, keyData }
}

function signerOf(name: string, seed: Uint8Array, type: number): NoteSigner {
  const { publicPrefix, seedPrefix } = formOf(type)
  checkLength(seed, seedBytes, `the seed of ${name}`)
  const der = Buffer.concat([seedPrefix, seed])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicDer = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const publicKey = publicDer.subarray(publicPrefix.length)
  return { name, keyId: keyIdOf(name, type, publicKey), type, publicKey, privateKey }
}

function formOf(type: number): KeyForm {
  const form = keyForms.get(type)
  if (form === undefined) throw malformed(`unknown signature type ${type}`)
  return form
}

function keyIdText(keyId: number): string {
  return keyId.toString(16).padStart(8, '0')
}
