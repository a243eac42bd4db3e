import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import t from 'tap'
import { scenes } from '../../../services/console/dock-screen/gallery/scenes.ts'
import { type Look, openBrowser, openPage, sceneAddress, servePage, type Viewport, viewports } from './browser.ts'

// Every state of the screen: nothing runs over, nothing is too small for a finger, axe finds nothing.

t.setTimeout(600_000)

const base = await servePage(t, 'gallery')
const browser = await openBrowser(t)

/** What runs over its place, lies outside the screen, or is broken where a line had room for it. Only rows of a table may be scrolled to. */
function runsOver(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const found = []
    const root = document.documentElement
    if (root.scrollWidth > root.clientWidth) found.push('the page is ' + root.scrollWidth + ' wide')
    if (innerWidth > 700 && root.scrollHeight > root.clientHeight) found.push('the page is ' + root.scrollHeight + ' high')
    for (const card of document.querySelectorAll('.card')) {
      const name = 'card ' + card.dataset.slot + ' ' + card.dataset.word
      if (card.scrollHeight > card.clientHeight + 1) found.push(name + ' runs over by ' + (card.scrollHeight - card.clientHeight))
      const word = card.querySelector('.card-word')
      if (word.scrollWidth > word.clientWidth + 1) found.push(name + ': its word is too wide')
      const rows = [...card.children].map((child) => child.getBoundingClientRect()).filter(({ height }) => height > 0)
      const note = card.querySelector('.card-note').firstChild
      for (const { 0: clause, index } of (document.documentElement.lang === 'zh-CN' && note ? note.data : '').matchAll(/[^，]+，?/g)) {
        const range = new Range()
        range.setStart(note, index)
        range.setEnd(note, index + clause.length)
        const parts = [...range.getClientRects()]
        const lines = new Set(parts.map(({ top }) => Math.round(top)))
        const width = parts.reduce((sum, part) => sum + part.width, 0)
        if (lines.size > 1 && width < note.parentElement.clientWidth - 1) found.push(name + ' breaks "' + clause + '"')
      }
      for (const [at, row] of rows.entries()) {
        if (at > 0 && row.top < rows[at - 1].bottom - 2) found.push(name + ': row ' + at + ' lies over the one above')
      }
    }
    for (const part of document.querySelectorAll('.head, .notice, .foot, .slot-head, .slot-acts, .pad')) {
      if (part.scrollWidth > part.clientWidth + 1) found.push(part.className + ' is too wide')
    }
    for (const button of document.querySelectorAll('button')) {
      const box = button.getBoundingClientRect()
      if (button.scrollWidth > button.clientWidth + 2) found.push('"' + button.textContent + '" is cut')
      if (Math.min(box.width, box.height) < 63.5) found.push('"' + button.textContent + '" is ' + box.width + ' x ' + box.height)
    }
    return found
  })()`)
}

/** One window a way of looking: opened once, led from state to state. */
async function openWindow(how: Look, viewport: Viewport = 'wall') {
  const { page, problems } = await openPage(browser, sceneAddress(base, 'wall-calm', how), {
    viewport: viewports[viewport],
  })
  const show = async (scene: string) => {
    await page.goto(sceneAddress(base, scene, how))
    await page.locator(`html[lang=${how.lang === 'en' ? 'en' : 'zh-CN'}] .screen`).waitFor()
    if (scene.startsWith('desk')) await page.locator('.desk').waitFor()
    if (scene.startsWith('slot')) await page.locator('.slot-body, .slot-form, .whose, .slot-empty').first().waitFor()
  }
  return { page, problems, show }
}

for (const [how, viewport] of [
  [{}, 'wall'],
  [{ large: true, contrast: true }, 'wall'],
  [{ lang: 'en', large: true }, 'wall'],
  [{}, 'small'],
  [{ lang: 'en' }, 'phone'],
] as const satisfies readonly (readonly [Look, Viewport])[]) {
  t.test(`nothing runs over, and a finger hits every button: ${viewport} ${JSON.stringify(how)}`, async (t) => {
    const { page, problems, show } = await openWindow(how, viewport)
    for (const scene of Object.keys(scenes)) {
      await show(scene)
      t.same(await runsOver(page), [], scene)
    }
    t.same(problems, [])
    await page.context().close()
  })
}

for (const [how, names] of [
  [
    {},
    [
      'wall-24',
      'wall-attentions',
      'wall-unlinked',
      'slot-uploading',
      'slot-asking',
      'slot-card-to-seal',
      'slot-unfit',
      'slot-hostile',
      'desk',
      'today',
      'help',
    ],
  ],
  [{ contrast: true, lang: 'en' }, ['wall-24', 'slot-uploading']],
] as const satisfies readonly (readonly [Look, readonly string[]])[]) {
  t.test(`axe finds nothing: ${JSON.stringify(how)}`, async (t) => {
    const { page, show } = await openWindow(how)
    for (const scene of names) {
      await show(scene)
      const { violations } = await new AxeBuilder({ page }).analyze()
      t.same(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        [],
        scene,
      )
    }
    await page.context().close()
  })
}

t.test('names of any origin stand there as they are: no markup, no turned writing, nothing hidden', async (t) => {
  const { page, show } = await openWindow({})
  await show('wall-hostile')
  t.equal(await page.locator('img').count(), 0)
  t.ok(await page.getByText('【U+202E】').count())
  await page.context().close()
})
