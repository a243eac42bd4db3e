/** What the server of the kernel's protocol asks of a simulated file system. All of it is synchronous: one device, one process. */
export interface FileSystem<Node extends object> {
  readonly root: Node
  attributes(node: Node): Attributes
  child(folder: Node, name: Buffer): Node | null
  /** The entry with this number, from 0, or null behind the last. A broken folder may have no last. */
  entry(folder: Node, index: number): Entry | null
  /** Forgets what was read of the folder before: somebody opens it anew. */
  reopen(folder: Node): void
  read(node: Node, offset: number, size: number): Buffer
  link(node: Node): Buffer
  unlink(folder: Node, name: Buffer): void
  sync(): void
  space(): { readonly blockBytes: number; readonly blocks: number; readonly free: number }
}

export interface Attributes {
  readonly kind: NodeKind
  readonly bytes: number
  readonly modifiedMs: number
}

export type NodeKind = 'file' | 'folder' | 'link'

export interface Entry {
  readonly name: Buffer
  readonly kind: NodeKind
}

/** Faults that a test writes into a file beside the image; read again whenever that file has changed. */
export interface Faults {
  /** Everything fails with it from now on, also under handles that are open. */
  readonly dead?: ErrorName
  /** Bytes of a file that cannot be read. */
  readonly badSectors?: readonly { readonly path: string; readonly from: number; readonly to: number }[]
  /** No read gives more than so many bytes. */
  readonly readBytesMax?: number
  /** Each read takes so long. */
  readonly readDelayMs?: number
  /** Files that cannot be taken away. */
  readonly unlinkFails?: ErrorName
  /** An unlink is answered as done and changes nothing. */
  readonly unlinkLies?: boolean
}

export const errorNumbers = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  ENODEV: 19,
  EINVAL: 22,
  EROFS: 30,
  ENOSYS: 38,
} as const
export type ErrorName = keyof typeof errorNumbers

/** A failure as the kernel is told it. */
export class FileSystemError extends Error {
  readonly errorName: ErrorName
  constructor(errorName: ErrorName) {
    super(errorName)
    this.errorName = errorName
  }
}
