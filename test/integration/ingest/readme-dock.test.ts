import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { openIngestWorld } from '../../support/ingest.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

t.test('the hand-in that the README shows is handed in', async (t) => {
  const ingest = await openIngestWorld(t)
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const [, example] = /\*\*Writing a dock\.\*\*.*?```ts\n(.*?)```/s.exec(readme)!
  const script = join(t.testdir({}), 'dock.ts')
  await writeFile(script, example!.replaceAll("'./", `'${root}`))
  const key = ingest.dock.key.export({ format: 'pem', type: 'pkcs8' }).toString()
  const env = { ...process.env, ORIGIN: ingest.origin, TOKEN: ingest.dock.token, KEY: key }
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env })
  t.match(stdout, /^not_yet \w+\n$/)

  const sealed = await ingest.until(() =>
    ingest.db.selectFrom('recording').where('quarantine_reason', 'is', null).selectAll().executeTakeFirst(),
  )
  t.match(sealed, { device_serial: 'DSJ0001', sha256: Buffer })
  const { body } = await ingest.db
    .selectFrom('event')
    .where('kind', '=', 'recording.sealed')
    .select('body')
    .executeTakeFirstOrThrow()
  t.match(JSON.parse(body), { details: { flags: [], dockDigest: { sm3: null, signature: String } } })
  const gap = await ingest.db.selectFrom('gap').select(['kind', 'missing_numbers', 'state']).executeTakeFirst()
  t.match(gap, { kind: 'number', missing_numbers: 2, state: 'explained' })
})

t.test('the README names every route by which a dock asks or says something', async (t) => {
  const document = JSON.parse(await readFile(join(root, 'services/ingest/openapi.json'), 'utf8')) as {
    paths: Record<string, Record<string, unknown>>
  }
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const ofDocks = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('{id}', 'ID')}`),
  )
  const isSaid = /^(GET|POST|PUT) \/(docks|hand-ins\/ID|clearings)/
  const missing = ofDocks.filter((route) => isSaid.test(route) && !readme.includes(`\`${route}\``))
  t.same(missing, ['GET /hand-ins/ID'], 'how a hand-in stands is what GET /hand-ins/ID/receipt says, and more')
})
