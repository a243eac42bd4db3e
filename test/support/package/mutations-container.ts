import { crc32 } from 'node:zlib'
import type { Files } from '../sample-package.ts'
import { flip, type Mutation, type MutationContext, plain } from './mutation.ts'
import { writeZip, type ZipEntry } from './zip-writer.ts'

const top = 'package'

/** What is wrong with a folder or zip before anybody looks at what is in it. */
export const containerMutations: readonly Mutation[] = [
  ...['data/report/re port.html', 'data/report/报告.html', 'data/report/a\\b', 'data/report/a\nb', '-/é'].map((path) =>
    plain(`folder with the path ${JSON.stringify(path)}`, 'container_malformed', ({ files }) =>
      files.set(path, Buffer.from('x')),
    ),
  ),
  {
    name: 'folder with a link to a file',
    expect: 'container_malformed',
    apply: () => ({ links: new Map([['data/report/link.html', 'report.html']]) }),
  },
  {
    name: 'folder with a link to a folder outside',
    expect: 'container_malformed',
    apply: () => ({ links: new Map([['data/report/link', '/etc']]) }),
  },
  plain('folder with nothing', 'bag_malformed', ({ files }) => {
    files.clear()
    files.set('readme.txt', Buffer.from('x'))
  }),
  zip('as it must be', 'accepted', (entries) => writeZip(entries)),
  zip('with stored entries', 'accepted', (entries) => writeZip(entries.map((entry) => ({ ...entry, method: 0 })))),
  zip('with folders', 'accepted', (entries) =>
    writeZip([{ name: `${top}/`, data: none, method: 0 }, { name: `${top}/data/`, data: none, method: 0 }, ...entries]),
  ),
  zip('with a folder without a file', 'container_malformed', (entries) =>
    writeZip([{ name: `${top}/data/he-was-not-there/`, data: none, method: 0 }, ...entries]),
  ),
  zip('in another order', 'accepted', (entries) => writeZip(entries.toReversed())),
  zip('without a top folder', 'container_malformed', (entries) =>
    writeZip(entries.map((entry) => ({ ...entry, name: entry.name.slice(top.length + 1) }))),
  ),
  zip('with two top folders', 'container_malformed', (entries) => withOne(entries, { name: 'other/bagit.txt' })),
  zip('with a file beside the top folder', 'container_malformed', (entries) =>
    withOne(entries, { name: 'readme.txt' }),
  ),
  zip('with a top folder of two levels', 'bag_malformed', (entries) =>
    writeZip(entries.map((entry) => ({ ...entry, name: `outer/${entry.name}` }))),
  ),
  zip('with a name twice', 'container_malformed', (entries) => writeZip([...entries, entries[3]!])),
  zip('with a name twice, other bytes', 'container_malformed', (entries) =>
    writeZip([...entries, { ...entries[3]!, data: Buffer.from('other') }]),
  ),
  ...[
    `${top}/../x`,
    `${top}/data/../../x`,
    '/etc/passwd',
    `${top}//x`,
    `${top}/./x`,
    `${top}/a\\b`,
    'C:/x',
    `${top}/报告`,
    `${top}/a b`,
    `${top}/a\0b`,
    '',
  ].map((name) =>
    zip(`with the name ${JSON.stringify(name)}`, 'container_malformed', (entries) => withOne(entries, { name })),
  ),
  zip('with a file that is a folder of another', 'container_malformed', (entries) =>
    withOne(entries, { name: `${top}/data/package.json/x` }),
  ),
  ...Object.entries({
    'a link': 0o120777 << 16,
    'a device': 0o020666 << 16,
    'a folder of Unix': 0o040755 << 16,
    'a folder of DOS': 0x10,
  }).map(([what, attributes]) =>
    zip(`with a file that is ${what} by its attributes`, 'container_malformed', (entries) =>
      writeZip([...entries, { name: `${top}/data/report/more.html`, data: none, method: 0, attributes }]),
    ),
  ),
  zip('with modes of files and folders', 'accepted', (entries) =>
    writeZip([
      { name: `${top}/`, data: none, method: 0, attributes: (0o040755 << 16) | 0x10 },
      ...entries.map((entry) => ({ ...entry, attributes: 0o100644 << 16 })),
    ]),
  ),
  zip('with a second name in an extra field', 'container_malformed', (entries) =>
    writeZip(entries.with(3, { ...entries[3]!, extra: unicodePath(entries[3]!.name) })),
  ),
  zip('with a file between its entries that its directory does not list', 'container_malformed', (entries) => {
    const hidden = writeZip([{ name: `${top}/data/report/hidden.html`, data: Buffer.from('hidden'), method: 0 }])
    const before = hidden.subarray(0, hidden.indexOf('PK\x01\x02', 0, 'latin1'))
    return writeZip(entries.with(5, { ...entries[5]!, before }))
  }),
  zip('with bytes between its entries', 'container_malformed', (entries) =>
    writeZip(entries.with(5, { ...entries[5]!, before: Buffer.from('x') })),
  ),
  zip('with a folder that has bytes', 'container_malformed', (entries) =>
    withOne(entries, { name: `${top}/data/more/` }),
  ),
  zip('with an entry with a wrong CRC-32', 'container_damaged', (entries) =>
    writeZip(entries.with(3, { ...entries[3]!, crc: 12345 })),
  ),
  ...[0, 8].map((method) =>
    zip(`with a changed byte in an original, packed by method ${method}`, 'media_differs', (entries) =>
      writeZip(
        entries.map((entry) =>
          entry.name.includes('/data/originals/')
            ? { ...entry, method, data: flip(entry.data, 100), crc: crc32(entry.data) }
            : entry,
        ),
      ),
    ),
  ),
  one('with a size too small', { size: 3 }),
  one('with a size too large', { size: 4_000_000_000 }),
  one('with another name in its local header', { localName: `${top}/data/other` }),
  one('with an unknown method', { method: 12 }),
  one('that says it is encrypted', { flags: 1 }),
  zip('with two names of the same bytes', 'container_malformed', (entries) => {
    const last = entries.at(-1)!
    return writeZip([...entries, { ...last, name: `${top}/data/report/again`, shared: true }])
  }),
  zip('with bytes before it', 'container_malformed', (entries) =>
    Buffer.concat([Buffer.from('#!/bin/sh\n'), writeZip(entries)]),
  ),
  zip('with bytes after it', 'container_malformed', (entries) => Buffer.concat([writeZip(entries), Buffer.from('x')])),
  zip('with a comment', 'container_malformed', (entries) => {
    const bytes = writeZip(entries)
    bytes.writeUInt16LE(7, bytes.length - 2)
    return Buffer.concat([bytes, Buffer.from('comment')])
  }),
  zip('twice, one after the other', 'container_malformed', (entries) =>
    Buffer.concat([writeZip(entries), writeZip(entries.slice(1))]),
  ),
  zip('cut', 'container_malformed', (entries, { below }) => {
    const bytes = writeZip(entries)
    return bytes.subarray(0, below(bytes.length))
  }),
  zip('that is none', 'container_malformed', () => Buffer.from('this is no zip file')),
  zip('without a byte', 'container_malformed', () => none),
  zip('without an entry', 'container_malformed', () => writeZip([])),
  zip('with a flipped bit in the bytes of an entry', 'rejected', (entries, { below }) => {
    const bytes = writeZip(entries.map((entry) => ({ ...entry, method: 0 })))
    return flip(bytes, bytes.indexOf(entries[below(entries.length)]!.data), below(8))
  }),
  zip('with a flipped bit anywhere', undefined, (entries, { below }) => {
    const bytes = writeZip(entries)
    return flip(bytes, below(bytes.length), below(8))
  }),
]

