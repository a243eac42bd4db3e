import type { PackageSource } from './source.ts'
import type { PackageTrust } from './trust.ts'
import {
  isContainerFault,
  type PackageReport,
  refusedContainer,
  type VerifyOptions,
  verifyPackage,
} from './verify-package.ts'

/** Opens a container and verifies what is in it; one that cannot be opened is reported too. */
export async function verifySource(
  open: () => Promise<PackageSource>,
  trust: PackageTrust,
  options: VerifyOptions = {},
): Promise<PackageReport> {
  let source: PackageSource
  try {
    source = await open()
  } catch (error) {
    if (isContainerFault(error)) return refusedContainer(error.message)
    throw error
  }
  try {
    return await verifyPackage(source, trust, options)
  } finally {
    await source.close()
  }
}
