import { checkCount, checkLength, checkSpelling, malformed, readBase64, readDecimal } from './strict.ts'

/** What a log signs: all its leaves in one hash. Extension lines are read where others write them; we write none. */
export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
  readonly extensions: readonly string[]
}

/**
 * The note text of a checkpoint, c2sp.org/tlog-checkpoint: origin, tree size in decimal "with no leading zeroes", "base64
 * encoding of the root", each ended by a newline.
 *
 * @throws malformed
 */
export function checkpointText(checkpoint: {
  origin: string
  size: number
  root: Uint8Array
  extensions?: readonly string[]
}): string {
  const { origin, size, root, extensions = [] } = checkpoint
  checkLine(origin, 'the origin')
  checkCount(size, 'the tree size')
  checkLength(root, 32, 'the root hash')
  for (const line of extensions) checkLine(line, 'an extension line')
  return `${[origin, size, Buffer.from(root).toString('base64'), ...extensions].join('\n')}\n`
}

/**
 * Reads the note text of a checkpoint strictly. It proves nothing yet: see `openCheckpoint`.
 *
 * @throws malformed
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, ...extensions] = text.split('\n')
  if (origin === undefined || size === undefined || root === undefined || extensions.pop() !== '') {
    throw malformed('a checkpoint is three lines, each ended by a newline')
  }
  const checkpoint = {
    origin,
    size: readDecimal(size, 'the tree size'),
    root: readBase64(root, 'the root hash'),
    extensions,
  }
  checkSpelling(checkpointText(checkpoint), text, 'the checkpoint')
  return checkpoint
}

function checkLine(line: string, what: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: signed notes "MUST NOT contain any ASCII control characters"
  if (line === '' || !line.isWellFormed() || /[\x00-\x1f]/.test(line)) {
    throw malformed(`${what} of a checkpoint is empty or holds control characters`)
  }
}
