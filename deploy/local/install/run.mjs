import { spawn } from 'node:child_process'

/**
 * Runs a program to its end with its output kept, not shown: the installer says what matters itself.
 * Resolves to { code, output }; code is -1 when the program could not be started at all.
 * `onLine` sees each line as it comes (for progress).
 */
export function run(command, args, { env = process.env, cwd, onLine, uid, gid } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, cwd, uid, gid, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks = []
    const take = (chunk) => {
      chunks.push(chunk)
      if (onLine) for (const line of chunk.toString().split('\n')) if (line !== '') onLine(line)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', (error) => resolve({ code: -1, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? -1, output: Buffer.concat(chunks).toString() }))
  })
}
