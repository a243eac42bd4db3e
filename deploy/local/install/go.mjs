import { chmodSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { onPath, outputOf } from './programs.mjs'
import { InstallFailure, say, secondsSince, tail } from './progress.mjs'
import { run } from './run.mjs'
import { installWithApt } from './system.mjs'

// The go.mod files of MinIO and of our own small programs ask for Go 1.24. Distributions often have an older one; that one can still fetch a newer toolchain,
// because Go publishes its toolchains as modules.
const oldestMinor = 24
const toolchainVersion = 'go1.24.6'

/** A `go` program of at least 1.24 and the environment to run it in. `env` names the caches. Throws InstallFailure. */
export async function findGo(env) {
  const present = [onPath('go'), '/usr/local/go/bin/go', '/usr/lib/go/bin/go'].filter(
    (path) => path && existsSync(path),
  )
  const good = present.find((path) => minorOf(path) >= oldestMinor)
  if (good) return { go: good, env: { ...env, GOTOOLCHAIN: 'local' } }
  if (present.length === 0) {
    const certificates = existsSync('/etc/ssl/certs/ca-certificates.crt') ? [] : ['ca-certificates']
    const problem = await installWithApt(['golang-go', ...certificates])
    const installed = onPath('go')
    if (!installed) throw new InstallFailure(`no Go on this machine, and ${problem ?? 'the package did not bring it'}`)
    if (minorOf(installed) >= oldestMinor) return { go: installed, env: { ...env, GOTOOLCHAIN: 'local' } }
    present.push(installed)
  }
  return { go: await fetchToolchain(present[0], env), env: { ...env, GOTOOLCHAIN: 'local' } }
}

function minorOf(go) {
  // "go version go1.26.8 linux/amd64"; GOTOOLCHAIN=local so that the question downloads nothing
  const text = outputOf('/usr/bin/env', ['GOTOOLCHAIN=local', go, 'version'])
  return Number(/go1\.(\d+)/.exec(text)?.[1] ?? 0)
}

async function fetchToolchain(go, env) {
  const startMs = Date.now()
  const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch]
  if (!architecture) throw new InstallFailure(`no Go toolchain is known for ${process.arch}`)
  const module = `golang.org/toolchain@v0.0.1-${toolchainVersion}.linux-${architecture}`
  say(`    Go here is 1.${minorOf(go)}; 1.${oldestMinor} is needed: fetching ${toolchainVersion} as a module`)
  const { code, output } = await run(go, ['mod', 'download', '-json', module], { env, cwd: env.GOPATH })
  const directory = code === 0 ? JSON.parse(output.slice(output.indexOf('{'))).Dir : undefined
  if (!directory) throw new InstallFailure(`the Go toolchain could not be fetched:\n${tail(output)}`)
  // Module archives carry no mode bits, so the programs come out not executable.
  makeExecutable(join(directory, 'bin'))
  makeExecutable(join(directory, 'pkg', 'tool'))
  say(`    Go ${toolchainVersion} is there (${secondsSince(startMs)} s)`)
  return join(directory, 'bin', 'go')
}

function makeExecutable(directory) {
  chmodSync(directory, 0o755)
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) makeExecutable(path)
    else chmodSync(path, 0o755)
  }
}
