import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import type { Teardown } from '../../support/stack.ts'
import { until } from '../../support/world.ts'
import type { Bureau } from './bureau.ts'
import type { Media } from './footage.ts'

const run = promisify(execFile)
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
/** Why tests in a browser are left out; false when they are not. */
export const skip = executablePath ? false : 'no Chromium on this machine'
/** Where pictures of the page go, when somebody wants to look at them. */
export const pictures = process.env.CUSTODY_TEST_PICTURES

export type Page = Awaited<ReturnType<Browser['newPage']>>

/** Waits for something on the page. Not by Playwright's own way, which evaluates a text and so meets the page's policy. */
export function on(page: Page, condition: string): Promise<unknown> {
  return until(() => page.evaluate(condition), { timeoutMs: 60_000 })
}

/** Signs the custodian in; `view` is what the page shows then. */
export async function signInOn(page: Page, { people }: Bureau, view = '#purpose'): Promise<void> {
  await page.fill('#sign-in [name=account]', people.custodian.account)
  await page.fill('#sign-in [name=password]', people.custodian.password)
  await page.click('#sign-in button')
  await page.locator(view).waitFor()
}

export async function openBrowser(t: Teardown): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: executablePath!,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  })
  t.teardown(() => browser.close())
  return browser
}

/** A test picture, or with `sound` a tone alone, as HLS with fMP4 segments of 6 s. */
export async function makeFilm(t: Teardown, { seconds = 180, sound = false } = {}): Promise<Media> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-film-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const source = ['-f', 'lavfi', '-i', sound ? 'sine=440:r=48000' : 'testsrc2=s=320x180:r=10', '-t', String(seconds)]
  const picture = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '60', '-pix_fmt', 'yuv420p']
  const hls = ['-f', 'hls', '-hls_time', '6', '-hls_playlist_type', 'vod', '-hls_segment_type', 'fmp4']
  const encode = sound ? ['-c:a', 'aac'] : picture
  await run('ffmpeg', ['-v', 'error', '-y', ...source, ...encode, ...hls, 'film.m3u8'], { cwd: folder })
  const playlist = await readFile(join(folder, 'film.m3u8'), 'utf8')
  const found = [...playlist.matchAll(/#EXTINF:([\d.]+),\n(\S+)/g)]
  const segments = await Promise.all(
    found.map(async ([, length, name]) => ({
      bytes: await readFile(join(folder, name!)),
      durationMs: Math.round(Number(length) * 1000),
    })),
  )
  return { init: await readFile(join(folder, 'init.mp4')), segments }
}
