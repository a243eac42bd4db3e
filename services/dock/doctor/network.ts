import { lookup } from 'node:dns/promises'
import { connect as connectPlain } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { Agent, fetch } from 'undici'
import type { Finding } from './finding.ts'

export type NetworkCode =
  | 'name_unknown'
  | 'port_closed'
  | 'certificate_refused'
  | 'certificate_ends_soon'
  | 'server_not_ready'
  | 'server_time_differs'
  | 'token_refused'
  | 'not_released'
  | 'network_well'

export interface ServerAddress {
  readonly url: string
  /** PEM of the bureau's authority; null for those that the computer trusts anyway. */
  readonly authority: Buffer | null
  readonly token: string | null
}

const timeoutMs = 5000
const certificateWarnDays = 30
const clockDifferenceMaxMs = 2000
const dayMs = 86_400_000

/** The way to the service for docks, step by step: name, port, certificate, whether it is ready, its time, this dock's token. */
export async function examineNetwork(server: ServerAddress): Promise<Finding<NetworkCode>[]> {
  const url = new URL(server.url)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const address = await lookup(host).catch((error: Error) => error)
  if (address instanceof Error) return [fault('name_unknown', { host, why: address.message })]
  const closed = await tryPort(address.address, port)
  if (closed !== null) return [fault('port_closed', { host, address: address.address, port, why: closed })]
  const certificate = url.protocol === 'https:' ? await examineCertificate(host, port, server.authority) : []
  if (certificate.some(({ grade }) => grade === 'fault')) return certificate
  return [...certificate, ...(await examineService(server))]
}

function tryPort(address: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connectPlain({ host: address, port, timeout: timeoutMs })
    const end = (why: string | null) => {
      socket.destroy()
      resolve(why)
    }
    socket.once('connect', () => end(null))
    socket.once('timeout', () => end(`no answer in ${timeoutMs / 1000} s`))
    socket.once('error', (error) => end(error.message))
  })
}

async function examineCertificate(
  host: string,
  port: number,
  authority: Buffer | null,
): Promise<Finding<NetworkCode>[]> {
  const opened = await new Promise<TLSSocket | Error>((resolve) => {
    const socket = connectTls({ host, port, servername: host, ...(authority && { ca: authority }), timeout: timeoutMs })
    socket.once('secureConnect', () => resolve(socket))
    socket.once('timeout', () => resolve(new Error(`no answer in ${timeoutMs / 1000} s`)))
    socket.once('error', resolve)
  })
  if (opened instanceof Error) return [fault('certificate_refused', { host, why: opened.message })]
  const endsAt = new Date(opened.getPeerCertificate().valid_to)
  opened.destroy()
  const days = Math.floor((endsAt.getTime() - Date.now()) / dayMs)
  if (days > certificateWarnDays) return []
  return [
    { code: 'certificate_ends_soon', grade: 'warning', values: { days, endsAt: endsAt.toISOString().slice(0, 10) } },
  ]
}

async function examineService({ url, authority, token }: ServerAddress): Promise<Finding<NetworkCode>[]> {
  const dispatcher = new Agent({ connect: authority ? { ca: authority } : {} })
  try {
    const askedAt = Date.now()
    const ready = await fetch(`${url}/readyz`, { dispatcher, signal: AbortSignal.timeout(timeoutMs) })
    const between = (askedAt + Date.now()) / 2
    await ready.body?.cancel()
    const found: Finding<NetworkCode>[] = []
    if (!ready.ok) found.push({ code: 'server_not_ready', grade: 'warning', values: { status: ready.status } })
    const said = Date.parse(ready.headers.get('date') ?? '')
    // The Date header is cut to whole seconds.
    const differenceMs = Number.isNaN(said) ? 0 : Math.round(between - (said + 500))
    if (Math.abs(differenceMs) > clockDifferenceMaxMs) found.push(fault('server_time_differs', { differenceMs }))
    const refused = token === null ? null : await refusalOf(url, token, dispatcher)
    if (refused) found.push(refused)
    return found.length > 0 ? found : [{ code: 'network_well', grade: 'well', values: { url } }]
  } catch (error) {
    return [
      fault('port_closed', { host: new URL(url).hostname, address: '', port: new URL(url).port, why: String(error) }),
    ]
  } finally {
    await dispatcher.close()
  }
}

async function refusalOf(url: string, token: string, dispatcher: Agent): Promise<Finding<NetworkCode> | null> {
  const answer = await fetch(`${url}/docks/me/register`, {
    dispatcher,
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(timeoutMs),
  })
  await answer.body?.cancel()
  if (answer.status === 401) return fault('token_refused', { status: answer.status })
  if (answer.status === 403) return fault('not_released', { status: answer.status })
  return null
}

function fault(code: NetworkCode, values: Readonly<Record<string, string | number>>): Finding<NetworkCode> {
  return { code, grade: 'fault', values }
}
