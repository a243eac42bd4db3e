import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { buildScreen } from '../../../services/dock/screen/app.ts'
import { readBuiltPage } from '../../../services/dock/screen/built-page.ts'
import type { ScreenModel } from '../../../services/dock/screen/screen-model.ts'
import { openLog } from '../../../services/foundation/log.ts'
import type { Teardown } from '../../support/stack.ts'

const run = promisify(execFile)
const repository = resolve(import.meta.dirname, '../../..')
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

export const viewports = {
  wall: { width: 1920, height: 1080 },
  small: { width: 1366, height: 768 },
  phone: { width: 390, height: 844 },
} as const
export type Viewport = keyof typeof viewports

/** Builds a page as the installer does, in a process of its own: React's build for production, whatever a test's environment says. */
export async function builtPage(page: 'dock' | 'gallery'): Promise<string> {
  await run(process.execPath, ['services/console/build/main.ts', '--if-stale', page], { cwd: repository })
  return resolve(repository, 'services/console/dist', page)
}

/** The screen's own server on a free port of this machine: its headers, its policy, its checks. Answers its address. */
export async function servePage(
  t: Teardown,
  page: 'dock' | 'gallery',
  model: Partial<ScreenModel> = {},
): Promise<string> {
  const server = await buildScreen({
    model: model as ScreenModel,
    log: openLog({ service: 'test', level: 'silent' }),
    page: readBuiltPage(await builtPage(page)),
  })
  t.teardown(() => server.close())
  return server.listen({ host: '127.0.0.1', port: 0 })
}

/** @throws Error when this machine has no Chromium: the installer brings it for tests */
export async function openBrowser(t: Teardown): Promise<Browser> {
  if (!executablePath) throw new Error('these tests need Chromium (apt-get install chromium)')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  t.teardown(() => browser.close())
  return browser
}

export interface Opened {
  readonly page: Page
  /** Errors, refusals of the policy and requests that left the machine: what must stay empty. */
  readonly problems: readonly string[]
}

export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: viewports.wall, ...options })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    if (protocol !== 'data:' && hostname !== '127.0.0.1') problems.push(`asks ${request.url()}`)
  })
  await page.goto(address)
  await page.locator('.screen').waitFor()
  return { page, problems }
}

export interface Look {
  readonly lang?: 'zh' | 'en'
  readonly contrast?: boolean
  readonly large?: boolean
}

/** Address of one state of the screen below the gallery's; from one to the next the page is not loaded again. */
export function sceneAddress(
  base: string,
  scene: string,
  { lang = 'zh', contrast = false, large = false }: Look = {},
): string {
  return `${base}/#scene=${scene}&lang=${lang}${contrast ? '&contrast=1' : ''}${large ? '&large=1' : ''}`
}
