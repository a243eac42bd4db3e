import { randomBytes } from 'node:crypto'
import { Upload } from 'tus-js-client'
import { sha256 } from '../../../services/foundation/hash.ts'
import { openProxy } from '../../support/proxy.ts'
import { type Bureau, inBureau } from '../bureau.ts'
import { openHandIn, untilSealed } from '../dock.ts'
import type { Family } from '../family.ts'
import { repeated } from '../harness.ts'

const megabyte = 1e6
const cutEveryBytes = 6 * megabyte
/** A good mobile line. A machine that talks to itself would have megabytes under way that no real line holds. */
const lineBytesPerSecond = 8 * megabyte
const fullBytes = 120 * megabyte
const shortBytes = 48 * megabyte

/** A client that others wrote, as it comes, over a line that breaks again and again. */
export const weakLineRows: Family = {
  rows: [
    {
      name: 'ingest/weak-line',
      goal: { of: 'ratio', atMost: 1.2 },
      unit: 'MB',
      what: 'bytes that tus-js-client with its defaults sends ÷ size of the file, over a line that is cut every 6 MB',
    },
  ],
  short: '48 MB instead of 120 MB',
  run: (options) =>
    inBureau(options, async (bureau) => {
      const file = randomBytes(options.isShort ? shortBytes : fullBytes)
      await bureau.start('sequencer')
      await bureau.start('ingest')
      const token = await bureau.newDock()
      const rounds = await repeated(options.rounds, async () => {
        const sent = await sendOverWeakLine(bureau, token, file)
        await bureau.stack.stores.primary.wipe()
        options.say(`${(sent.bytes / megabyte).toFixed(1)} MB sent, ${sent.cuts} cuts`)
        return sent
      })
      return {
        'ingest/weak-line': {
          ours: rounds.map(({ bytes }) => bytes / megabyte),
          theirs: rounds.map(() => file.length / megabyte),
          note: `${rounds.map(({ cuts }) => cuts).join(', ')} cuts`,
        },
      }
    }),
}

/** Uploads the file until it is sealed; returns the bytes that the client sent, heads of requests included. */
async function sendOverWeakLine(bureau: Bureau, token: string, file: Buffer): Promise<{ bytes: number; cuts: number }> {
  const line = await openProxy({ teardown: () => undefined }, bureau.ingest())
  try {
    line.cutEvery(cutEveryBytes)
    line.slowTo(lineBytesPerSecond)
    await sealedBy(bureau, await uploadOver(line.origin, token, await announced(bureau, token, file)))
    return { bytes: line.bytesFromClients(), cuts: line.cuts() }
  } finally {
    await line.close()
  }
}

async function announced(bureau: Bureau, token: string, file: Buffer) {
  const facts = { serial: await bureau.newDevice(), sha256: sha256(file).toString('hex') }
  const handIn = await openHandIn(bureau, token, { ...facts, name: 'BENCH.MP4', bytes: file.length })
  return { metadata: { ...facts, filename: 'BENCH.MP4', handIn }, file }
}

/** Returns the upload's address. @throws the client's last error when it gives up */
function uploadOver(
  origin: string,
  token: string,
  { metadata, file }: { metadata: Record<string, string>; file: Buffer },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: `${origin}/uploads`,
      headers: { authorization: `Bearer ${token}` },
      metadata,
      onError: reject,
      onSuccess: () => resolve(upload.url ?? ''),
    })
    upload.start()
  })
}

async function sealedBy(bureau: Bureau, address: string): Promise<void> {
  await untilSealed(bureau, [new URL(address).pathname.split('/').at(-1)!])
}
