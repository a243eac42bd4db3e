import { verifyCosignature } from './cosignature.ts'
import { checkKeyName, type NoteSigner, signatureTypes, signBytes, type VerifierKey, verifyBytes } from './keys.ts'
import { checkSpelling, malformed, readBase64, unproven } from './strict.ts'

export {
  generateSignerKey,
  type NoteSigner,
  parseSignerKey,
  parseVerifierKey,
  signerKeyText,
  type VerifierKey,
  verifierKeyText,
  verifierOf,
} from './keys.ts'

/** Both limits are golang.org/x/mod/sumdb/note's; the specification asks that at least 16 signatures be accepted. */
export const noteBytesMax = 1_000_000
const signaturesMax = 100

/** One signature line: who says he signed, and the raw signature without its key id. */
export interface NoteSignature {
  readonly name: string
  readonly keyId: number
  readonly signature: Buffer
}

/** A signature that verified. `timestampSeconds` is what a cosignature states, null for a plain signature. */
export interface VerifiedSignature {
  readonly key: VerifierKey
  readonly timestampSeconds: number | null
}

/**
 * Signs a text with a plain Ed25519 key, c2sp.org/signed-note.
 *
 * @param text ends in a newline
 * @throws malformed for a text that no note can hold
 */
export function signNote(text: string, signer: NoteSigner): string {
  if (signer.type !== signatureTypes.ed25519) throw malformed(`${signer.name} is not a key for plain notes`)
  const signature = signBytes(signer, Buffer.from(text, 'utf8'))
  return joinNote(text, [{ name: signer.name, keyId: signer.keyId, signature }])
}

/**
 * Writes a note from its text and signatures.
 *
 * @throws malformed
 */
export function joinNote(text: string, signatures: readonly NoteSignature[]): string {
  if (!text.endsWith('\n')) throw malformed('the text of a note ends in a newline')
  if (signatures.length === 0) throw malformed('a note has a signature')
  if (signatures.length > signaturesMax) throw malformed(`a note has at most ${signaturesMax} signatures`)
  const note = `${text}\n${signatures.map(signatureLine).join('')}`
  checkCharacters(note)
  return note
}

/**
 * Takes a note apart without believing it. "the text is separated from the signatures by the last empty line in the note".
 *
 * @throws malformed
 */
export function splitNote(note: string): { text: string; signatures: NoteSignature[] } {
  checkCharacters(note)
  const split = note.lastIndexOf('\n\n')
  if (split < 0) throw malformed('the note has no empty line before its signatures')
  const text = note.slice(0, split + 1)
  const lines = note.slice(split + 2).split('\n')
  if (lines.pop() !== '') throw malformed('the note does not end in a newline')
  const signatures = lines.map(parseSignatureLine)
  checkSpelling(joinNote(text, signatures), note, 'the note')
  return { text, signatures }
}

/**
 * Opens a note: "If the key name and ID match a known key, verifiers MUST verify the signature. If a signature from a known
 * key fails to verify, clients SHOULD reject the whole note." Signatures of unknown keys are ignored.
 *
 * @throws malformed for what is no note, unproven when a known key's signature is wrong or no known key signed
 */
export function openNote(
  note: string,
  verifiers: readonly VerifierKey[],
): { text: string; verified: VerifiedSignature[]; unverified: NoteSignature[] } {
  const known = new Map(verifiers.map((key) => [keyPlace(key), key]))
  if (known.size !== verifiers.length) throw malformed('two of the given keys share name and key id')
  const { text, signatures } = splitNote(note)
  const verified = new Map<string, VerifiedSignature>()
  const unverified: NoteSignature[] = []
  for (const signature of signatures) {
    const key = known.get(keyPlace(signature))
    if (key === undefined) {
      unverified.push(signature)
      continue
    }
    const verifiedHere = verifyNoteSignature(key, text, signature.signature)
    if (verifiedHere === null) throw unproven(`the signature of ${key.name} is wrong`)
    // Each line is checked, but a key counts once however often it signed.
    if (!verified.has(keyPlace(key))) verified.set(keyPlace(key), verifiedHere)
  }
  if (verified.size === 0) throw unproven('the note is not signed by a known key')
  return { text, verified: [...verified.values()], unverified }
}

/**
 * Checks one signature line's raw signature, plain or cosignature by the key's type; null when it does not verify.
 *
 * @throws malformed for a cosignature of a text that is no checkpoint
 */
export function verifyNoteSignature(key: VerifierKey, text: string, signature: Uint8Array): VerifiedSignature | null {
  if (key.type === signatureTypes.ed25519) {
    return verifyBytes(key, Buffer.from(text, 'utf8'), signature) ? { key, timestampSeconds: null } : null
  }
  const timestampSeconds = verifyCosignature(key, text, signature)
  return timestampSeconds === null ? null : { key, timestampSeconds }
}

function keyPlace({ name, keyId }: { name: string; keyId: number }): string {
  return `${name}+${keyId}`
}

/** "em dash (U+2014), space (U+0020), key name, space, base64-encoded signature, newline" */
function signatureLine({ name, keyId, signature }: NoteSignature): string {
  checkKeyName(name)
  const bytes = Buffer.alloc(4 + signature.length)
  bytes.writeUInt32BE(keyId)
  bytes.set(signature, 4)
  return `\u2014 ${name} ${bytes.toString('base64')}\n`
}

function parseSignatureLine(line: string): NoteSignature {
  const parts = /^\u2014 (\S+) (\S+)$/.exec(line)
  if (parts === null) throw malformed('a signature line of the note is not "\u2014 name base64"')
  const [, name, base64] = parts as unknown as [string, string, string]
  const bytes = readBase64(base64, 'a signature of the note')
  if (bytes.length < 5) throw malformed('a signature of the note is too short')
  return { name, keyId: bytes.readUInt32BE(), signature: bytes.subarray(4) }
}

/** "Signed notes MUST be valid UTF-8 and MUST NOT contain any ASCII control characters … other than newline." */
function checkCharacters(note: string): void {
  if (Buffer.byteLength(note, 'utf8') > noteBytesMax) throw malformed(`a note has at most ${noteBytesMax} bytes`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are looked for
  if (!note.isWellFormed() || /[\x00-\x09\x0b-\x1f]/.test(note)) {
    throw malformed('the note holds control characters or half of a surrogate pair')
  }
}
