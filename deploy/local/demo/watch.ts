import type { ApiSession } from './api.ts'

/** What the custodian saw of one recording. */
export interface Watched {
  readonly viewingId: string
  readonly seconds: number
  readonly bytes: number
}

interface OpenedViewing {
  readonly viewingId: string
  readonly playlist: string | null
  readonly grantedToMs: number
}

/** Opens a viewing, plays up to `secondsMax` of it as a player would (renewing the lease), and closes it. */
export async function watchRecording(
  custodian: ApiSession,
  recordingId: string,
  purpose: string,
  secondsMax: number,
): Promise<Watched> {
  const viewing = await custodian.request<OpenedViewing>('POST', `/recordings/${recordingId}/viewings`, { purpose })
  const base = `/viewings/${viewing.viewingId}`
  let seconds = 0
  let bytes = 0
  let grantedToMs = viewing.grantedToMs
  const playlist = await (await custodian.fetch(`${base}/tracks/0/playlist.m3u8`)).text()
  bytes += (await (await custodian.fetch(`${base}/tracks/0/init`)).arrayBuffer()).byteLength
  for (const segment of segmentsOf(playlist)) {
    if (seconds >= secondsMax) break
    if ((seconds + segment.seconds) * 1000 > grantedToMs) {
      const renewed = await custodian.request<{ grantedToMs: number }>('POST', `${base}/renewals`, {
        positionMs: Math.floor(seconds * 1000),
      })
      grantedToMs = renewed.grantedToMs
    }
    bytes += (await (await custodian.fetch(segment.path)).arrayBuffer()).byteLength
    seconds += segment.seconds
  }
  await custodian.request('DELETE', base)
  return { viewingId: viewing.viewingId, seconds, bytes }
}

function segmentsOf(playlist: string): { path: string; seconds: number }[] {
  const segments: { path: string; seconds: number }[] = []
  let seconds = 0
  for (const line of playlist.split('\n')) {
    if (line.startsWith('#EXTINF:')) seconds = Number.parseFloat(line.slice('#EXTINF:'.length))
    else if (line !== '' && !line.startsWith('#')) segments.push({ path: line, seconds })
  }
  return segments
}
