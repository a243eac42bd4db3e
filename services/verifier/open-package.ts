import { stat } from 'node:fs/promises'
import { Fault } from '../foundation/errors.ts'
import { verifySource } from './open-source.ts'
import { openFile } from './source-file.ts'
import { openFolder } from './source-folder.ts'
import { openZip } from './source-zip.ts'
import type { PackageTrust } from './trust.ts'
import type { PackageReport, VerifyOptions } from './verify-package.ts'

/**
 * Verifies the package in a folder or a zip file.
 *
 * @throws not_found when nothing is there
 */
export async function verifyPath(
  path: string,
  trust: PackageTrust,
  options: VerifyOptions = {},
): Promise<PackageReport> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new Fault('not_found', `there is no package ${path}`, { cause })
  })
  if (found.isDirectory()) return verifySource(() => openFolder(path), trust, options)
  const file = await openFile(path)
  try {
    return await verifySource(() => openZip(file), trust, options)
  } finally {
    await file.close()
  }
}
