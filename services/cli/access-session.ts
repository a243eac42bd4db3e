import { Fault } from '../foundation/errors.ts'
import { type AccessClient, signInToAccess } from './access-client.ts'
import { tellNotices } from './notices.ts'
import type { Terminal } from './terminal.ts'

export interface AccessSessionOptions {
  readonly access?: string
  readonly account?: string
  /** Of what the person is told when he has signed in. */
  readonly lang?: 'zh' | 'en'
}

/**
 * Works in a session with the service for people that `--access` (or CUSTODY_ACCESS) names, and signs out after it. First
 * the person is told what waits for him.
 *
 * @throws bad_config without address, account or password; else as signInToAccess and `work`
 */
export async function withAccess<T>(
  terminal: Terminal,
  options: AccessSessionOptions,
  work: (client: AccessClient) => Promise<T>,
): Promise<T> {
  return inSession(terminal, options, async (client) => {
    await tellNotices(terminal, client, options.lang ?? 'zh')
    return work(client)
  })
}

/** `withAccess` without telling what waits. */
export async function inSession<T>(
  terminal: Terminal,
  options: AccessSessionOptions,
  work: (client: AccessClient) => Promise<T>,
): Promise<T> {
  const client = await signInToAccess(accessAddress(terminal, options), await credentials(terminal, options))
  try {
    return await work(client)
  } finally {
    await client.signOut()
  }
}

/** @throws bad_config */
export function accessAddress(terminal: Terminal, options: AccessSessionOptions): string {
  const address = options.access ?? terminal.env.CUSTODY_ACCESS
  if (address && URL.canParse(address)) return address
  throw new Fault('bad_config', '--access (or CUSTODY_ACCESS): the address of the service, http:// or https://')
}

/** Account and password: of the command line and CUSTODY_PASSWORD, else asked for. A password is no argument: others see those. */
async function credentials(
  terminal: Terminal,
  options: { account?: string },
): Promise<{ account: string; password: string }> {
  const { env, person } = terminal
  const account = options.account ?? env.CUSTODY_ACCOUNT ?? (await person?.ask('账号 account: '))
  const password = env.CUSTODY_PASSWORD ?? (await person?.askSecret('密码 password: '))
  if (account && password) return { account: account.trim(), password }
  throw new Fault('bad_config', 'no account or password: --account and CUSTODY_PASSWORD, or a terminal to ask at')
}
