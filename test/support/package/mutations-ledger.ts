import { encodeEntryBundle, parseEntryBundle } from '../../../services/ledger/format/bundle.ts'
import { checkpointText } from '../../../services/ledger/format/checkpoint.ts'
import { leafHash } from '../../../services/ledger/format/entry.ts'
import { checkpointPath, flip, type Mutation, type MutationContext, mended, setCheckpoint } from './mutation.ts'
import { sampleOrigin, signedBy } from './sample-log.ts'

const bundlePath = 'data/ledger/tile/entries/000'
const tilePath = 'data/ledger/tile/0/000'

export const ledgerMutations: readonly Mutation[] = [
  // Another checkpoint over the same files
  checkpoint('garbage', 'checkpoint_malformed', () => 'no checkpoint\n'),
  checkpoint('without a signature', 'checkpoint_malformed', (note) => note.slice(0, note.indexOf('\n\n') + 2)),
  checkpoint('with CRLF', 'checkpoint_malformed', (note) => note.replaceAll('\n', '\r\n')),
  checkpoint('with a leading zero', 'checkpoint_malformed', (note) => note.replace('\n300\n', '\n0300\n')),
  checkpoint('with an extension line, well signed', 'checkpoint_malformed', (_, { parts }) =>
    sign(parts, `${parts.log.textAt(parts.size)}extension\n`),
  ),
  checkpoint('with a short root', 'checkpoint_malformed', (_, { parts }) =>
    signedBy(`${sampleOrigin}\n300\n${Buffer.alloc(31).toString('base64')}\n`, parts.signers.log.slice(0, 1)),
  ),
  checkpoint('of another log', 'checkpoint_origin', (_, { parts }) =>
    signedBy(checkpointText({ ...treeOf(parts), origin: 'stranger.example/ledger' }), [
      parts.signers.strangerLog,
      ...parts.signers.witnesses,
    ]),
  ),
  checkpoint('of another log, signed by ours', 'checkpoint_origin', (_, { parts }) =>
    sign(parts, checkpointText({ ...treeOf(parts), origin: 'stranger.example/ledger' })),
  ),
  checkpoint('unsigned by the log', 'checkpoint_signature', (_, { parts }) =>
    signedBy(parts.log.textAt(parts.size), parts.signers.witnesses),
  ),
  checkpoint('signed by a false key of the log', 'checkpoint_signature', (_, { parts }) =>
    signedBy(parts.log.textAt(parts.size), [parts.signers.falseLog, ...parts.signers.witnesses]),
  ),
  checkpoint('signed by a stranger', 'checkpoint_signature', (_, { parts }) =>
    signedBy(parts.log.textAt(parts.size), [parts.signers.strangerLog, ...parts.signers.witnesses]),
  ),
  checkpoint('with a wrong signature of the log', 'checkpoint_signature', (note, context) =>
    spoilLine(note, 0, context),
  ),
  checkpoint('of another size, signatures kept', 'checkpoint_signature', (note) => note.replace('\n300\n', '\n299\n')),
  checkpoint('older, the rest as it was', 'tile_missing', (_, { parts }) => sign(parts, parts.log.textAt(280))),
  checkpoint('newer, the rest as it was', 'tile_missing', (_, { parts }) => sign(parts, parts.log.textAt(310))),
  checkpoint('with a root of another tree', 'root_differs', (_, { parts }) =>
    sign(parts, checkpointText({ origin: sampleOrigin, size: parts.size, root: parts.log.rootAt(299) })),
  ),
  checkpoint('of no leaves', 'salt_differs', (_, { parts }) => sign(parts, parts.log.textAt(0))),
  checkpoint('of 2^53 - 1 leaves', 'tile_missing', (_, { parts }) =>
    sign(parts, checkpointText({ origin: sampleOrigin, size: Number.MAX_SAFE_INTEGER, root: Buffer.alloc(32) })),
  ),
  // Cosignatures
  checkpoint('without cosignatures', 'quorum_missing', (_, { parts }) =>
    signedBy(parts.log.textAt(parts.size), parts.signers.log),
  ),
  checkpoint('with one cosignature', 'quorum_missing', (_, { parts, below }) =>
    signedBy(parts.log.textAt(parts.size), [...parts.signers.log, parts.signers.witnesses[below(4)]!]),
  ),
  checkpoint('with one witness twice', 'quorum_missing', (_, { parts }) => {
    const [witness] = parts.signers.witnesses
    return signedBy(parts.log.textAt(parts.size), [...parts.signers.log, witness!, witness!])
  }),
  checkpoint('with one cosignature and a stranger', 'quorum_missing', (_, { parts }) => {
    const { log, witnesses, strangerWitness } = parts.signers
    return signedBy(parts.log.textAt(parts.size), [...log, witnesses[0]!, strangerWitness])
  }),
  checkpoint('without one of its cosignatures', 'accepted', (_, { parts, below }) =>
    signedBy(parts.log.textAt(parts.size), [...parts.signers.log, ...parts.signers.witnesses.toSpliced(below(4), 1)]),
  ),
  checkpoint('cosigned by a stranger too', 'accepted', (_, { parts }) =>
    signedBy(parts.log.textAt(parts.size), [
      ...parts.signers.log,
      ...parts.signers.witnesses,
      parts.signers.strangerWitness,
    ]),
  ),
  checkpoint('with a wrong cosignature', 'cosignature_invalid', (note, context) =>
    spoilLine(note, context.parts.signers.log.length + context.below(4), context),
  ),
  checkpoint('with cosignatures of another tree', 'cosignature_invalid', (note, { parts }) => {
    const other = signedBy(parts.log.textAt(299), parts.signers.witnesses)
    const own = signedBy(parts.log.textAt(parts.size), parts.signers.log)
    return note.length > 0 ? own + other.slice(other.indexOf('\n\n') + 2) : own
  }),
  checkpoint('with signatures in another order', 'accepted', (note) => {
    const split = note.indexOf('\n\n') + 2
    return note.slice(0, split) + note.slice(split).trimEnd().split('\n').reverse().join('\n').concat('\n')
  }),
  mended('another checkpoint than the proofs hold', 'proof_differs', ({ files, parts }) => {
    const note = signedBy(parts.log.textAt(parts.size), [...parts.signers.log, ...parts.signers.witnesses.slice(1)])
    files.set(checkpointPath, Buffer.from(note))
  }),
  // Tiles and entries
  mended('a tile in place of another', 'tile_differs', ({ files }) => {
    files.set(tilePath, files.get(tilePath)!.toReversed() as Buffer)
  }),
  mended('two hashes of a tile swapped', 'tile_differs', ({ files }) => {
    const tile = files.get(tilePath)!
    files.set(tilePath, Buffer.concat([tile.subarray(32, 64), tile.subarray(0, 32), tile.subarray(64)]))
  }),
  mended('an upper tile changed', 'tile_differs', ({ files }) => {
    const path = [...files.keys()].find((one) => one.startsWith('data/ledger/tile/1/'))!
    files.set(path, flip(files.get(path)!, 5))
  }),
  entries('two swapped', 'leaf_differs', (list) => [list[1]!, list[0]!, ...list.slice(2)]),
  entries('one replaced', 'leaf_differs', (list) => [list[1]!, ...list.slice(1)]),
  entries('one changed', 'leaf_differs', (list, { below }) => {
    const at = below(list.length)
    return list.with(at, flip(list[at]!, below(list[at]!.length), below(8)))
  }),
  entries('one left out', 'bundle_malformed', (list) => list.slice(1)),
  entries('one added', 'bundle_malformed', (list) => [...list, list[0]!]),
  mended('an entry changed, with its hash in the tile', 'root_differs', (context) => {
    const list = parseEntryBundle(context.files.get(bundlePath)!, 256)
    list[7] = flip(list[7]!, 20)
    const tile = Buffer.from(context.files.get(tilePath)!)
    leafHash(list[7]).copy(tile, 7 * 32)
    context.files.set(bundlePath, encodeEntryBundle(list))
    context.files.set(tilePath, tile)
  }),
  mended('an entry changed, and another hash in the tile', 'leaf_differs', (context) => {
    const list = parseEntryBundle(context.files.get(bundlePath)!, 256)
    list[7] = flip(list[7]!, 20)
    context.files.set(bundlePath, encodeEntryBundle(list))
    context.files.set(tilePath, flip(context.files.get(tilePath)!, 9 * 32))
  }),
  mended('a bundle cut within an entry', 'bundle_malformed', ({ files }) => {
    const bytes = files.get(bundlePath)!
    files.set(bundlePath, bytes.subarray(0, bytes.length - 3))
  }),
]

