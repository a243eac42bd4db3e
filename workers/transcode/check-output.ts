import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../services/foundation/errors.ts'
import { readOutFile } from './out-file.ts'
import { initFileName } from './playlist.ts'
import { probeFile } from './probe.ts'
import { makeRunDirectory, type SandboxLimits } from './sandbox.ts'

/** Checks one segment with its init section; returns the init section. */
export type CheckOutput = (segmentFileName: string) => Promise<{ init: Buffer }>

/**
 * Makes a check by a second sandboxed ffprobe: what was made must itself be read as fragmented MP4 with exactly the
 * streams that were asked for, H.264 and AAC, before anybody is served it.
 */
export function outputCheck(run: {
  directory: string
  limits: SandboxLimits
  hasVideo: boolean
  hasAudio: boolean
  signal: AbortSignal
}): CheckOutput {
  return async (segmentFileName) => {
    const init = await readOutFile(join(run.directory, 'out', initFileName))
    const segment = await readOutFile(join(run.directory, 'out', segmentFileName))
    if (!init || !segment) throw new Fault('bad_request', 'the rendition has no init section or no first segment')
    const directory = join(run.directory, 'check')
    await mkdir(directory, { recursive: true, mode: 0o700 })
    try {
      await makeRunDirectory(directory, run.limits)
      await writeFile(join(directory, 'in', 'made'), Buffer.concat([init, segment]))
      const result = await probeFile({ directory, fileName: 'made', format: 'mov', signal: run.signal })
      if ('reason' in result) throw new Fault('bad_request', `what was made cannot be read: ${result.reason}`)
      const made = result.probe.streams.map((stream) => `${stream.codec_type}/${stream.codec_name}`).sort()
      const wanted = [...(run.hasAudio ? ['audio/aac'] : []), ...(run.hasVideo ? ['video/h264'] : [])]
      if (made.join() !== wanted.join()) {
        throw new Fault(
          'bad_request',
          `what was made holds ${made.join(' and ') || 'nothing'}, not ${wanted.join(' and ')}`,
        )
      }
      return { init }
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  }
}
