import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MediaSourceModel } from '../../../workers/transcode/fragments/media-source-model.ts'
import type { Account, PictureAccount } from './account.ts'
import type { Span } from './clip.ts'
import { addTones, readPictures, readSoundBackToBack } from './read-film.ts'

/** A track as it is served: the init section, then its segments. */
export type ServedTrack = readonly Buffer[]

/** What somebody sees and hears who plays each track: pictures by their times, packets of sound end to end. */
export async function watch(folder: string, tracks: readonly ServedTrack[]): Promise<Account> {
  const pictures: PictureAccount[] = []
  const tones = new Map<number, Span[][]>()
  for (const [init, ...segments] of tracks) {
    const model = new MediaSourceModel(init!)
    for (const segment of segments) model.append(segment)
    const path = join(folder, 'served.mp4')
    await writeFile(path, Buffer.concat([init!, ...segments]))
    const film = { folder, path, flags: ['-f', 'mp4'] }
    for (const [stream, played] of model.played().entries()) {
      if (played.gaps.length + played.overlaps.length > 0 && played.kind === 'audio')
        throw new Error('served sound with gaps')
      if (played.kind === 'audio' && played.firstMs !== null) {
        for (const channel of await readSoundBackToBack(film, stream, played.firstMs)) addTones(tones, channel)
      } else if (played.kind === 'video') {
        const account = await readPictures(film, stream, 0)
        if (account) pictures.push(account)
      }
    }
  }
  return { pictures, tones }
}
