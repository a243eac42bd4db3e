import { runProgram } from './program.ts'
import { processTerminal } from './terminal.ts'

// Whoever reads only the beginning of what a command prints (`custody … | head`) closes the pipe: the rest is for nobody.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await runProgram(process.argv.slice(2), processTerminal(process, process.env))