const none = Buffer.alloc(0)

/** APPNOTE 4.6.9, with the true name. */
function unicodePath(name: string): Buffer {
  const field = Buffer.alloc(9)
  field.writeUInt16LE(0x7075, 0)
  field.writeUInt16LE(5 + name.length, 2)
  field.writeUInt8(1, 4)
  field.writeUInt32LE(crc32(name), 5)
  return Buffer.concat([field, Buffer.from(name)])
}

/** The files as entries of a zip, below one top folder. */
export function entriesOf(files: Files): ZipEntry[] {
  return [...files].map(([path, data]) => ({ name: `${top}/${path}`, data }))
}

function zip(
  what: string,
  expect: string | undefined,
  write: (entries: ZipEntry[], context: MutationContext) => Buffer,
): Mutation {
  return { name: `zip ${what}`, expect, apply: (context) => ({ zip: write(entriesOf(context.files), context) }) }
}

function withOne(entries: readonly ZipEntry[], more: { name: string }): Buffer {
  return writeZip([...entries, { ...more, data: Buffer.from('more') }])
}

/** One entry, by the seed, lies. */
function one(what: string, lie: Partial<ZipEntry>): Mutation {
  return zip(`with an entry ${what}`, 'container_malformed', (entries, { below }) => {
    const at = below(entries.length)
    return writeZip(entries.with(at, { ...entries[at]!, ...lie }))
  })
}
