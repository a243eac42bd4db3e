import { join } from 'node:path'
import { sql } from 'kysely'
import { storeNames } from '../../../deploy/local/stack/state.ts'
import { type Bureau, inBureau, settleDisk } from '../bureau.ts'
import { announce, type Footage, footageOfFile, send } from '../dock.ts'
import type { Family } from '../family.ts'
import { makeFilm } from '../film.ts'
import { repeated, stepLimitMs } from '../harness.ts'

const wantedMs = 60_000

/** How long the custodian waits for a film whose last byte has just come, every other job of it running beside. */
export const playableRows: Family = {
  rows: [
    {
      name: 'playable',
      goal: { of: 'ours', atMost: 3 },
      unit: 's',
      what: 'last byte of 1 GB H.264 sent → its first 60 s published, as a preview or as the rendition, and below a signed checkpoint, checksum and copies running beside',
    },
  ],
  short: 'a film of 300 MB instead of 1 GB',
  run: (options) =>
    inBureau(options, async (bureau) => {
      const path = join(bureau.directory, 'film.mp4')
      await makeFilm(path, options)
      const film = await footageOfFile(path)
      const token = await bureau.newDock()
      for (const name of ['sequencer', 'ingest', 'workers', 'transcode'] as const) await bureau.start(name)
      const rounds = await repeated(options.rounds, async () => {
        const times = await playOnce(bureau, token, film)
        options.say(textOf(times))
        return times
      })
      return {
        playable: { ours: rounds.map(({ playable }) => playable), theirs: null, note: rounds.map(textOf).join('; ') },
      }
    }),
}

/** Seconds after the last byte. */
interface Times {
  readonly sealed: number
  readonly begun: number
  readonly first: number
  readonly playable: number
  readonly whole: number
}

async function playOnce(bureau: Bureau, token: string, film: Footage): Promise<Times> {
  await settleDisk()
  const { id, lastByteMs } = await send(await announce(bureau, token, film), token, film)
  const since = () => (performance.now() - lastByteMs) / 1000
  const when = async (what: string, isTrue: (look: Look) => boolean): Promise<number> => {
    for (;;) {
      const look = await lookAt(bureau, id)
      if (isTrue(look)) return since()
      if (since() * 1000 > stepLimitMs) throw new Error(`after five minutes the film was not ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const sealed = await when('sealed', (look) => look.is_sealed)
  const begun = await when('begun', (look) => look.is_begun)
  const first = await when('published', (look) => look.film_ms > 0)
  const playable = await when('playable', (look) => look.film_ms >= wantedMs)
  const whole = await when('all there', (look) => look.is_ready && look.jobs === 0)
  for (const name of storeNames) await bureau.stack.stores[name].wipe()
  return { sealed, begun, first, playable, whole }
}

interface Look {
  readonly is_sealed: boolean
  readonly is_begun: boolean
  readonly is_ready: boolean
  /** Film that may be served, of the preview or the rendition: published, and its events below a signed checkpoint. */
  readonly film_ms: number
  readonly jobs: number
}

async function lookAt(bureau: Bureau, uploadId: string): Promise<Look> {
  const { rows } = await sql<Look>`
    with served as (
      select file.rendition_id, file.kind, file.duration_ms
      from upload
      join rendition on rendition.recording_id = upload.recording_id
      join rendition_file file on file.rendition_id = rendition.id
      join event on event.id = file.event_id
      where upload.id = ${uploadId} and event.leaf_index < (select max(size) from checkpoint)
    )
    select recording_id is not null as is_sealed,
      exists (select from rendition where rendition.recording_id = upload.recording_id) as is_begun,
      exists (select from rendition where rendition.recording_id = upload.recording_id and state = 'ready') as is_ready,
      coalesce((select max(film_ms) from (
        select sum(duration_ms) filter (where kind = 'segment')::bigint as film_ms from served
        group by rendition_id having bool_or(kind = 'init')) shown), 0) as film_ms,
      (select count(*) from job where subject_id = upload.recording_id and state = 'pending') as jobs
    from upload where id = ${uploadId}`.execute(bureau.db)
  return rows[0]!
}

function textOf(times: Times): string {
  const parts = Object.entries(times).map(([name, seconds]) => `${name} ${(seconds as number).toFixed(1)}`)
  return `${parts.join(', ')} s`
}
