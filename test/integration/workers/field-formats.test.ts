import t from 'tap'
import { fieldCases } from '../../field/cases.ts'
import { openWorkshop } from '../../field/workshop.ts'
import { openWorld } from '../../support/world.ts'
import { never, worldHandlers } from './handlers.ts'
import { sealRecording } from './sealed.ts'

t.setTimeout(480_000)
const world = await openWorld(t)

/** Formats that become playable only because something stands before them, or because ffmpeg alone does not read them. */
const files = [
  'imkh-ps.mp4',
  'ts-cut-mid-packet.ts',
  'pen-zeros-then-mp3.mp3',
  'raw-annexb.264',
  'network-recorder.dav',
  'photo-turned.heic',
  'photo.avif',
]
for (const file of files) {
  t.test(`${file} becomes playable`, async (t) => {
    const { make, right } = fieldCases.find((one) => one.file === file)!
    const workshop = await openWorkshop(t.testdir())
    await make(workshop, file)
    const sealed = await sealRecording(world, await workshop.read(file))
    const { transcode } = await worldHandlers(t, world)
    await transcode(sealed.jobs.transcode, never)
    const renditions = world.db.selectFrom('rendition').select(['state', 'kind', 'reason'])
    const rows = await renditions.where('recording_id', '=', sealed.id).execute()
    t.match(rows, [{ state: 'ready', kind: right.kind, reason: null }])
  })
}
