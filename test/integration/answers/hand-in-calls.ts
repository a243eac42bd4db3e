import { explainAtDock } from '../../../services/custody/hand-ins/explanations.ts'
import { dockDevice, findGap } from '../access/docked.ts'
import type { Desk } from './desk.ts'

/** Of the officer, who shows it at a dock where the routes of ingest are called. */
export const releasedCard = '0004829113'

/** What people see and say of what docks hand in. */
export async function callHandIns(desk: Desk): Promise<void> {
  await callDockPasses(desk)
  await callRosters(desk)
  const { bureau, by } = desk
  const serial = 'ZJ09995'
  await by('administrator', 'POST /devices', 201, { body: { serial, kind: 'recorder' } })
  const docked = await dockDevice(bureau.world, {
    ...{ serial, user: { person: bureau.people.officer.id, grade: 'confirmed' } },
  })
  const one = { with: { handInId: docked.handInId } }
  await by('officer', 'GET /hand-ins', 200)
  await by('administrator', 'GET /hand-ins', 403)
  await by('administrator', 'GET /hand-ins/counts', 200)
  await by('officer', 'GET /hand-ins/counts', 403)
  await by('officer', 'GET /hand-ins/{handInId}', 200, one)
  await by('officer2', 'GET /hand-ins/{handInId}', 404, one)
  await by('officer', 'GET /hand-ins/{handInId}/receipt.html', 200, one)
  await by('officer2', 'GET /hand-ins/{handInId}/receipt.html', 404, one)
  await callGaps(desk, docked)
  await callCorrections(desk, docked.handInId)
}

async function callDockPasses({ bureau, by }: Desk): Promise<void> {
  const personId = bureau.people.officer.id
  const card = { body: { personId, means: 'card', card: releasedCard } }
  const { id } = (await by('administrator', 'POST /dock-passes', 201, card)).body
  await by('administrator', 'POST /dock-passes', 409, card)
  const list = { confirmed: true, items: [{ act: 'dock_pass.released', id, proposalId: id }] }
  const shown = await by('supervisor', 'POST /signatures/lists', 200, { query: 'preview=true', body: list })
  await by('supervisor', 'POST /signatures/lists', 201, { body: { ...list, sha256: shown.body.sha256 } })
  const code = { body: { personId, means: 'code' } }
  const { id: passId } = (await by('administrator', 'POST /dock-passes', 201, code)).body
  await by('auditor', 'GET /dock-passes', 200)
  const back = { with: { passId }, body: { reason: '调离' } }
  await by('administrator', 'POST /dock-passes/{passId}/taking-back', 204, back)
  await by('administrator', 'POST /dock-passes/{passId}/taking-back', 409, back)
}

async function callRosters({ by }: Desk): Promise<void> {
  const csv = 'person,device,day,from,to\nofficer,,2026-12-01,08:30,17:30'
  await by('supervisor', 'POST /rosters', 200, { body: { csv } })
  await by('supervisor', 'POST /rosters', 400, { body: { csv: 'a,b' } })
  await by('custodian', 'GET /rosters', 200)
}

async function callGaps({ bureau, by }: Desk, docked: Awaited<ReturnType<typeof dockDevice>>): Promise<void> {
  const { world, people } = bureau
  const gapId = await findGap(world, docked)
  const claimed = { personId: people.officer.id, grade: 'slot' } as const
  const said = { reason: 'battery', words: null, by: claimed, saidAt: '2026-11-28T18:02:11+08:00' } as const
  const { handInId, dock } = docked
  const explanation = { ...said, handInId, messageId: 'm-1', dockGapId: 'gap-1' }
  await explainAtDock(world.dbFor('ingest'), world.clock, { id: dock.id, role: 'dock' }, explanation)
  const { gaps } = (await by('officer', 'GET /gaps', 200)).body
  const confirmation = 'POST /gaps/{gapId}/explanations/{explanationId}/confirmation'
  const own = { with: { gapId, explanationId: gaps[0].explanations[0].id }, body: { isOwn: false } }
  await by('officer', confirmation, 204, own)
  await by('officer', confirmation, 409, own)
  const decision = { with: { gapId }, body: { accept: true } }
  await by('custodian', 'POST /gaps/{gapId}/decision', 409, decision)
  const explaining = { with: { gapId }, body: { reason: 'battery', words: '电量耗尽' } }
  await by('officer2', 'POST /gaps/{gapId}/explanations', 404, explaining)
  await by('officer', 'POST /gaps/{gapId}/explanations', 201, explaining)
  await by('custodian', 'POST /gaps/{gapId}/decision', 204, decision)
}

async function callCorrections({ bureau, by }: Desk, handInId: string): Promise<void> {
  const path = 'POST /hand-ins/{handInId}/corrections'
  const asked = { with: { handInId }, body: { userId: bureau.people.officer2.id, reason: '当班使用人有误' } }
  const { id: correctionId } = (await by('custodian', path, 201, asked)).body
  await by('custodian', path, 409, asked)
  const decision = { with: { handInId, correctionId }, body: { confirm: true } }
  await by('supervisor', `${path}/{correctionId}/decision`, 204, decision)
  await by('supervisor', `${path}/{correctionId}/decision`, 404, decision)
}
