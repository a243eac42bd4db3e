import type { Static } from 'typebox'
import type { InventorySummary } from '../../services/custody/events/inventory-summary.ts'
import type { DetailsOf } from '../../services/custody/events/kinds.ts'
import { never, worldHandlers } from '../integration/workers/handlers.ts'
import { detailsOf, sealRecording } from '../integration/workers/sealed.ts'
import type { Teardown } from '../support/stack.ts'
import type { World } from '../support/world.ts'

/** One track of what is served for a recording, as a player fetches it from the store. */
export interface ServedTrack {
  readonly track: number
  readonly streams: readonly number[]
  /** The original's channels that its sound holds, from 1; null: all. */
  readonly channels: readonly number[] | null
  readonly init: Buffer
  readonly segments: readonly { readonly startMs: number; readonly durationMs: number; readonly content: Buffer }[]
}

/** What the parts of the service made of a file. */
export type Docked =
  | { readonly state: 'not_playable'; readonly reason: string }
  | { readonly state: 'still'; readonly content: Buffer; readonly told: DetailsOf<'rendition.ready'> }
  | {
      readonly state: 'film'
      readonly tracks: readonly ServedTrack[]
      readonly told: DetailsOf<'rendition.ready'>
      readonly inventory: Static<typeof InventorySummary>
    }

/** Seals a file as a recording and makes it playable, by the parts that do it in a bureau. */
export type DockFilm = (path: string) => Promise<Docked>

/** Where films are docked: a world's own database and stores. Several may be docked at once. */
export async function openDockForFilms(t: Teardown, world: World): Promise<DockFilm> {
  const { transcode } = await worldHandlers(t, world)
  return async (path) => {
    const sealed = await sealRecording(world, path)
    await transcode(sealed.jobs.transcode, never)
    const rows = await world.db.selectFrom('rendition').selectAll().where('recording_id', '=', sealed.id).execute()
    const rendition = rows.find(({ state }) => state === 'ready' || state === 'not_playable')
    if (!rendition) throw new Error(`neither playable nor not: ${rows.map(({ state }) => state)}`)
    if (rendition.state === 'not_playable') return { state: 'not_playable', reason: rendition.reason ?? '' }
    const [told] = (await detailsOf(world, sealed.id, 'rendition.ready')) as unknown as DetailsOf<'rendition.ready'>[]
    const files = await servedFiles(world, rendition.id)
    if (rendition.kind === 'still') return { state: 'still', content: files[0]!.content, told: told! }
    const [found] = (await detailsOf(world, sealed.id, 'recording.inventoried')) as unknown as {
      summary: Static<typeof InventorySummary>
    }[]
    return { state: 'film', tracks: await tracksOf(world, rendition.id, files), told: told!, inventory: found!.summary }
  }
}

type ServedFile = Awaited<ReturnType<typeof servedFiles>>[number]

async function servedFiles(world: World, renditionId: string) {
  const files = world.db.selectFrom('rendition_file').selectAll().where('rendition_id', '=', renditionId)
  const rows = await files.where('kind', '!=', 'thumbnail').orderBy('track').orderBy('number').execute()
  return Promise.all(
    rows.map(async (row) => {
      const object = { bucket: 'derived', key: row.object_key, versionId: row.version_id } as const
      return { ...row, content: Buffer.concat(await (await world.stores.primary.get(object)).toArray()) }
    }),
  )
}

async function tracksOf(world: World, renditionId: string, files: readonly ServedFile[]): Promise<ServedTrack[]> {
  const tracks = world.db.selectFrom('rendition_track').selectAll().where('rendition_id', '=', renditionId)
  const rows = await tracks.orderBy('track').execute()
  return rows.map(({ track, streams, channels }) => {
    const own = files.filter((file) => file.track === track)
    return {
      ...{ track, streams, channels },
      init: own.find(({ kind }) => kind === 'init')!.content,
      segments: own
        .filter(({ kind }) => kind === 'segment')
        .map(({ start_ms, duration_ms, content }) => ({ startMs: start_ms, durationMs: duration_ms, content })),
    }
  })
}
