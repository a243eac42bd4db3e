import { randomBytes } from 'node:crypto'
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../custody/events/actor.ts'
import type { RouteRefusal } from '../custody/events/words.ts'
import { recordingState } from '../custody/intake/recording.ts'
import { identify, type SignedIn } from '../custody/people/session.ts'
import { recordRefusal } from '../custody/roles/refusal.ts'
import { recordingOfViewing } from '../custody/viewing/lease.ts'
import { Fault } from '../foundation/errors.ts'
import { sha256 } from '../foundation/hash.ts'
import type { Principal } from '../foundation/http/server.ts'
import { isId } from '../foundation/id.ts'
import type { Subject } from '../ledger/log/append.ts'
import type { AccessDeps, AccessSettings } from './deps.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** May be called while the first password still has to be changed. */
    beforePasswordChange?: boolean
    /** Ends something, and so goes on while the ledger is behind. */
    whileLedgerIsBehind?: boolean
    /** Its body is a film, which takes as long to arrive as it takes. */
    takesLong?: boolean
  }
  interface FastifyRequest {
    signedIn: SignedIn | null
  }
}

/** `__Host-`: browsers take such a cookie only over https, from this host itself and for its whole. */
export function cookieName(settings: Pick<AccessSettings, 'origin'>): string {
  return isSecure(settings) ? '__Host-custody_session' : 'custody_session'
}

/** The cookie by which a browser is known again, whoever signs in from it; it opens nothing. */
function markName(settings: Pick<AccessSettings, 'origin'>): string {
  return isSecure(settings) ? '__Host-custody_browser' : 'custody_browser'
}

/** As long as browsers keep a cookie at most. */
const markDays = 400

/**
 * The mark of the browser that is signing in, which is given one when it has none; null for a program, which keeps no
 * cookies: browsers alone say by Origin whose page sent a request. Answers what is stored of it, SHA-256.
 */
export function markBrowser(settings: AccessSettings, request: FastifyRequest, reply: FastifyReply): Buffer | null {
  if (request.headers.origin === undefined) return null
  const known = request.server.parseCookie(request.headers.cookie ?? '')[markName(settings)]
  const mark = known && /^[A-Za-z0-9_-]{43}$/.test(known) ? known : randomBytes(32).toString('base64url')
  reply.setCookie(markName(settings), mark, { ...cookieOptions(settings), maxAge: markDays * 24 * 60 * 60 })
  return sha256(mark)
}

/** How a browser is to keep its session: no script reads it, no other site sends it along. */
export function cookieOptions(settings: Pick<AccessSettings, 'origin'>): CookieSerializeOptions {
  return { httpOnly: true, sameSite: 'strict', secure: isSecure(settings), path: '/' }
}

function isSecure(settings: Pick<AccessSettings, 'origin'>): boolean {
  return settings.origin.startsWith('https:')
}

/**
 * Who is asking: by `Authorization: Bearer` (command line) or by cookie (browsers). With a cookie, whatever changes
 * something must say by its Origin that it comes from our own page.
 *
 * @throws wrong_origin; password_change_required while the first password stands; not_signed_in for a session that ended.
 */
export async function authenticate(deps: AccessDeps, request: FastifyRequest): Promise<Principal | null> {
  const presented = presentedToken(deps.settings, request)
  if (!presented) return null
  if (presented.by === 'cookie') requireOwnOrigin(deps.settings, request)
  const signedIn = await identify(deps.db, deps.clock, presented.token, deps.settings.signIn)
  request.signedIn = signedIn
  if (!signedIn) return null
  const { id, name, actingRole: role, sessionHash } = signedIn
  const place = signedIn.onBehalfOf && { onBehalfOf: signedIn.onBehalfOf.id }
  if (signedIn.mustChangePassword && !request.routeOptions.config.beforePasswordChange) {
    const fault = new Fault('password_change_required', 'the first password must be changed before anything else')
    await recordRouteRefusal(deps, request, { id, role, ...place }, 'password_change_required')
    throw fault
  }
  return { id, role, name, sessionHash, ...place }
}

function presentedToken(
  settings: AccessSettings,
  request: FastifyRequest,
): { token: string; by: 'bearer' | 'cookie' } | null {
  const { authorization, cookie } = request.headers
  const bearer = /^Bearer ([A-Za-z0-9_-]{43})$/.exec(authorization ?? '')
  if (bearer) return { token: bearer[1]!, by: 'bearer' }
  if (authorization !== undefined || cookie === undefined) return null
  const token = request.server.parseCookie(cookie)[cookieName(settings)]
  return token && /^[A-Za-z0-9_-]{43}$/.test(token) ? { token, by: 'cookie' } : null
}

/** @throws wrong_origin when a browser says that another site's page sent this request, or hides whose it was. */
export function requireOwnOrigin(settings: AccessSettings, request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  if (request.headers.origin === settings.origin) return
  throw new Fault(
    'wrong_origin',
    `the Origin header must be ${settings.origin}: what changes something is sent from this service's own page`,
  )
}

/** Writes that a known person was refused a route before it ran; for viewings the refusal is one of the viewing. */
export async function recordRouteRefusal(
  deps: AccessDeps,
  request: FastifyRequest,
  actor: Actor | null,
  reason: RouteRefusal,
): Promise<void> {
  if (!actor) return
  const { config, url } = request.routeOptions
  const isViewing = config.event?.startsWith('viewing.') ?? false
  const subjects = await subjectsOf(deps, request)
  await deps.db.transaction().execute((trx) =>
    recordRefusal(trx, deps.clock, isViewing ? 'viewing.refused' : 'access.refused', {
      actor,
      subjects,
      details: {
        reason,
        method: request.method,
        route: url ?? '',
        asked: JSON.stringify(request.params).slice(0, 300),
      },
    }),
  )
}

async function subjectsOf(deps: AccessDeps, request: FastifyRequest): Promise<Subject[]> {
  const { recordingId, viewingId } = request.params as { recordingId?: string; viewingId?: string }
  if (viewingId && isId(viewingId)) {
    const viewedId = await recordingOfViewing(deps.db, viewingId)
    if (viewedId === null) return []
    return [
      { type: 'viewing', id: viewingId },
      { type: 'recording', id: viewedId },
    ]
  }
  if (!recordingId || !isId(recordingId)) return []
  const recording = await recordingState(deps.db, recordingId)
  return recording ? [{ type: 'recording', id: recordingId }] : []
}
