import { type Faults, type FileSystem, FileSystemError } from './file-system.ts'

/** The same files with the faults of the moment: bad sectors, short reads, files that do not go away. */
export function withFaults<Node extends object>(files: FileSystem<Node>, faults: () => Faults): FileSystem<Node> {
  const paths = new Map<Node, string>([[files.root, '']])
  return {
    root: files.root,
    attributes: (node) => files.attributes(node),
    child(folder, name) {
      const child = files.child(folder, name)
      const parent = paths.get(folder)
      if (child && parent !== undefined) paths.set(child, parent === '' ? `${name}` : `${parent}/${name}`)
      return child
    },
    entry: (folder, index) => files.entry(folder, index),
    reopen: (folder) => files.reopen(folder),
    read(node, offset, size) {
      const { badSectors = [], readBytesMax = size } = faults()
      const length = Math.min(size, readBytesMax)
      const path = paths.get(node)
      const isBad = badSectors.some((bad) => bad.path === path && offset < bad.to && offset + length > bad.from)
      if (isBad) throw new FileSystemError('EIO')
      return files.read(node, offset, length)
    },
    link: (node) => files.link(node),
    unlink(folder, name) {
      const { unlinkFails, unlinkLies } = faults()
      if (unlinkFails) throw new FileSystemError(unlinkFails)
      if (!unlinkLies) files.unlink(folder, name)
    },
    sync: () => files.sync(),
    space: () => files.space(),
  }
}
