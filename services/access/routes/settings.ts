import { Type } from 'typebox'
import { decideSetting } from '../../custody/bureau/setting-decision.ts'
import { listSettings, type ShownVersion, settingHistory } from '../../custody/bureau/setting-list.ts'
import { previewSetting, proposeSetting, withdrawSetting } from '../../custody/bureau/setting-proposal.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { settingStates } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import type { JsonValue } from '../../ledger/format/canonical.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Beginning, beginningOf, Id, NoContent, Null, SameSeat, Someone, Time, Words } from '../schemas.ts'

const key = Type.String({ maxLength: 100, description: 'as `GET /settings` lists it' })
const proposalParams = Type.Object({ key, proposalId: Id })
const SettingValue = Type.Unsafe<JsonValue>(Type.Unknown({ description: 'of the shape that the setting has' }))
const BothLanguages = Type.Object({ zh: Type.String(), en: Type.String() })
const Effect = Type.Array(BothLanguages, { description: 'what the change does, a sentence each' })

const Version = Type.Object({
  id: Id,
  value: SettingValue,
  source: Type.String({ description: 'the rule or decision that says so' }),
  validFrom: Time,
  state: Type.Enum([...settingStates]),
  proposedBy: Someone,
  proposedAt: Time,
  decidedBy: Null(Someone),
  decidedAt: Null(Time),
})

const Setting = Type.Object({
  key: Type.String(),
  name: BothLanguages,
  value: SettingValue,
  standard: SettingValue,
  current: Null(Version),
  coming: Type.Array(Version),
  open: Null(Type.Object({ ...Version.properties, effect: Effect })),
})

const Proposal = Type.Object({
  value: SettingValue,
  source: Words(1000, 4),
  validFrom: Type.Optional(Null(Beginning)),
})

/** What the bureau sets for itself: everybody with an office proposes, supervisor or auditor decides. */
export function settingRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  const read = rolesThatMay('setting.read')
  const propose = rolesThatMay('setting.propose')
  server.get(
    '/settings',
    {
      config: { access: read, event: null },
      schema: {
        summary: 'Every setting: its value, what comes, and the open proposal with what it would do',
        response: { 200: Type.Object({ settings: Type.Array(Setting) }) },
      },
    },
    async () => ({
      settings: (await listSettings(db, clock.now())).map((setting) => ({
        ...setting,
        current: setting.current && spelled(setting.current),
        coming: setting.coming.map(spelled),
        open: setting.open && { ...spelled(setting.open), effect: [...setting.open.effect] },
      })),
    }),
  )

  server.get(
    '/settings/:key/history',
    {
      config: { access: read, event: null },
      schema: {
        summary: 'Every version of a setting that was ever proposed, the last first',
        params: Type.Object({ key }),
        response: { 200: Type.Object({ versions: Type.Array(Version) }) },
      },
    },
    async (request) => ({ versions: (await settingHistory(db, request.params.key)).map(spelled) }),
  )

  server.post(
    '/settings/:key/proposals',
    {
      config: { access: propose, event: 'setting.proposed' },
      schema: {
        summary: 'Propose another value; with `preview` only says what it would do',
        description: 'Without `validFrom` it holds as soon as it is accepted.',
        params: Type.Object({ key }),
        querystring: Type.Object({ preview: Type.Optional(Type.Boolean()) }),
        body: Proposal,
        response: { 200: Type.Object({ effect: Effect }), 201: Type.Object({ id: Id, effect: Effect }) },
      },
    },
    async (request, reply) => {
      const { value, source, validFrom } = request.body
      const proposal = {
        key: request.params.key,
        value,
        source,
        validFrom: validFrom ? beginningOf('validFrom', validFrom) : null,
      }
      if (request.query.preview) return reply.code(200).send({ effect: await previewSetting(db, clock, proposal) })
      return reply.code(201).send(await proposeSetting(db, clock, callerOf(request), proposal))
    },
  )

  server.post(
    '/settings/:key/proposals/:proposalId/decision',
    {
      config: { access: rolesThatMay('setting.decide'), event: 'setting.changed' },
      schema: {
        summary: 'Accept or refuse a proposal of somebody else',
        params: proposalParams,
        body: Type.Object({ accept: Type.Boolean(), reason: Type.Optional(Words(1000, 2)) }),
        response: {
          200: Type.Object({ state: Type.Enum(['accepted', 'refused']), validFrom: Time, sameSeat: SameSeat }),
        },
      },
    },
    async (request) => {
      const { key, proposalId: id } = request.params
      const { accept, reason = null } = request.body
      const decided = await decideSetting(db, clock, callerOf(request), { key, id, accept, reason })
      return { ...decided, validFrom: decided.validFrom.toISOString() }
    },
  )

  server.delete(
    '/settings/:key/proposals/:proposalId',
    {
      config: { access: propose, event: 'setting.withdrawn' },
      schema: { summary: 'Withdraw one’s own proposal', params: proposalParams, response: NoContent },
    },
    async (request, reply) => {
      const { key, proposalId: id } = request.params
      await withdrawSetting(db, clock, callerOf(request), { key, id })
      return reply.code(204).send(null)
    },
  )
}

function spelled(version: ShownVersion) {
  return {
    ...version,
    validFrom: version.validFrom.toISOString(),
    proposedAt: version.proposedAt.toISOString(),
    decidedAt: version.decidedAt?.toISOString() ?? null,
  }
}
