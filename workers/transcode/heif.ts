import { access, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isFault } from '../../services/foundation/errors.ts'
import { lastLine } from './complaint.ts'
import type { NotRead } from './not-playable.ts'
import { readOutFile } from './out-file.ts'
import { runSandboxed, type SandboxResult } from './sandbox.ts'

/** Debian's package libheif-examples. */
const converter = '/usr/bin/heif-convert'
const fileName = 'converted.jpg'
const withExifName = 'converted-with-exif.jpg'
const jpegQuality = '95'

/**
 * Turns `in/source` of a run directory, a HEIC or AVIF still, into an upright JPEG beside it, `in/<fileName>`, by libheif
 * in the sandbox; the limits are those of the run directory. Of several pictures in the file the main one is taken.
 *
 * @returns the names of the JPEG and of the same with the still's EXIF block, or why there is none
 * @throws not_ready when the sandbox cannot be started; the signal's reason when aborted
 */
export async function convertHeif(run: {
  directory: string
  timeoutMs: number
  signal: AbortSignal
}): Promise<{ fileName: string; withExif: string } | NotRead> {
  if (!(await isInstalled())) {
    return {
      why: 'still_without_tool',
      reason:
        'a HEIC or AVIF still; heif-convert (package libheif-examples) is needed for it and is not installed here',
    }
  }
  const common = { ...run, stdoutBytesMax: 65_536 }
  const listed = await runSandboxed('heif-info', { ...common, arguments: ['/in/source'] })
  const flags = ['-q', jpegQuality, '/in/source', `/out/${fileName}`]
  const result = await runSandboxed('heif-convert', { ...common, arguments: flags })
  const isDone = result.outcome === 'ended' && result.code === 0
  const made = isDone ? await readPicture(run.directory, listed.stdout) : { why: whyNot(result) }
  if ('why' in made) {
    return {
      why: 'still_not_decodable',
      reason:
        'a HEIC or AVIF still that libheif cannot decode: the data is damaged, or of a coding that it does not know',
      complaint: made.why,
    }
  }
  await writeFile(join(run.directory, 'in', fileName), withoutExif(made.picture))
  await writeFile(join(run.directory, 'in', withExifName), made.picture)
  return { fileName, withExif: withExifName }
}

async function isInstalled(): Promise<boolean> {
  return access(converter).then(
    () => true,
    () => false,
  )
}

/** With more than one picture, heif-convert numbers its files in the order in which heif-info lists them. */
async function readPicture(directory: string, listing: string): Promise<{ picture: Buffer } | { why: string }> {
  const out = join(directory, 'out')
  const names = await readdir(out)
  const images = listing.split('\n').filter((line) => line.startsWith('image: '))
  const main = images.findIndex((line) => line.endsWith(', primary'))
  const numbered = fileName.replace('.', `-${Math.max(main, 0) + 1}.`)
  const wanted = [fileName, numbered].find((name) => names.includes(name))
  try {
    const picture = wanted === undefined ? null : await readOutFile(join(out, wanted))
    return picture ? { picture } : { why: 'it made no picture' }
  } catch (error) {
    if (isFault(error, 'bad_request')) return { why: error.message }
    throw error
  } finally {
    for (const name of names) await rm(join(out, name), { recursive: true, force: true })
  }
}

function whyNot({ outcome, stdout, stderr }: SandboxResult): string {
  if (outcome !== 'ended') return outcome === 'too_long' ? 'it took too long' : 'it said too much'
  return lastLine(stderr.trim() === '' ? stdout : stderr)
}

/**
 * libheif has turned the picture already (`irot`, `imir`) and keeps the EXIF block beside it, by which ffmpeg would turn it
 * once more; ISO/IEC 23008-12 §6.5.10 has the file's own rotation count alone. Pure.
 */
export function withoutExif(jpeg: Buffer): Buffer {
  const kept: Buffer[] = [jpeg.subarray(0, 2)]
  let at = 2
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== 0xda) {
    const end = at + 2 + jpeg.readUInt16BE(at + 2)
    const isExif = jpeg[at + 1] === 0xe1 && jpeg.toString('latin1', at + 4, at + 8) === 'Exif'
    if (!isExif) kept.push(jpeg.subarray(at, end))
    at = end
  }
  return Buffer.concat([...kept, jpeg.subarray(at)])
}
