import type { FieldCase } from './case.ts'
import { fieldCases } from './cases.ts'
import { writeTables } from './names-and-times.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

/**
 * Makes every field input into `folder`, which it makes if need be: test pictures and tones, each file below 2 MB. Needs
 * ffmpeg with libx264, libx265 and libmp3lame on the PATH.
 */
export async function makeFieldInputs(folder: string): Promise<void> {
  const workshop = await openWorkshop(folder)
  try {
    const rest = fieldCases.values()
    await Promise.all([makeAll(rest, workshop), makeAll(rest, workshop)])
    await writeTables(workshop)
  } finally {
    await workshop.close()
  }
}

/** Two of these share `rest`: most inputs are made by an ffmpeg of one thread. */
async function makeAll(rest: IterableIterator<FieldCase>, workshop: Workshop): Promise<void> {
  for (const { file, make } of rest) await make(workshop, file)
}
