import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signatureTypes } from '../../services/ledger/format/keys.ts'
import { generateSignerKey, type NoteSigner, parseSignerKey } from '../../services/ledger/format/note.ts'
import { signCheckpoint } from '../../services/ledger/format/signed-checkpoint.ts'
import { vrfGenerateKey, vrfPublicKey } from '../../services/ledger/format/vrf.ts'
import { openHeadFile } from '../../services/ledger/log/head.ts'
import { runSequencer } from '../../services/ledger/log/sequencer.ts'
import type { World } from './world.ts'

export interface TestLog {
  readonly origin: string
  /** PRIVATE+KEY texts, for a process that reads them from files. */
  readonly signerKey: string
  readonly mlDsaSignerKey: string
  readonly signer: NoteSigner
  readonly mlDsaSigner: NoteSigner
  /** That of the Ed25519 key alone. */
  readonly verifierKey: string
  /** Both, as the setting LEDGER_VERIFIER_KEY holds them. */
  readonly verifierKeys: string
  readonly vrfSecretKey: Buffer
  readonly vrfPublicKey: Buffer
  readonly headPath: string
  /** A checkpoint of any tree, signed by both keys. */
  sign(tree: { size: number; root: Uint8Array }): string
}

/** Fresh keys and an empty head for a log of its own. The folder goes with the test. */
export async function makeTestLog(t: { teardown(run: () => unknown): unknown }): Promise<TestLog> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-log-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const origin = 'ledger.test/custody'
  const { signerKey, verifierKey } = generateSignerKey(origin)
  const mlDsa = generateSignerKey(origin, signatureTypes.cosignatureMlDsa44)
  const vrfSecretKey = vrfGenerateKey()
  const [signer, mlDsaSigner] = [parseSignerKey(signerKey), parseSignerKey(mlDsa.signerKey)]
  return {
    origin,
    signerKey,
    mlDsaSignerKey: mlDsa.signerKey,
    signer,
    mlDsaSigner,
    sign: (tree) =>
      signCheckpoint({ origin, ...tree }, signer, { signer: mlDsaSigner, timestampSeconds: 1_790_000_000 }),
    verifierKey,
    verifierKeys: `${verifierKey} ${mlDsa.verifierKey}`,
    vrfSecretKey,
    vrfPublicKey: Buffer.from(vrfPublicKey(vrfSecretKey)),
    headPath: join(folder, 'head.json'),
  }
}

/** Runs the sequencer of `log` over the world's database until the returned function is called (or the test ends). */
export function startSequencer(world: World, log: TestLog): () => Promise<void> {
  const stopper = new AbortController()
  const ended = runSequencer(
    {
      db: world.db,
      notices: world.notices,
      signer: log.signer,
      mlDsaSigner: log.mlDsaSigner,
      vrfSecretKey: log.vrfSecretKey,
      head: openHeadFile(log.headPath, log.origin),
      clock: world.clock,
      log: world.log,
    },
    stopper.signal,
  )
  // A fork must fail the test that caused it, at its stop, not the process now.
  ended.catch(() => undefined)
  return async () => {
    stopper.abort()
    await ended
  }
}
