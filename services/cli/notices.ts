import type { AccessClient } from './access-client.ts'
import { printable, type Terminal } from './terminal.ts'

/** Something that the person who signed in should know, as the service answers it. */
export interface ShownNotice {
  readonly id: string
  readonly text: { readonly zh: string; readonly en: string }
  readonly at: string
  /** Work stays until it is done; anything else until it was acknowledged. */
  readonly waits: boolean
}

/** So many are told before the results of a command: the rest is for `custody notices`. */
const toldMax = 3

/** Tells the person who signed in what he should know, on standard error: the first few, and how many more there are. */
export async function tellNotices(terminal: Terminal, client: AccessClient, language: 'zh' | 'en'): Promise<void> {
  const notices = await readNotices(client)
  for (const notice of notices.slice(0, toldMax)) terminal.err(noticeLine(notice, language))
  const more = notices.length - toldMax
  if (more <= 0) return
  terminal.err(language === 'zh' ? `另有 ${more} 条：custody notices` : `${more} more: custody notices`)
}

export async function readNotices(client: AccessClient): Promise<readonly ShownNotice[]> {
  return ((await client.json('/session')) as { notices: readonly ShownNotice[] }).notices
}

/** A notice in one line. */
export function noticeLine({ text, waits }: ShownNotice, language: 'zh' | 'en'): string {
  const head = language === 'zh' ? (waits ? '待办' : '通知') : waits ? 'to do' : 'notice'
  return printable(`[${head}] ${text[language]}`)
}