function checkpoint(
  what: string,
  expect: string,
  change: (note: string, context: MutationContext) => string,
): Mutation {
  return mended(`checkpoint ${what}`, expect, (context) => {
    setCheckpoint(context.files, change(context.files.get(checkpointPath)!.toString('utf8'), context))
  })
}

function entries(
  what: string,
  expect: string,
  change: (list: Buffer[], context: MutationContext) => readonly Buffer[],
): Mutation {
  return mended(`entries: ${what}`, expect, (context) => {
    const list = parseEntryBundle(context.files.get(bundlePath)!, 256)
    context.files.set(bundlePath, encodeEntryBundle(change(list, context)))
  })
}

function treeOf(parts: MutationContext['parts']): { size: number; root: Buffer } {
  return { size: parts.size, root: parts.log.rootAt(parts.size) }
}

function sign({ signers }: MutationContext['parts'], text: string): string {
  return signedBy(text, [...signers.logAt(Number(text.split('\n')[1])), ...signers.witnesses])
}

/** Changes a bit of the signature in the n-th signature line, never in its key id. */
function spoilLine(note: string, line: number, { below }: MutationContext): string {
  const split = note.indexOf('\n\n') + 2
  const lines = note.slice(split).trimEnd().split('\n')
  const [dash, name, base64] = lines[line]!.split(' ') as [string, string, string]
  const bytes = Buffer.from(base64, 'base64')
  const changed = flip(bytes, 4 + below(bytes.length - 4), below(8))
  lines[line] = `${dash} ${name} ${changed.toString('base64')}`
  return `${note.slice(0, split)}${lines.join('\n')}\n`
}
