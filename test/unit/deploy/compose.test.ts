import { readFileSync } from 'node:fs'
import t from 'tap'
import { commandOf, processes, processNames } from '../../../deploy/local/system/commands.ts'
import { parts } from '../../../workers/parts.ts'
import {
  type Compose,
  type ComposeService,
  exampleSettings,
  ownServices,
  partsOf,
  problemsOf,
  readCompose,
} from '../../support/compose.ts'

const compose = readCompose()

/** The problems of a changed copy. */
function problemsWith(name: string, change: (service: ComposeService, copy: Compose) => void): string[] {
  const copy = structuredClone(compose)
  change(copy.services[name]!, copy)
  return problemsOf(copy)
}

t.test('every service of docker-compose.yml is given its settings and secrets, and no others', async (t) => {
  t.same(problemsOf(compose), [])
})

t.test('every part runs in exactly one process of the local system', async (t) => {
  const named = processNames.flatMap((name) => {
    const process = processes[name]
    return 'parts' in process ? process.parts : []
  })
  t.same(named.toSorted(), parts.map(({ name }) => name).toSorted())
  const withoutReports = processNames.flatMap((name) => commandOf(name, false))
  t.notOk(withoutReports.some((word) => ['store-audit', 'reconcile', 'nightly'].includes(word)))
})

t.test('the local system and docker-compose.yml run the same processes', async (t) => {
  for (const name of processNames) {
    t.same(compose.services[name]?.command, ['node', ...commandOf(name, true)], name)
  }
})

t.test('each setting that is deleted or misspelt is noticed', async (t) => {
  const changes = ownServices(compose).flatMap(([name, { environment = {} }]) =>
    Object.keys(environment).map((variable) => ({ name, environment, variable })),
  )
  t.ok(changes.length > 100)
  const unnoticed = changes.filter(({ name, variable }) => {
    const problems = problemsWith(name, (service) => delete service.environment?.[variable])
    const expected = [variable, variable.replace(/_FILE$/, '')].map((setting) => `${name}: ${setting} is not given`)
    return !problems.some((problem) => expected.includes(problem))
  })
  t.same(unnoticed, [])
  const unnoticedToo = changes.filter(({ name, environment, variable }) => {
    const misspelt = `${variable.slice(0, -1)}_`
    const problems = problemsWith(name, (service) => {
      service.environment = { ...environment, [misspelt]: 'x' }
    })
    return !problems.includes(`${name}: ${misspelt} is not a setting of this service`)
  })
  t.same(unnoticedToo, [])
})

t.test('a part that is left out, named twice or misspelt is noticed', async (t) => {
  const workers = ownServices(compose).filter(([, service]) => partsOf(service).length > 0)
  t.ok(workers.length > 1)
  for (const [name, { command = [] }] of workers) {
    const last = command.at(-1)!
    const without = problemsWith(name, (service) => service.command?.pop())
    t.ok(without.includes(`the part ${last} runs in 0 services`))
    const twice = problemsWith(name, (service) => service.command?.push(last))
    t.same(twice, [`the part ${last} runs in 2 services`])
    const misspelt = problemsWith(name, (service) => service.command?.push('realy'))
    t.same(misspelt, ['no part is called realy'])
  }
})

t.test('a value that the service would refuse is noticed', async (t) => {
  const problems = problemsWith('ledger', (service) => {
    const wrong = { METRICS_LISTEN: '9100', TIMESTAMP_EVERY_HOURS: '\u0024{HOURS:-0}' }
    service.environment = { ...service.environment, ...wrong }
  })
  t.same(problems, [
    "ledger: METRICS_LISTEN: not host:port: '9100'",
    "ledger: TIMESTAMP_EVERY_HOURS: not a whole number of 1..744: '0'",
  ])
})

t.test('a secret that is not mounted, not declared, or mounted for nothing is noticed', async (t) => {
  t.same(
    problemsWith('packages', ({ secrets }) => secrets?.splice(secrets.indexOf('redis_url'), 1)),
    ['packages: the secret redis_url is not mounted'],
  )
  t.same(
    problemsWith('access', ({ secrets }) => secrets?.push('redis_url')),
    ['access: the secret redis_url is mounted, and no setting names it'],
  )
  t.same(
    problemsWith('migrate', (_, copy) => delete copy.secrets.database_owner_url),
    ['migrate', 'custody'].map((name) => `${name}: the secret database_owner_url is not declared`),
  )
})

t.test('.env.example names exactly the settings that docker-compose.yml asks for', async (t) => {
  const asked = [...JSON.stringify(compose).matchAll(/\$\{(\w+)/g)].map(([, name]) => name!)
  t.same(Object.keys(exampleSettings).toSorted(), [...new Set(asked)].toSorted())
})

t.test('the image builds every page that a browser loads, and holds it', async (t) => {
  const textOf = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Readonly<Record<string, string>> }
  const lines = textOf('deploy/Dockerfile').split('\n')
  const image = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))
  const sources = image.indexOf('COPY services services')
  const commands = Object.keys(scripts).flatMap((name) => (name.startsWith('build:') ? scripts[name]! : []))
  t.ok(commands.length > 0)
  for (const command of commands) {
    t.ok(lines.includes(`RUN ${command}`), command)
    const built = command.replace(/^node (services\/[a-z]+)\/.*$/, '$1/dist')
    // After the sources, which a checkout may hold an older page beside.
    t.ok(image.indexOf(`COPY --from=pages /app/${built} ${built}`) > sources, built)
  }
})
