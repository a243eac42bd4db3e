// Pictures of every state of the dock's screen, to be looked at before a change lands:
//
//   node test/browser/console/pictures.ts FOLDER [SCENE…]

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { scenes } from '../../../services/console/dock-screen/gallery/scenes.ts'
import { type Look, openBrowser, openPage, sceneAddress, servePage, type Viewport, viewports } from './browser.ts'

const [folder, ...asked] = process.argv.slice(2)
if (!folder) throw new Error('usage: node test/browser/console/pictures.ts FOLDER [SCENE…]')
mkdirSync(folder, { recursive: true })

const ends: (() => unknown)[] = []
const until = { teardown: (end: () => unknown) => ends.unshift(end) }
const looks: readonly { name: string; viewport: Viewport; look: Look }[] = [
  { name: 'wall', viewport: 'wall', look: {} },
  { name: 'wall-en-large', viewport: 'wall', look: { lang: 'en', large: true } },
  { name: 'wall-contrast', viewport: 'wall', look: { contrast: true, large: true } },
  { name: 'small', viewport: 'small', look: {} },
  { name: 'phone', viewport: 'phone', look: {} },
]
try {
  const base = await servePage(until, 'gallery')
  const browser = await openBrowser(until)
  for (const scene of asked.length > 0 ? asked : Object.keys(scenes)) {
    for (const { name, viewport, look } of looks) {
      const { page } = await openPage(browser, sceneAddress(base, scene, look), { viewport: viewports[viewport] })
      await page.waitForTimeout(150)
      await page.screenshot({ path: join(folder, `${scene}.${name}.png`) })
      await page.context().close()
    }
  }
} finally {
  for (const end of ends) await end()
}
