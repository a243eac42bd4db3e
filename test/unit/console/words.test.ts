import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { en } from '../../../services/console/dock-screen/words.en.ts'
import { zh } from '../../../services/console/dock-screen/words.zh.ts'

const folder = fileURLToPath(new URL('../../../services/console', import.meta.url))

/** Words that mislead: another thing in law, another thing on the next screen, or simply wrong. */
const refused =
  /台帐|登陆|其它|帐号|账本|(?<!保管)证据链|冻结|封存|警号|租约|收入|指纹|归档|检查点|见证方|信使|户档|转码件|可播放件|隔离|举证包|证据包|信任文件|通行密钥|录像资料|[!！]/

/** Every text of a table, functions called with what stands for a number or a name. */
function textsOf(value: unknown, path = ''): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (typeof value === 'function') return textsOf(value('2', '3', '4'), path)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => textsOf(inner, `${path}.${name}`))
}

t.test('Chinese texts hold no word that is refused, and no English', async (t) => {
  const allowed = /SHA-256|SM3|PDF|CSV|ID/g
  const texts = textsOf(zh).filter(({ path }) => path !== '.frame.otherLanguage' && path !== '.frame.language')
  t.ok(texts.length > 150)
  t.same(
    texts.filter(({ text }) => refused.test(text)),
    [],
  )
  t.same(
    texts.filter(({ text }) => /[A-Za-z]/.test(text.replaceAll(allowed, ''))),
    [],
  )
  t.match('证据链', refused)
  t.notMatch('证据保管链', refused)
})

t.test('English texts hold no Chinese, and every one is there', async (t) => {
  const paths = (table: unknown) => textsOf(table).map(({ path }) => path)
  t.same(paths(en).sort(), paths(zh).sort())
  const chinese = textsOf(en).filter(
    ({ path, text }) => path !== '.frame.otherLanguage' && /\p{Script=Han}/u.test(text),
  )
  t.same(chinese, [])
})

t.test('no text of the screen stands outside the tables of words', async (t) => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.tsx?$/.test(name) && !/(^|\/)(dist|gallery|api)\/|words[^/]*\.ts$/.test(name),
  )
  t.ok(files.length > 15)
  const code = (name: string) => readFileSync(join(folder, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  t.same(
    files.filter((name) => /\p{Script=Han}/u.test(code(name))),
    [],
  )
})
