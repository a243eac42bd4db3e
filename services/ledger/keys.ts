import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject, sign, verify } from 'node:crypto'
import { checkLength, malformed, readBase64 } from './strict.ts'

/** Signature types of c2sp.org/signed-note: plain Ed25519, and the two cosignatures of c2sp.org/tlog-cosignature. */
export const signatureTypes = { ed25519: 0x01, cosignatureEd25519: 0x04, cosignatureMlDsa44: 0x06 } as const

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

/** What stands before the raw key in DER (RFC 8410 §4 and §7; RFC 9881 §4 for ML-DSA-44). */
const ed25519PublicPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const ed25519PrivatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const mlDsa44PublicPrefix = Buffer.from('30820532300b06096086480165030403110382052100', 'hex')

const publicKeyForms = new Map<number, { bytes: number; prefix: Buffer }>([
  [signatureTypes.ed25519, { bytes: 32, prefix: ed25519PublicPrefix }],
  [signatureTypes.cosignatureEd25519, { bytes: 32, prefix: ed25519PublicPrefix }],
  [signatureTypes.cosignatureMlDsa44, { bytes: 1312, prefix: mlDsa44PublicPrefix }],
])

/**
 * "key ID = SHA-256(key name || 0x0A || signature type || public key)[:4]"
 *
 * @throws malformed
 */
export function keyIdOf(name: string, type: number, publicKey: Uint8Array): number {
  checkKeyName(name)
  checkLength(publicKey, formOf(type).bytes, `the public key of ${name}`)
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
 * A new Ed25519 key pair as texts: the first is secret, the second is what others are given.
 *
 * @throws malformed for a bad name
 */
export function generateSignerKey(
  name: string,
  type: number = signatureTypes.ed25519,
): { signerKey: string; verifierKey: string } {
  const { privateKey } = generateKeyPairSync('ed25519')
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(ed25519PrivatePrefix.length)
  return {
    signerKey: signerKeyText(name, seed, type),
    verifierKey: verifierKeyText(name, publicKeyOf(privateKey), type),
  }
}

/** The public half of a signer, as others need it. */
export function verifierOf(signer: NoteSigner): VerifierKey {
  return { name: signer.name, keyId: signer.keyId, type: signer.type, publicKey: signer.publicKey }
}

/** RFC 8032 signature of 64 bytes. */
export function signBytes(signer: NoteSigner, message: Uint8Array): Buffer {
  return sign(null, message, signer.privateKey)
}

/** Checks a raw signature (Ed25519 or ML-DSA-44 by the key's type). Never throws for a bad signature. */
export function verifyBytes(key: VerifierKey, message: Uint8Array, signature: Uint8Array): boolean {
  const der = Buffer.concat([formOf(key.type).prefix, key.publicKey])
  return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature)
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
  if (type !== signatureTypes.ed25519 && type !== signatureTypes.cosignatureEd25519) {
    throw malformed(`signing with signature type ${type} is not supported`)
  }
  checkLength(seed, 32, `the seed of ${name}`)
  const der = Buffer.concat([ed25519PrivatePrefix, seed])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = publicKeyOf(privateKey)
  return { name, keyId: keyIdOf(name, type, publicKey), type, publicKey, privateKey }
}

function publicKeyOf(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(ed25519PublicPrefix.length)
}

function formOf(type: number): { bytes: number; prefix: Buffer } {
  const form = publicKeyForms.get(type)
  if (form === undefined) throw malformed(`unknown signature type ${type}`)
  return form
}

function keyIdText(keyId: number): string {
  return keyId.toString(16).padStart(8, '0')
}
