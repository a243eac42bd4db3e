// A thread of vrf-prover.ts: proves one subject after another. An error ends the thread, and the prover reports it.

import { parentPort, workerData } from 'node:worker_threads'
import { vrfProve } from '../../format/vrf.ts'

const { vrfSecretKey } = workerData as { vrfSecretKey: Uint8Array }
const port = parentPort!
port.on('message', (subject: string) => {
  const { output, proof } = vrfProve(vrfSecretKey, Buffer.from(subject, 'utf8'))
  // Copies, because a Buffer may be part of a pool of 8 KiB, which would be sent as a whole.
  port.postMessage({ secret: Uint8Array.from(output), proof: Uint8Array.from(proof) })
})
