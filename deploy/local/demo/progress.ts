const barWidth = 24
const redrawMs = 100

/** Reports how far a step is: `done` of the step's total. */
export type Advance = (done: number) => void

/** Runs one step under a line that shows its progress; the line ends with the seconds it took. */
export async function step<T>(title: string, total: number, work: (advance: Advance) => Promise<T>): Promise<T> {
  const startMs = Date.now()
  let done = 0
  const draw = () => {
    if (!process.stdout.isTTY) return
    const filled = total > 0 ? Math.min(barWidth, Math.floor((done / total) * barWidth)) : 0
    const seconds = ((Date.now() - startMs) / 1000).toFixed(0)
    process.stdout.write(
      `\r\x1b[K${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${seconds.padStart(3)} s  ${title}`,
    )
  }
  const timer = setInterval(draw, redrawMs)
  draw()
  try {
    const result = await work((value) => {
      done = value
    })
    finish('✓')
    return result
  } catch (error) {
    finish('✗')
    throw error
  } finally {
    clearInterval(timer)
  }

  function finish(mark: string): void {
    const seconds = ((Date.now() - startMs) / 1000).toFixed(1)
    process.stdout.write(`${process.stdout.isTTY ? '\r\x1b[K' : ''}${mark} ${title} (${seconds} s)\n`)
  }
}
