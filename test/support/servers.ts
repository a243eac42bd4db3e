import { buildAccess } from '../../services/access/app.ts'
import type { AccessDeps } from '../../services/access/deps.ts'
import { defaultSignInRules } from '../../services/custody/people/sign-in.ts'
import { buildScreen } from '../../services/dock/screen/app.ts'
import type { ScreenModel } from '../../services/dock/screen/screen-model.ts'
import { systemClock } from '../../services/foundation/clock.ts'
import type { Server } from '../../services/foundation/http/server.ts'
import { openLog } from '../../services/foundation/log.ts'
import { buildIngest } from '../../services/ingest/app.ts'
import type { IngestDeps } from '../../services/ingest/deps.ts'
import { testSettings } from './ingest.ts'
import type { Teardown } from './stack.ts'

/** Every server of the product that documents its routes: for tests of what all of them have in common. */
export const serverNames = ['access', 'ingest', 'dock'] as const
export type ServerName = (typeof serverNames)[number]

/** All of them as a bureau runs them, without database and stores: they know their routes and answer no request. */
export async function buildServers(t: Teardown): Promise<Record<ServerName, Server>> {
  const log = openLog({ service: 'test', level: 'silent' })
  const shared = { clock: systemClock, log } as const
  const access = {
    ...shared,
    settings: {
      origin: 'https://access.test',
      signIn: defaultSignInRules,
      requestsPerMinuteMax: 1,
      signInsPerMinuteMax: 1,
      tls: null,
      ledger: { origin: 'log.test', verifierKey: null, vrfPublicKey: null, policy: null },
      witnessAgeMsMax: 1,
    },
  } as Partial<AccessDeps> as AccessDeps
  const ingest = { ...shared, settings: testSettings } as Partial<IngestDeps> as IngestDeps
  const servers = {
    access: await buildAccess(access, async () => ({})),
    ingest: await buildIngest(ingest),
    dock: await buildScreen({ model: {} as Partial<ScreenModel> as ScreenModel, log, page: [] }),
  }
  for (const server of Object.values(servers)) {
    await server.ready()
    t.teardown(() => server.close())
  }
  return servers
}
