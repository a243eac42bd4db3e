import { storeNames } from '../stack/state.ts'
import type { System } from '../system.ts'

/** The content of .demo/state.json: everything a person or a program needs to look around, secrets included. */
export function demoState(
  system: System,
  dock: { id: string; token: string; privateKeyPem: string; screen: string | null },
  accounts: readonly { role: string; name: string; displayName: string; password: string }[],
): unknown {
  const { stack } = system
  return {
    ingest: system.ingest,
    access: system.access,
    metrics: system.metrics.access,
    metricsByProcess: system.metrics,
    database: stack.postgres.urlFor('superuser', stack.postgres.database),
    redis: stack.redis.url,
    origin: system.origin,
    // The Ed25519 key, for tools that know no other; then all of them.
    verifierKey: system.verifierKeys.split(' ')[0],
    verifierKeys: system.verifierKeys.split(' '),
    vrfPublicKey: system.vrfPublicKey,
    // `screen`: of the docking station; null when own files were handed in without one.
    dock: { id: dock.id, token: dock.token, signingKey: dock.privateKeyPem, screen: dock.screen },
    accounts,
    stores: storeNames.map((name) => {
      const store = stack.stores[name]
      return {
        name,
        endpoint: store.endpoint,
        accessKey: store.rootAccessKey,
        secretKey: store.rootSecretKey,
        buckets: stack.buckets,
      }
    }),
    cliEnvironment: system.cliEnvironment,
  }
}
