import { readFileSync } from 'node:fs'
import t from 'tap'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { gzipSizes, requireBudget } from '../../../services/console/build/budget.ts'
import { scenes } from '../../../services/console/dock-screen/gallery/scenes.ts'

const document = JSON.parse(readFileSync(new URL('../../../services/dock/openapi.json', import.meta.url), 'utf8'))

/** What the agent's own document says that a route answers. */
function answerOf(path: string): { Check(value: unknown): boolean; Errors(value: unknown): unknown[] } {
  const schema = document.paths[path].get.responses['200'].content['application/json'].schema
  return Compile(schema as TSchema) as never
}

t.test('what the gallery shows is what the agent may say', async (t) => {
  const state = answerOf('/screen/state')
  const detail = answerOf('/screen/slots/{slot}')
  const devices = answerOf('/screen/slots/{slot}/devices')
  const desk = answerOf('/screen/desk')
  t.equal(state.Check({ station: 1 }), false, 'the check can fail')
  for (const [name, make] of Object.entries(scenes)) {
    const scene = make()
    t.same(state.Errors(scene.state), [], name)
    t.ok(devices.Check({ devices: scene.devices }))
    t.same(desk.Errors({ desk: scene.desk }), [], name)
    const { slot } = scene.begin
    const opened = slot === undefined ? [...scene.details.values()].slice(0, 3) : [scene.details.get(slot)]
    for (const one of opened) t.same(detail.Errors(one), [], name)
  }
})

t.test('a page past its budget is not built, and its files are named by size', async (t) => {
  const folder = t.testdir({ 'dock.html': 'x', assets: { 'a.js': 'a longer text than that' } })
  t.same(
    gzipSizes(folder).map(({ file }) => file),
    ['assets/a.js', 'dock.html'],
  )
  requireBudget(folder, 1000)
  t.throws(() => requireBudget(folder, 10), /more than 10:\n {2}\d+ .*\n {2}\d+ /)
})
