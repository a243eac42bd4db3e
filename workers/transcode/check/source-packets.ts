import { StringDecoder } from 'node:string_decoder'
import { spawnSandboxed } from '../sandbox.ts'
import { readToEnd, type SourceRun } from './check-run.ts'
import type { SoundPackets } from './same-packets.ts'

/**
 * Lists the packets of one AAC stream of the original without decoding them. `hasHeaders`: each has a header of its own
 * (ADTS), which MP4 does without.
 */
export async function readSourcePackets(
  run: SourceRun,
  sound: { readonly stream: number; readonly hasHeaders: boolean },
): Promise<SoundPackets> {
  const running = spawnSandboxed('ffmpeg', {
    ...{ directory: run.directory, timeoutMs: run.timeoutMs, signal: run.signal },
    arguments: [
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe', '-copyts'],
      ...[...run.inputFlags, '-i', '/in/source', '-map', `0:${sound.stream}`, '-c', 'copy'],
      ...(sound.hasHeaders ? ['-bsf:a', 'aac_adtstoasc'] : []),
      ...['-f', 'framehash', '-hash', 'CRC32', 'pipe:1'],
    ],
  })
  const list = packetList(run.startSeconds)
  const decoder = new StringDecoder('latin1')
  let rest = ''
  await readToEnd(run, running, (chunk) => {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop()!
    for (const line of lines) list.add(line)
  })
  return list.packets
}

/** Takes a list of ffmpeg's framehash line by line; the recording's clock starts at `startSeconds` of its times. */
export function packetList(startSeconds: number): { add(line: string): void; readonly packets: SoundPackets } {
  const packets = { crcs: [] as number[], timesMs: [] as number[] }
  let msPerTick = 0
  return {
    add(line) {
      const base = /^#tb 0: (\d{1,9})\/(\d{1,9})$/.exec(line)
      if (base) msPerTick = (Number(base[1]) * 1000) / Number(base[2])
      const packet = /^0, +-?\d+, +(-?\d+), +\d+, +\d+, ([0-9a-f]{8})/.exec(line)
      if (!packet) return
      packets.timesMs.push(Number(packet[1]) * msPerTick - startSeconds * 1000)
      packets.crcs.push(Number.parseInt(packet[2]!, 16))
    },
    packets,
  }
}
