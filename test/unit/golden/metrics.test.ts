import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Registry } from 'prom-client'
import t from 'tap'
import { systemClock } from '../../../services/foundation/clock.ts'
import type { Db } from '../../../services/foundation/db/database.ts'
import { createRegistry, observeRequests } from '../../../services/foundation/http/metrics.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { observeArchive, observeJobs } from '../../../workers/metrics.ts'
import { observeLedger } from '../../../workers/sequencer-metrics.ts'
import { observeWitnesses } from '../../../workers/witness-metrics.ts'
import { compareGolden } from '../../support/golden.ts'
import { makeTestLog } from '../../support/sequencer.ts'

const repository = resolve(import.meta.dirname, '../../..')
// Metrics are registered before anything is asked of the database.
const db = {} as Db

/** A process: its source files, and what it observes. The workers observe what their parts are chosen for. */
interface Process {
  readonly sources: readonly string[]
  readonly observers: Readonly<Record<string, (registry: Registry) => unknown>>
}

function processes(verifierKey: string): Readonly<Record<string, Process>> {
  const policy = parsePolicy(`log ${verifierKey}\nquorum none\n`)
  const requests = {
    observeRequests: (registry: Registry) => observeRequests({ addHook: () => ({}) as never }, registry),
  }
  const sequencer = globSync('workers/sequencer*.ts', { cwd: repository })
  return {
    access: { sources: ['services/access/main.ts'], observers: requests },
    ingest: { sources: ['services/ingest/main.ts'], observers: requests },
    sequencer: {
      sources: sequencer,
      observers: { observeLedger: (registry) => observeLedger(db, { names: [], unanswered: () => [] }, registry) },
    },
    workers: {
      sources: globSync('workers/**/*.ts', { cwd: repository }).filter((file) => !sequencer.includes(file)),
      observers: {
        observeArchive: (registry) => observeArchive(db, registry),
        observeJobs: (registry) => observeJobs(db, registry),
        observeWitnesses: (registry) => observeWitnesses({ db, policy, clock: systemClock }, registry),
      },
    },
  }
}

t.test('the metrics of every process have the names, types and labels that were agreed', async (t) => {
  const { verifierKey } = await makeTestLog(t)
  const lines = ['every process (label: service)', ...metricsOf(createRegistry('test')), '']
  const names: string[] = []
  for (const [name, { sources, observers }] of Object.entries(processes(verifierKey))) {
    t.same(observersIn(sources), Object.keys(observers).sort(), `${name} observes what is listed here`)
    const registry = new Registry()
    for (const observe of Object.values(observers)) observe(registry)
    lines.push(name, ...metricsOf(registry), '')
    names.push(...registry.getMetricsAsArray().map((metric) => metric.name))
  }
  t.same(metricsInSources(), [...new Set(names)].sort(), 'every metric of the sources is one of a process')
  compareGolden(t, new URL('./metrics.golden.txt', import.meta.url), lines.join('\n'))
})

function metricsOf(registry: Registry): string[] {
  return registry
    .getMetricsAsArray()
    .map((metric) => {
      const { name, type, labelNames } = metric as unknown as { name: string; type: string; labelNames: string[] }
      return `  ${name}: ${type}${labelNames.length > 0 ? ` (${labelNames.join(', ')})` : ''}`
    })
    .sort()
}

/** The functions named `observe…` that these files call. */
function observersIn(files: readonly string[]): string[] {
  const called = files.flatMap((file) => readSource(file).match(/(?<!function )\bobserve[A-Z]\w*(?=\()/g) ?? [])
  return [...new Set(called)].sort()
}

function metricsInSources(): string[] {
  const files = globSync('{services,workers}/**/*.ts', { cwd: repository })
  const made = files.flatMap((file) => [
    ...readSource(file).matchAll(/new (?:Gauge|Counter|Histogram|Summary)\(\{\s*name: '(\w+)'/g),
  ])
  return made.map(([, name]) => name!).sort()
}

function readSource(file: string): string {
  return readFileSync(resolve(repository, file), 'utf8')
}
