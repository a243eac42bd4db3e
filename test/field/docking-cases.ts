import { Upload } from 'tus-js-client'
import type { DetailsOf } from '../../services/custody/events/kinds.ts'
import { detailsOf } from '../integration/workers/sealed.ts'
import {
  createUpload,
  footage,
  hex,
  type IngestWorld,
  openTestHandIn,
  patch,
  requireSealed,
  stateOf,
} from '../support/ingest.ts'
import { openProxy } from '../support/proxy.ts'
import type { Teardown } from '../support/stack.ts'
import { namesToDock, timesToDock } from './names-and-times.ts'

/** A case about docking itself: what is right, and what was found when it was tried. */
export interface DockingCase {
  readonly id: string
  readonly file: string
  readonly situation: string
  readonly right: string
  readonly find: (t: Teardown, ingest: IngestWorld) => Promise<string>
}

const weakLine: DockingCase = {
  id: 'F1',
  file: '14 MB by tus',
  situation: 'The line breaks after every 6 MB, and the dock uses tus-js-client as it comes.',
  right: 'arrives whole',
  find: sendOverWeakLine,
}

/** Everything of the list that has no input of its own: weak lines, names and times. */
export const dockingCases: readonly DockingCase[] = [
  weakLine,
  ...namesToDock.map(({ id, situation, bytes, shown }) => ({
    ...{ id, file: bytes.toString('hex'), situation, right: shown },
    find: async (_t: Teardown, ingest: IngestWorld) => (await dock(ingest, { filename: bytes })).name.text ?? '',
  })),
  ...timesToDock.map(({ id, situation, deviceTime, kept, flag }) => ({
    ...{ id, file: deviceTime ?? 'no device time', situation, right: timeText(deviceTime, kept, flag) },
    find: async (_t: Teardown, ingest: IngestWorld) => {
      const details = await dock(ingest, deviceTime === null ? {} : { deviceTime })
      const clockFlags = details.flags.filter((one) => one === 'no_such_time' || one === 'clock_implausible')
      return timeText(details.deviceTimeText ?? null, details.deviceTime, clockFlags[0] ?? null)
    },
  })),
]

/** The time as the dock said it, what is kept of it as a time, and what is said of it. */
function timeText(said: string | null, kept: string | null, flag: string | null): string {
  const time = kept === null ? 'unknown' : new Date(kept).toISOString()
  return [time, ...(said === null ? [] : [`said ${said}`]), ...(flag === null ? [] : [flag])].join('; ')
}

/** Docks a small file with these facts, and returns what the ledger says of it. */
async function dock(
  ingest: IngestWorld,
  values: Record<string, string | Buffer>,
): Promise<DetailsOf<'recording.sealed'>> {
  // The same bytes again would be a duplicate.
  const bytes = footage(1000, JSON.stringify(Object.values(values).map(String)))
  const path = await createUpload(ingest, bytes.length, { filename: 'a.mp4', sha256: hex(bytes), ...values })
  const { status } = await patch(ingest, path, 0, bytes)
  if (status !== 204) throw new Error(`PATCH gave ${status}`)
  const id = await ingest.until(async () => (await stateOf(ingest, path)).recordingId as string | null)
  const [details] = (await detailsOf(ingest, id, 'recording.sealed')) as unknown as DetailsOf<'recording.sealed'>[]
  return details!
}

async function sendOverWeakLine(t: Teardown, ingest: IngestWorld): Promise<string> {
  const proxy = await openProxy(t, ingest.origin)
  proxy.cutEvery(6_000_000)
  const file = footage(14_000_000, 'weak line')
  const handIn = await openTestHandIn(ingest, {
    serial: 'DSJ0001',
    files: [{ name: Buffer.from('weak-line.mp4').toString('base64'), bytes: file.length }],
  })
  const url = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: `${proxy.origin}/uploads`,
      headers: { authorization: `Bearer ${ingest.dock.token}` },
      metadata: { serial: 'DSJ0001', filename: 'weak-line.mp4', sha256: hex(file), handIn },
      onError: reject,
      onSuccess: () => resolve(upload.url ?? ''),
    })
    upload.start()
  })
  if (proxy.cuts() < 2) return `arrives, but the line broke ${proxy.cuts()} times only`
  await requireSealed(unlessUnlike, ingest, new URL(url).pathname, file)
  return 'arrives whole'
}

const unlessUnlike = {
  match: (found: unknown, wanted: object) => {
    for (const [name, value] of Object.entries(wanted)) {
      unlessUnlike.equal((found as Record<string, unknown>)[name], value, name)
    }
  },
  equal: (found: unknown, wanted: unknown, why: string) => {
    if (found !== wanted) throw new Error(`${why}: ${found}, not ${wanted}`)
  },
}
