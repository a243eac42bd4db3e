import type { AccessClient } from './access-client.ts'
import { printable, type Terminal } from './terminal.ts'

interface ShownNotice {
  readonly text: { readonly zh: string; readonly en: string }
  readonly waits: boolean
}

/** Prints what the person who signed in should know, on standard error; acknowledged in the browser. */
export async function tellNotices(terminal: Terminal, client: AccessClient, language: 'zh' | 'en'): Promise<void> {
  const { notices } = (await client.json('/session')) as { notices: readonly ShownNotice[] }
  for (const { text, waits } of notices) {
    const head = language === 'zh' ? (waits ? '待办' : '通知') : waits ? 'to do' : 'notice'
    terminal.err(printable(`[${head}] ${text[language]}`))
  }
}
