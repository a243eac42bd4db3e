// npm run pictures: plays the demo's shift end on servers of its own, and takes the README's pictures of the dock's screen while
// it goes on. They land in deploy/pictures; look at each before it is committed.

import { mkdirSync, mkdtempSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { dockAtStation } from '../../deploy/local/demo/docking.ts'
import type { Moment } from '../../deploy/local/demo/incidents.ts'
import { stopKept } from '../../deploy/local/demo/kept.ts'
import { step } from '../../deploy/local/demo/progress.ts'
import { screenAt } from '../../deploy/local/demo/screen.ts'
import { setUpBureau } from '../../deploy/local/demo/set-up.ts'
import { makeShift } from '../../deploy/local/demo/shift.ts'
import { mayMount } from '../../deploy/local/demo/wall.ts'
import { openBrowser, openPage, viewports } from '../browser/console/browser.ts'

const repository = resolve(import.meta.dirname, '../..')
const folder = join(repository, 'deploy/pictures')
const pathOf = (name: string) => join(folder, `${name}.png`)

async function main(): Promise<void> {
  if (!mayMount) throw new Error('the pictures need root, /dev/fuse, mkfs.vfat and mtools: devices are really mounted')
  mkdirSync(join(repository, '.stack'), { recursive: true, mode: 0o711 })
  mkdirSync(folder, { recursive: true })
  const directory = mkdtempSync(join(repository, '.stack/pictures-'))
  const ends: (() => unknown)[] = []
  const takeDown: (() => Promise<void>)[] = [() => stopKept(directory)]
  try {
    const browser = await openBrowser({ teardown: (end) => ends.unshift(end) })
    const bureau = await setUpBureau(directory, false, takeDown)
    const shift = await step('making the footage of 57 devices', 100, (advance) =>
      makeShift(join(directory, 'footage'), advance),
    )
    const camera = cameraOf(browser, () => docking.screen!)
    const docking = await dockAtStation(bureau, shift, {
      ...{ wallFolder: join(directory, 'wall'), keep: false, atMoment: camera.atMoment },
    })
    takeDown.unshift(() => docking.process!.stop())
    const handed = await step('a shift end, with pictures', 1, docking.handIn)
    await docking.receipts(handed)
    await camera.afterwards(shift.files[0]!.serial)
    // A picture of something that did not end well is not one to show.
    const lines = await docking.afterwards(bureau.person('custodian').session)
    process.stdout.write(`${lines.join('\n')}\n`)
  } finally {
    for (const end of ends) await end()
    for (const run of takeDown) await run()
  }
  process.stdout.write(`The pictures are in ${folder}\n`)
}

/** Takes each picture when the wall shows what it is of. What waits for a person waits until the wall itself was taken. */
function cameraOf(browser: Browser, screen: () => string) {
  const wallTaken = Promise.withResolvers<void>()
  const withPage = async (viewport: keyof typeof viewports, take: (page: Page) => Promise<void>) => {
    const { page } = await openPage(browser, `${screen()}/`, { viewport: viewports[viewport], locale: 'zh-CN' })
    try {
      await take(page)
    } finally {
      await page.context().close()
    }
  }
  const takeSlot = (name: string, slot: number, shown: string) =>
    withPage('small', async (page) => {
      await page.locator(`.card[data-slot="${slot}"]`).click()
      await page.locator(shown).first().waitFor()
      await page.screenshot({ path: pathOf(name) })
    })
  const atMoment: Moment = async (what, slot) => {
    if (what === 'cable_pulled') {
      await withPage('small', async (page) => {
        await page.screenshot({ path: pathOf('dock-wall') })
      })
      wallTaken.resolve()
      return
    }
    await wallTaken.promise
    if (what === 'gap_found') await takeSlot('dock-gap', slot, '.slot :text("误操作")')
    else await takeSlot('dock-whose', slot, '.choice-grid button')
  }
  return {
    atMoment,
    /** The slip of a device that has all its receipts, and the wall as a telephone or a narrow screen shows it. */
    async afterwards(serial: string) {
      const card = (await screenAt(screen()).cards()).find((one) => one.serial === serial)!
      const context = await browser.newContext({ viewport: { width: 794, height: 1123 } })
      const page = await context.newPage()
      await page.goto(`${screen()}/screen/slots/${card.slot}/slip`)
      // Paper has a margin, a window has none.
      await page.evaluate("document.body.style.padding = '40px 0'")
      await page.screenshot({ path: pathOf('dock-slip'), clip: { x: 0, y: 0, width: 794, height: 760 } })
      await context.close()
      await withPage('phone', async (narrow) => {
        await narrow.screenshot({ path: pathOf('dock-narrow') })
      })
    },
  }
}

await main()
