import t from 'tap'
import { linesOf, pathsOfSources, readSources } from '../support/source-files.ts'

const linesMax = 300
const medianLinesMax = 90

const sources = readSources()

t.test('only main files and local programs read the environment', async (t) => {
  // A main file (the sequencer is a process of its own) hands its environment to config.ts; deploy/ and test/ are programs run by hand.
  const isAllowed = (path: string) =>
    /(^|\/)main\.ts$|^workers\/sequencer\.ts$/.test(path) || !/^(services|workers|migrations)\//.test(path)
  const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  const readers = sources.filter(({ path, text }) => !isAllowed(path) && /\bprocess\.env\b/.test(code(text)))
  t.same(
    readers.map(({ path }) => path),
    [],
  )
})

t.test(`a file is of one idea: at most ${linesMax} lines, and half of them under ${medianLinesMax}`, async (t) => {
  // Types that are written from an OpenAPI document are as long as it is.
  const files = pathsOfSources(/\.(tsx?|m?js|css|html)$/)
    .filter((path) => !/^services\/console\/api\//.test(path))
    .map((path) => ({ path, lines: linesOf(path) }))
  t.same(
    files.filter(({ lines }) => lines > linesMax),
    [],
  )
  const sorted = files.map(({ lines }) => lines).sort((a, b) => a - b)
  t.ok(sorted[Math.floor(sorted.length / 2)]! < medianLinesMax, `the median is ${sorted[sorted.length >> 1]} lines`)
})

t.test('nothing is left of enums, any or ignored types', async (t) => {
  const wrong = sources.filter(({ path, text }) => {
    const isThisTest = path === 'test/unit/source-form.test.ts'
    return !isThisTest && /@ts-(ignore|nocheck|expect-error)|^\s*(export\s+)?(const\s+)?enum\s/m.test(text)
  })
  t.same(
    wrong.map(({ path }) => path),
    [],
  )
})
