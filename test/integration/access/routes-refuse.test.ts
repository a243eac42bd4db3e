import t from 'tap'
import { actingRoles } from '../../../services/custody/roles/permissions.ts'
import { type DeclaredRoute, routesOf } from '../../../services/foundation/http/server.ts'
import { openBureau, type Session } from './bureau.ts'
import { addFootage } from './footage.ts'

const nobodysId = '01900000-0000-7000-8000-000000000000'

t.test('each route is called by nobody and by each role, and answers as the table says', async (t) => {
  const bureau = await openBureau(t)
  const routes = routesOf(bureau.server).filter((route) => route.access !== 'anyone')
  t.ok(routes.length > 35, `${routes.length} routes`)
  const sessions = new Map<string, Session>()
  for (const role of actingRoles) sessions.set(role, await bureau.signIn(bureau.people[role]))

  for (const route of routes) {
    const name = `${route.method} ${route.url}`
    const { path, body } = requestOf(route)
    const nobody = await bureau.call(route.method, path, body)
    t.match(nobody, { status: 401, body: { error: { code: 'not_signed_in' } } }, `${name} by nobody`)
    for (const role of actingRoles) {
      // What ends a session is tried in one of its own.
      const endsSession = name === 'DELETE /session'
      const session = endsSession ? await bureau.signIn(bureau.people[role]) : sessions.get(role)!
      const answer = await session.call(route.method, path, body)
      if (route.access.includes(role)) {
        t.notOk([401, 403, 500].includes(answer.status), `${name} by ${role}: ${answer.status}`)
      } else {
        t.match(answer, { status: 403, body: { error: { code: 'wrong_role' } } }, `${name} by ${role}`)
      }
    }
  }
  const refusals = (await bureau.eventsOf('access.refused')).concat(await bureau.eventsOf('viewing.refused'))
  const byRole = refusals.filter((event) => event.details.reason === 'wrong_role').length
  const cells = routes.flatMap((route) => actingRoles.filter((role) => !route.access.includes(role)))
  t.equal(byRole, cells.length, 'each refusal by role is an event')
})

t.test('without signing in there is only what shows nothing of anybody', async (t) => {
  const bureau = await openBureau(t)
  const open = routesOf(bureau.server).filter((route) => route.access === 'anyone')
  const names = new Set(open.map((route) => `${route.method} ${route.url}`).filter((name) => !name.includes('/docs')))
  t.same([...names].sort(), [
    'GET /',
    'GET /checkpoint',
    'GET /checkpoint/witnessed',
    'GET /healthz',
    'GET /ledger/consistency',
    'GET /ledger/keys',
    'GET /ledger/proofs/:index',
    'GET /ledger/timestamps',
    'GET /ledger/timestamps/:size',
    'GET /ledger/timestamps/:size/:authority',
    'GET /openapi.json',
    'GET /readyz',
    'GET /receipt/hand-in.css',
    'GET /receipt/print.js',
    'GET /receipt/receipt.css',
    'GET /tile/*',
    'GET /watch',
    'GET /watch/amounts.js',
    'GET /watch/film-fragment.js',
    'GET /watch/film-gate.js',
    'GET /watch/film-loader.js',
    'GET /watch/film-pieces.js',
    'GET /watch/film-source.js',
    'GET /watch/film.js',
    'GET /watch/flag-words.js',
    'GET /watch/grants.js',
    'GET /watch/hls.js',
    'GET /watch/list.js',
    'GET /watch/notices.js',
    'GET /watch/player.js',
    'GET /watch/recorded.js',
    'GET /watch/rendition.js',
    'GET /watch/request.js',
    'GET /watch/skipped.js',
    'GET /watch/watch.css',
    'GET /watch/watch.js',
    'GET /watch/words.js',
    'HEAD /checkpoint',
    'HEAD /checkpoint/witnessed',
    'HEAD /ledger/keys',
    'HEAD /tile/*',
    'POST /session',
  ])
})

