import { buildVerifier } from '../../../services/verifier/build.mjs'
import { InstallFailure } from './progress.mjs'

/** What outsiders verify with (services/verifier/dist), when it is absent or older than its sources. Takes a second. */
export async function installVerifier() {
  try {
    await buildVerifier({ ifStale: true })
  } catch (cause) {
    throw new InstallFailure(`the offline verifier could not be built: ${cause.message}`)
  }
}
