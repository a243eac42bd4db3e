import { Type } from 'typebox'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { listThirdSignatures, thirdStates } from '../../custody/signing/shown-third.ts'
import { thirdSignedActs } from '../../custody/signing/third-matter.ts'
import { addThirdSignature, decideThirdSignature } from '../../custody/signing/third-signature.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Id, NoContent, Null, Someone, Time, Words } from '../schemas.ts'

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Third = Type.Object({
  id: Id,
  act: Type.String(),
  name: Type.String(),
  office: Type.String(),
  state: Type.Enum([...thirdStates]),
  scanSha256: Sha256,
  addedBy: Someone,
  addedAt: Time,
  confirmBy: Time,
})

/** Signatures of other offices under acts whose own two names do not count as two. */
export function thirdSignatureRoutes(server: Server, { db, clock }: AccessDeps): void {
  server.get(
    '/signatures/third',
    {
      config: { access: rolesThatMay('third_signature.add', 'third_signature.confirm'), event: null },
      schema: {
        summary: 'Third signatures, the last added first, and whether an auditor has confirmed them',
        response: { 200: Type.Object({ signatures: Type.Array(Third) }) },
      },
    },
    async () => ({
      signatures: (await listThirdSignatures(db)).map((one) => ({ ...one, addedAt: one.addedAt.toISOString() })),
    }),
  )

  server.post(
    '/signatures/third',
    {
      config: { access: rolesThatMay('third_signature.add'), event: 'signature.third_added' },
      schema: {
        summary: 'Add, by the digest of its scan, a sheet that somebody of another office signed by hand',
        description:
          'It counts at once for an act whose names are not enough, unless another sheet of the matter was refused or ran out, and is to be confirmed by an auditor by `confirmBy`. ' +
          'It is added by somebody who does not sign the act, and signed by nobody who does. ' +
          '`subjectId`: the package, the recording, the outgoing custodian, the device by its serial, the dock, the setting, the deputy, or the person whose account it is; ' +
          '`matter`: the proposal, the supplied film, the hand-over, the change of a keeper, the deputyship, or the spare code.',
        body: Type.Object({
          act: Type.Enum([...thirdSignedActs]),
          subjectId: Words(64),
          matter: Type.Optional(Null(Id)),
          name: Words(64),
          office: Words(100),
          scanSha256: Sha256,
        }),
        response: { 201: Type.Object({ id: Id, putUpSha256: Sha256, confirmBy: Time }) },
      },
    },
    async (request, reply) => {
      const { act, subjectId, matter = null, ...paper } = request.body
      const added = { act, matter: { subjectId, memberValue: matter }, paper }
      const { confirmBy, ...done } = await addThirdSignature(db, clock, callerOf(request), added)
      return reply.code(201).send({ ...done, confirmBy: confirmBy.toISOString() })
    },
  )

  server.post(
    '/signatures/third/:thirdId/decision',
    {
      config: { access: rolesThatMay('third_signature.confirm'), event: 'signature.third_confirmed' },
      schema: {
        summary: 'Confirm that the sheet is there and signed by whom it says, or say that it is not so',
        params: Type.Object({ thirdId: Id }),
        body: Type.Object({ confirm: Type.Boolean(), reason: Type.Optional(Null(Words(500, 2))) }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      const { confirm, reason = null } = request.body
      await decideThirdSignature(db, clock, callerOf(request), { id: request.params.thirdId, confirm, reason })
      return reply.code(204).send(null)
    },
  )
}