t.test(
  'promise 10: no route that the system administrator may call leads to footage or to what is known of it',
  async (t) => {
    const bureau = await openBureau(t)
    const routes = routesOf(bureau.server).filter(
      ({ access }) => access !== 'anyone' && access.includes('administrator'),
    )
    t.same(routes.map((route) => `${route.method} ${route.url}`).sort(), [
      'DELETE /session',
      'DELETE /settings/:key/proposals/:proposalId',
      // Docks, devices and counts: what was announced to be cleared and not closed, how a device and its clock stand.
      'GET /clearings/open',
      'GET /custodian',
      'GET /devices',
      'GET /devices/:serial',
      'GET /devices/:serial/checks',
      'GET /devices/:serial/clock',
      'GET /devices/:serial/history',
      'GET /dock-passes',
      'GET /docks',
      'GET /docks/enrolments',
      // Numbers by dock, and nobody's name.
      'GET /hand-ins/counts',
      'GET /ledger/state',
      'GET /ledger/timestamps/orders',
      'GET /people',
      'GET /people/openings',
      'GET /seats',
      'GET /session',
      'GET /settings',
      'GET /settings/:key/history',
      'GET /spares',
      'GET /storage',
      'POST /devices',
      'POST /devices/:serial/issue',
      'POST /devices/:serial/keeper',
      'POST /devices/:serial/loan',
      'POST /devices/:serial/loss',
      'POST /devices/:serial/repair',
      'POST /devices/:serial/retire',
      'POST /devices/:serial/return',
      'POST /devices/:serial/state',
      'POST /devices/:serial/taking-back',
      'POST /dock-passes',
      'POST /dock-passes/:passId/taking-back',
      'POST /docks',
      'POST /docks/:dockId/code-limit/lift',
      'POST /docks/:dockId/revoke',
      'POST /docks/enrolments',
      'POST /ledger/courier/exports',
      'POST /ledger/courier/imports',
      'POST /notices/:noticeId/seen',
      'POST /people',
      'POST /people/:personId/disable',
      'POST /people/:personId/password-reset',
      'POST /people/:personId/shutting',
      'POST /people/:personId/spare/confirmation',
      'POST /people/:personId/spare/opening',
      'POST /people/:personId/spare/opening-request',
      'POST /settings/:key/proposals',
      'PUT /session/password',
    ])

    const { recordingId } = await addFootage(bureau)
    const administrator = await bureau.signIn(bureau.people.administrator)
    t.equal((await administrator.call('GET', `/recordings/${recordingId}`)).status, 403)
    t.equal((await administrator.call('POST', `/recordings/${recordingId}/viewings`, { purpose: 'look' })).status, 403)
    const storage = await administrator.call('GET', '/storage')
    t.match(storage, { status: 200, body: { stores: [{ reachable: true }, { reachable: true }, { reachable: true }] } })
    t.notMatch(storage.bytes.toString(), recordingId)

    const officer = await bureau.signIn(bureau.people.officer)
    const party = await officer.call('POST', '/parties', { kind: 'shop', name: '红星便民超市' })
    const filed = { number: '综执检〔2026〕77号', title: '夜间占道检查', partyId: party.body.id, kind: 'inspection' }
    const officerIds = [bureau.people.officer.id, bureau.people.officer2.id]
    const opened = await officer.call('POST', '/cases', { ...filed, departments: ['综合执法局'], officerIds })
    t.equal(opened.status, 201)
    const secrets = [recordingId, party.body.id, opened.body.id, '红星便民超市', filed.number, filed.title]
    // The device that the footage is of.
    await administrator.call('POST', '/devices', { serial: 'ZJ00001', kind: 'recorder' })
    const reads = routes.filter(({ method }) => method === 'GET')
    t.ok(reads.length >= 8)
    for (const route of reads) {
      const ofDevice = route.url.includes(':serial') ? route.url.replace(':serial', 'ZJ00001') : null
      const answer = await administrator.call('GET', ofDevice ?? requestOf(route).path)
      t.equal(answer.status, 200, route.url)
      const told = answer.bytes.toString()
      for (const secret of secrets) t.notOk(told.includes(secret), `${route.url} does not tell ${secret}`)
    }
  },
)

t.test('what is another’s does not exist for an officer, and asking for it is an event', async (t) => {
  const bureau = await openBureau(t)
  const { officer, officer2, custodian } = bureau.people
  const own = await addFootage(bureau, { officerId: officer.id })
  const others = await addFootage(bureau, { officerId: officer2.id })
  const session = await bureau.signIn(officer)
  t.equal((await session.call('GET', `/recordings/${own.recordingId}`)).status, 200)
  const foreign = await session.call('GET', `/recordings/${others.recordingId}`)
  const missing = await session.call('GET', `/recordings/${nobodysId}`)
  t.equal(foreign.status, 404)
  t.equal(missing.status, 404)
  const withoutId = (text: string) => text.replace(/[0-9a-f-]{36}/g, 'ID')
  t.equal(withoutId(foreign.bytes.toString()), withoutId(missing.bytes.toString()), 'both answers read the same')
  const refused = await bureau.eventsOf('access.refused')
  t.match(refused, [
    { actor: officer.id, details: { reason: 'not_own', what: 'recording' } },
    { details: { reason: 'unknown' } },
  ])
  t.ok(refused[0]?.subjects.includes(`recording:${others.recordingId}`))
  const listed = await session.call('GET', '/recordings')
  t.same(
    listed.body.recordings.map((one: { id: string }) => one.id),
    [own.recordingId],
  )
  const attach = { caseId: nobodysId, stage: 'investigation', officerIds: [officer.id, officer2.id] }
  t.equal((await session.call('POST', `/recordings/${others.recordingId}/cases`, attach)).status, 404)
  t.equal(
    (await session.call('POST', `/recordings/${own.recordingId}/viewings`, { purpose: '看看自己的' })).status,
    403,
  )

  const keeper = await bureau.signIn(custodian)
  t.equal((await keeper.call('GET', '/recordings')).body.recordings.length, 2)
})

/** A request that a route accepts as far as its role is concerned: ids of nothing, an empty body. */
function requestOf(route: DeclaredRoute): { path: string; body: unknown } {
  const path = route.url
    .replace(':serial', 'NONE001')
    .replace(':number', '0')
    .replace(':key', 'account.new_days')
    .replace(/:\w+Id/g, nobodysId)
  return { path, body: ['POST', 'PUT'].includes(route.method) ? {} : undefined }
}
