import { spawn } from 'node:child_process'
import { Fault } from '../../foundation/errors.ts'
import { searchPath } from '../vendor/run-command.ts'

const printMsMax = 30_000

/**
 * Gives a page to the command that prints, on its standard input; no shell is asked.
 *
 * @throws not_ready in the words of the screen: there is no printer, or what its command said
 */
export function printPage(command: readonly string[] | null, page: string): Promise<void> {
  if (!command) return Promise.reject(new Fault('not_ready', '本站没有配置打印机'))
  const [program, ...args] = command
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Fault('not_ready', `打印机没有打印：${why}`))
    // Nothing of what the agent was started with is a printer's business.
    const env = { PATH: searchPath, LANG: 'C.UTF-8' }
    const child = spawn(program!, args, { env, stdio: ['pipe', 'ignore', 'ignore'], timeout: printMsMax })
    child.once('error', ({ message }) => fail(message))
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else fail(signal ? `${program} 超过 ${printMsMax / 1000} 秒没有完成` : `${program} 返回 ${code}`)
    })
    // A command that does not read to the end says why by its exit code.
    child.stdin.once('error', () => undefined)
    child.stdin.end(page)
  })
}
