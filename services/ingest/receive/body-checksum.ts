/** "The Server MUST support at least the SHA1 checksum algorithm identified by `sha1`." Digest lengths in bytes. */
export const checksumAlgorithms = { sha1: 20, sha256: 32 } as const
export type ChecksumAlgorithm = keyof typeof checksumAlgorithms

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm
  readonly digest: Buffer
}
