import { checkpointText } from '../../services/ledger/format/checkpoint.ts'
import { cosign } from '../../services/ledger/format/cosignature.ts'
import {
  type NoteSigner,
  parseSignerKey,
  signatureTypes,
  signBytes,
  signerKeyText,
  verifierKeyText,
} from '../../services/ledger/format/keys.ts'
import { signatureLines } from '../../services/ledger/format/witness-protocol.ts'

const rotation = 5

/**
 * Checkpoints before and after a rotation from one key to two, with the signature lines of all and of some, and whether
 * the log has signed them by the key sets of DESIGN.md §5.
 *
 * @param seedOf 32 bytes for a name
 * @param given the ML-DSA-44 line that the page has already: ours are hedged, and any valid one is a vector
 */
export function keySetVectors(origin: string, seedOf: (name: string) => Buffer, given?: string) {
  const signerOf = (name: string, type: number) => parseSignerKey(signerKeyText(origin, seedOf(name), type))
  const earlier = signerOf('earlier key', signatureTypes.ed25519)
  const ed25519 = signerOf('later key', signatureTypes.ed25519)
  const mlDsa44 = signerOf('later ML-DSA-44 key', signatureTypes.cosignatureMlDsa44)
  const textOf = (size: number) => checkpointText({ origin, size, root: seedOf(`root of ${size}`) })
  const mlDsaLine = given ?? lineOf(textOf(rotation), mlDsa44)
  const note = (size: number, ...lines: readonly (NoteSigner | string)[]) => {
    const text = textOf(size)
    return `${text}\n${lines.map((one) => (typeof one === 'string' ? one : lineOf(text, one))).join('')}`
  }
  return {
    keySets: [
      { from: 0, keys: [keyOf(earlier)] },
      { from: rotation, keys: [keyOf(ed25519), keyOf(mlDsa44)] },
    ],
    mlDsaLine,
    checkpoints: [
      { what: 'the earlier key, below the rotation', signed: true, note: note(rotation - 1, earlier) },
      { what: 'the later Ed25519 key, below the rotation', signed: false, note: note(rotation - 1, ed25519) },
      { what: 'both later keys, at the rotation', signed: true, note: note(rotation, ed25519, mlDsaLine) },
      { what: 'both, in the other order', signed: true, note: note(rotation, mlDsaLine, ed25519) },
      { what: 'the earlier key, at the rotation', signed: false, note: note(rotation, earlier) },
      { what: 'Ed25519 alone', signed: false, note: note(rotation, ed25519) },
      { what: 'Ed25519 twice', signed: false, note: note(rotation, ed25519, ed25519) },
      { what: 'ML-DSA-44 alone', signed: false, note: note(rotation, mlDsaLine) },
      { what: 'ML-DSA-44 and the earlier key', signed: false, note: note(rotation, earlier, mlDsaLine) },
    ].map(({ note: whole, ...one }) => ({ ...one, note: whole.replaceAll(mlDsaLine, '<mlDsaLine>') })),
  }
}

function keyOf({ name, publicKey, type }: NoteSigner): string {
  return verifierKeyText(name, publicKey, type)
}

function lineOf(text: string, signer: NoteSigner): string {
  const isPlain = signer.type === signatureTypes.ed25519
  const signature = isPlain ? signBytes(signer, Buffer.from(text, 'utf8')) : cosign(signer, text, 1_790_000_000)
  return signatureLines(text, [{ ...signer, signature }])
}
