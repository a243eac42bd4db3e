import t, { type Test } from 'tap'
import { routesOf } from '../../../services/foundation/http/server.ts'
import { openIngestWorld } from '../../support/ingest.ts'
import { buildServers, serverNames } from '../../support/servers.ts'
import { makeWitness, type OwnWitness } from '../../support/witness.ts'
import { openBureau } from '../access/bureau.ts'
import { callAccess } from './access-calls.ts'
import { type DocumentedServer, documentedServer } from './caller.ts'
import { disagreement } from './documented.ts'
import { callIngest } from './ingest-calls.ts'

/** They are for anyone, and take nothing that could be wrong. */
const neverRefused = [
  'GET /healthz',
  'GET /ledger/keys',
  'GET /readyz',
  'HEAD /ledger/keys',
  'OPTIONS /uploads',
  'OPTIONS /uploads/{id}',
]

t.test('every documented route of both servers answers as its document says', async (t) => {
  let witness: OwnWitness | null = null
  const bureau = await openBureau(t, {
    withoutSequencer: true,
    policy: async (log) => {
      witness = await makeWitness(t, log.verifierKeys)
      return `${witness.policyLines('legal')}quorum legal\n`
    },
  })
  const access = await documentedServer(t, bureau.base)
  await callAccess({ bureau, server: access, witness: witness!, folder: t.testdir({}) })
  const ingestWorld = await openIngestWorld(t, {}, { world: bureau.world, sequencer: false })
  const ingest = await documentedServer(t, ingestWorld.origin)
  await callIngest(ingestWorld, ingest)
  for (const server of [access, ingest]) {
    await callAsNobody(server)
    requireEverySeen(t, server)
  }
})

/** Who is asking is looked at before anything else: ids of nothing and no body do. */
async function callAsNobody(server: DocumentedServer): Promise<void> {
  for (const { name, isOpen } of server.operations.values()) {
    if (!isOpen) await server.call(null, name, 401)
  }
}

/** Every status of success that is documented was answered, and something was refused. */
function requireEverySeen(t: Test, { operations, seen }: DocumentedServer): void {
  for (const { name, answers } of operations.values()) {
    const statuses = seen(name)
    const successes = Object.keys(answers).filter((status) => status.startsWith('2'))
    t.ok(successes.length > 0, `${name}: a successful answer is documented`)
    const missing = successes.filter((status) => !statuses.includes(Number(status)))
    t.same(missing, [], `${name}: each was answered; add the call to access-calls.ts or ingest-calls.ts`)
    const refused = statuses.some((status) => status >= 400 && status < 500)
    t.equal(refused, !neverRefused.includes(name), `${name}: ${refused ? 'was' : 'was never'} refused`)
  }
}

t.test('what is not documented are pages and their files, which anyone may read', async (t) => {
  const servers = await buildServers(t)
  for (const name of serverNames) {
    const documented = new Set(
      Object.entries(servers[name].swagger().paths ?? {}).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      ),
    )
    t.ok(documented.size > 10)
    const hidden = routesOf(servers[name]).filter(
      ({ method, url }) => !documented.has(`${method} ${url.replace(/:(\w+)/g, '{$1}').replace('*', '{*}')}`),
    )
    for (const { method, url, access } of hidden) {
      t.match(
        `${method} ${url}`,
        /^(GET|HEAD) \/($|(openapi\.json|docs|watch|receipt)(\/|$))/,
        `${name}: ${method} ${url}`,
      )
      t.equal(access, 'anyone', `${name}: ${method} ${url}`)
    }
  }
})

t.test('an answer that is not as documented is named', async (t) => {
  const operation = {
    name: 'GET /tile',
    isOpen: true,
    answers: { 200: ['application/octet-stream'], 204: [], '4XX': ['application/json'] },
  }
  const differs = (status: number, type?: string, body = 'x') => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
    return disagreement(operation, new Response(null, { status, headers }), body.length)
  }
  t.equal(differs(200, 'application/octet-stream'), null)
  t.equal(differs(404, 'application/json; charset=utf-8'), null)
  t.equal(differs(204, undefined, ''), null)
  t.match(differs(200, 'text/plain'), /text\/plain is not documented/)
  t.match(differs(404, 'application/octet-stream'), /octet-stream is not documented/)
  t.match(differs(200), /no content type/)
  t.match(differs(204, 'application/json'), /an answer without a body/)
  t.match(differs(206, 'application/octet-stream'), /only 200, 204, 4XX are documented/)
})
