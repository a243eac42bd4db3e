import { AxeBuilder } from '@axe-core/playwright'
import t from 'tap'
import { scenes } from '../../../services/console/dock-screen/gallery/scenes.ts'
import { type Look, openBrowser, openPage, sceneAddress, servePage, type Viewport, viewports } from './browser.ts'

// Every state of the screen: nothing runs over, nothing is too small for a finger, axe finds nothing.

t.setTimeout(600_000)

const base = await servePage(t, 'gallery')
const { page, problems } = await openPage(await openBrowser(t), sceneAddress(base, 'wall-calm'))

/** What runs over its place, lies outside the screen, or is broken where a line had room for it. Only rows of a table may be scrolled to. */
function runsOver(): Promise<string[]> {
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
    if (innerWidth > 700) {
      for (const part of document.querySelectorAll('.slot-say, .slot-form, .people, .choices')) {
        if (part.scrollHeight > part.clientHeight + 1) found.push(part.className + ' runs over by ' + (part.scrollHeight - part.clientHeight))
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

/** A way of looking, led from state to state of the one page. */
async function look(how: Look, viewport: Viewport = 'wall') {
  await page.setViewportSize(viewports[viewport])
  return async (scene: string) => {
    await page.goto(sceneAddress(base, scene, how))
    await page.locator(`html[data-scene="${scene}"][lang=${how.lang === 'en' ? 'en' : 'zh-CN'}] .screen`).waitFor()
    if (scene.startsWith('desk')) await page.locator('.desk').waitFor()
    if (scene.startsWith('slot')) await page.locator('.slot-body, .slot-form, .whose, .slot-empty').first().waitFor()
  }
}

/**
 * Seen in every look: of each layout the states with the most in it. What is not here has the same parts with fewer or
 * shorter words, and is seen in the main look alone.
 */
const fullest = new Set([
  ...['wall-12', 'wall-24', 'wall-60', 'wall-attentions', 'wall-attentions-60', 'wall-spool-full', 'wall-morning'],
  ...['wall-hostile', 'slot-uploading', 'slot-explained', 'slot-card-to-seal', 'slot-unfit', 'slot-unfit-gap'],
  ...[
    'slot-unreadable',
    'slot-asking',
    'slot-10000-files',
    'slot-hostile',
    'desk',
    'desk-server-away',
    'today',
    'help',
  ],
])

for (const [how, viewport] of [
  [{}, 'wall'],
  [{ large: true, contrast: true }, 'wall'],
  [{ lang: 'en', large: true }, 'wall'],
  [{}, 'small'],
  [{ lang: 'en' }, 'phone'],
] as const satisfies readonly (readonly [Look, Viewport])[]) {
  t.test(`nothing runs over, and a finger hits every button: ${viewport} ${JSON.stringify(how)}`, async (t) => {
    const show = await look(how, viewport)
    const isMain = viewport === 'wall' && Object.keys(how).length === 0
    for (const scene of Object.keys(scenes).filter((name) => isMain || fullest.has(name))) {
      await show(scene)
      t.same(await runsOver(), [], scene)
    }
    t.same(problems, [])
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
    const show = await look(how)
    for (const scene of names) {
      await show(scene)
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
      t.same(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        [],
        scene,
      )
    }
  })
}

t.test('names of any origin stand there as they are: no markup, no turned writing, nothing hidden', async (t) => {
  const show = await look({})
  await show('wall-hostile')
  t.equal(await page.locator('img').count(), 0)
  t.ok(await page.getByText('【U+202E】').count())
})
