import { rm } from 'node:fs/promises'
import type { Test } from 'tap'
import { openHandIn, uploadState } from '../../deploy/local/demo/dock-client.ts'
import type { RunningBureau } from '../support/bureau.ts'
import { openProxy } from '../support/proxy.ts'
import { uploadThroughCuts, writeNoise } from '../support/upload-through-cuts.ts'
import { until } from '../support/world.ts'

// `UPLOAD_MIB=1024` uploads a whole GiB; the rows ingest/… of `npm run proofs` measure files of that size.
const bytes = Number(process.env.UPLOAD_MIB ?? 96) * 1024 * 1024
const cuts = 10

export async function uploadsThroughCuts(t: Test, bureau: RunningBureau): Promise<void> {
  const proxy = await openProxy(t, bureau.system.ingest)
  const path = `${bureau.system.directory}/large.mp4`
  t.teardown(() => rm(path, { force: true }))
  const sha256 = await writeNoise(path, bytes)
  const { id: handIn } = await openHandIn(bureau.system.ingest, bureau.dock, {
    ...{ serial: 'ZJ00001', openedAt: new Date().toISOString(), clockOffsetMs: 0, origin: null, user: null },
    files: [{ name: Buffer.from('large.mp4').toString('base64'), bytes, sha256, deviceTime: null, mark: false }],
  })
  const { token } = bureau.dock
  const uploadId = await uploadThroughCuts(proxy, path, { token, handIn, sha256, bytes, cuts })
  t.equal(proxy.cuts(), cuts)

  const state = await until(async () => {
    const now = await uploadState(bureau.system.ingest, bureau.dock, uploadId)
    return now.recordingId ? now : null
  })
  t.equal(state.state, 'sealed')
  t.equal(await bureau.secured(uploadId, 200_000), state.recordingId)
  const view = await bureau.people.custodian!.request<{ sha256: string; sm3: string | null }>(
    'GET',
    `/recordings/${state.recordingId}`,
  )
  t.equal(view.sha256, sha256)
  t.match(view.sm3, /^[0-9a-f]{64}$/)
}
