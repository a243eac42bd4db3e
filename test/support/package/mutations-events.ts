import { createHash } from 'node:crypto'
import { vrfProve } from '../../../services/ledger/format/vrf.ts'
import { eventLine, type Files, proofPath, type SampleParts, subjectLine } from '../sample-package.ts'
import {
  addLine,
  checkpointPath,
  dropEvent,
  editJson,
  editLines,
  eventOfKind,
  eventsPath,
  type Json,
  leafOfKind,
  type Mutation,
  type MutationContext,
  mended,
  packagePath,
  readLines,
  subjectsPath,
  writeLines,
} from './mutation.ts'
import { sampleCase } from './sample-case.ts'
import { seededBytes } from './sample-log.ts'
import { sampleId } from './sample-recordings.ts'

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

export const eventMutations: readonly Mutation[] = [
  // What is left out
  mended('drop an event in the middle', 'event_missing', (context) => {
    const lines = readLines(context.files, eventsPath)
    const published = lines.filter(({ body }) => (body as string).includes('"kind":"rendition.published"'))
    dropEvent(context.files, published[context.below(published.length)]!)
  }),
  mended('drop an event in the middle, its proof stays', 'event_missing', ({ files }) => {
    editLines(files, eventsPath, (lines) => lines.filter((line) => line !== eventOfKind(lines, 'viewing.opened')))
  }),
  mended('drop the last event', 'last_event_missing', ({ files }) => {
    dropEvent(files, readLines(files, eventsPath).at(-1)!)
  }),
  mended('drop the last event, its proof stays', 'last_event_missing', ({ files }) => {
    editLines(files, eventsPath, (lines) => lines.slice(0, -1))
  }),
  mended('drop the end of a viewing', 'event_missing', ({ files }) => {
    dropEvent(files, eventOfKind(readLines(files, eventsPath), 'viewing.ended'))
  }),
  mended('drop a viewing with its subject', 'event_missing', ({ files }) => {
    const gone = subjectOf(files, 'viewing:')
    for (const line of readLines(files, eventsPath)) if (isAbout(line, gone)) dropEvent(files, line)
    editLines(files, subjectsPath, (lines) => lines.filter(({ subject }) => subject !== gone))
  }),
  mended('drop all events after some', 'last_event_missing', (context) => {
    const lines = readLines(context.files, eventsPath)
    for (const line of lines.slice(1 + context.below(lines.length - 1))) dropEvent(context.files, line)
  }),
  mended('drop a subject', 'subject_missing', (context) => {
    editLines(context.files, subjectsPath, (lines) => lines.toSpliced(context.below(lines.length), 1))
  }),
  mended('drop the case', 'subject_missing', ({ files }) => {
    editLines(files, subjectsPath, (lines) => lines.filter(({ subject }) => subject !== `case:${sampleCase}`))
  }),
  mended('add an event that joins nothing', 'event_extra', ({ files, parts }) => {
    addLine(files, parts, eventsPath, leafOfKind(parts, 'timestamp.requested'))
  }),
  mended('add an event of a stranger', 'subject_missing', ({ files, parts }) => {
    addLine(files, parts, eventsPath, leafOfKind(parts, 'session.opened'))
  }),
  // What is changed
  event('body', 'body_differs', (line) => {
    line.body = (line.body as string)
      .replace('custodian', 'custodiaN')
      .replace('service', 'servicE')
      .replace('officer', 'officeR')
      .replace('dock', 'docK')
      .replace('supervisor', 'supervisoR')
      .replace('administrator', 'administratoR')
  }),
  event('body and its digest', 'salt_differs', (line) => {
    line.body = (line.body as string).replace('"kind":"', '"kind":"x')
    line.bodySha256 = sha256(line.body)
  }),
  event('digest of the body', 'body_differs', (line) => {
    line.bodySha256 = sha256('another')
  }),
  event('salt', 'salt_differs', (line) => {
    line.salt = sha256(line.salt as string)
  }),
  event('body to no text', 'package_malformed', (line) => {
    line.body = JSON.parse(line.body as string) as Json
  }),
  event('salt to upper case', 'package_malformed', (line) => {
    line.salt = (line.salt as string).toUpperCase().replace(/^\d*$/, 'A')
  }),
  event('index below zero', 'package_malformed', (line) => {
    line.index = -1
  }),
  event('index to a fraction', 'package_malformed', (line) => {
    line.index = 2.5
  }),
  event('index to a text', 'package_malformed', (line) => {
    line.index = String(line.index)
  }),
  event('a member more', 'package_malformed', (line) => {
    line.note = 'x'
  }),
  event('a member less', 'package_malformed', (line) => {
    delete line.bodySha256
  }),
  event('the body to other JSON text', 'salt_differs', (line) => {
    line.body = ` ${line.body as string}`
    line.bodySha256 = sha256(line.body)
  }),
  mended('index beyond the tree', 'index_differs', ({ files }) => {
    editLines(files, eventsPath, (lines) => {
      lines.at(-1)!.index = 999_999
      return lines
    })
  }),
  mended('index of a leaf of strangers', 'index_differs', ({ files }) => {
    editLines(files, eventsPath, (lines) => {
      lines[0]!.index = 1
      return lines
    })
  }),
  mended('renumber all', 'index_differs', ({ files }) => {
    editLines(files, eventsPath, (lines) => lines.map((line) => ({ ...line, index: (line.index as number) + 1 })))
  }),
  mended('swap the indexes of two events', 'index_differs', ({ files }) => {
    editLines(files, eventsPath, (lines) => {
      const [one, other] = lines as [Json, Json]
      ;[one.index, other.index] = [other.index!, one.index!]
      return lines
    })
  }),
  mended('swap the bodies of two events', 'salt_differs', ({ files }) => {
    editLines(files, eventsPath, (lines) => {
      const [one, other] = lines as [Json, Json]
      ;[one.body, other.body] = [other.body!, one.body!]
      ;[one.bodySha256, other.bodySha256] = [other.bodySha256!, one.bodySha256!]
      return lines
    })
  }),
  mended('swap two lines of events', 'order_differs', ({ files }) => {
    editLines(files, eventsPath, (lines) => [lines[1]!, lines[0]!, ...lines.slice(2)])
  }),
  mended('an event twice', 'event_twice', (context) => {
    editLines(context.files, eventsPath, (lines) => [...lines, lines[context.below(lines.length)]!])
  }),
  mended('two events at one index', 'event_twice', ({ files }) => {
    editLines(files, eventsPath, (lines) => {
      lines[1]!.index = lines[0]!.index!
      return lines
    })
  }),
  // Subjects
  subject('a second secret for the case', 'subject_twice', (lines, context) => [...lines, strangerLine(context)]),
  subject('another secret for the case', 'secret_differs', (lines, context) => [
    strangerLine(context),
    ...lines.slice(1),
  ]),
  subject('a subject twice', 'subject_twice', (lines) => [...lines, lines[0]!]),
  subject('another secret with the true proof', 'secret_differs', (lines) => {
    lines[0]!.secret = createHash('sha512').update('x').digest('hex')
    return lines
  }),
  subject('a proof of another subject', 'secret_differs', (lines) => {
    lines[0]!.proof = lines[1]!.proof!
    return lines
  }),
  subject('secrets swapped', 'secret_differs', (lines) => {
    ;[lines[0]!.secret, lines[1]!.secret] = [lines[1]!.secret!, lines[0]!.secret!]
    return lines
  }),
  subject('a proof with s beyond the order', 'secret_differs', (lines) => {
    lines[0]!.proof = `${(lines[0]!.proof as string).slice(0, 96)}${'ff'.repeat(32)}`
    return lines
  }),
  subject('a person too, whose events are not shown', 'last_event_missing', (lines, { parts, seed }) => [
    ...lines,
    subjectLine(parts.log, `person:${sampleId(seed, 'person 0')}`),
  ]),
  mended('another case with its events', 'subject_extra', ({ files, parts }) => {
    discloseMore(files, parts, `case:${otherCase}`)
  }),
  mended('a recording of another case with its events', 'subject_extra', ({ files, parts, seed }) => {
    discloseMore(files, parts, `recording:${sampleId(seed, 'stranger 5')}`)
  }),
  mended('the package is said to be of a case without events', 'subject_missing', ({ files, parts }) => {
    editLines(files, subjectsPath, (lines) => [...lines, subjectLine(parts.log, `case:${sampleCase}\u200b`)])
    editJson(files, packagePath, (value) => {
      value.caseNumber = `${sampleCase}\u200b`
    })
  }),
  subject('a subject that has no event', 'subject_extra', (lines, { parts }) => [
    ...lines,
    subjectLine(parts.log, 'party:nobody'),
  ]),
  subject('a subject without a type', 'package_malformed', (lines) => {
    lines[1]!.subject = 'nothing'
    return lines
  }),
  subject('a subject with a type in upper case', 'package_malformed', (lines) => {
    lines[1]!.subject = 'Party:x'
    return lines
  }),
  subject('a subject without an id', 'package_malformed', (lines) => {
    lines[1]!.subject = 'party:'
    return lines
  }),
  subject('in another order', 'accepted', (lines) => lines.toReversed()),
  // Proofs
  proof('of another event', 'proof_differs', (_, files, other) => files.get(proofPath(other))!.toString('utf8')),
  proof('with an extra line', 'proof_differs', (text) => text.replace('\nindex', '\nextra eA==\nindex')),
  proof('without a hash', 'proof_differs', (text) => text.replace(/\n[^\n]{44}\n\n/, '\n\n')),
  proof('with a hash more', 'proof_differs', (text) => text.replace(/\n([^\n]{44})\n\n/, '\n$1\n$1\n\n')),
  proof('with hashes swapped', 'proof_differs', (text) => text.replace(/\n([^\n]{44})\n([^\n]{44})\n/, '\n$2\n$1\n')),
  proof('with another index', 'proof_differs', (text) => text.replace(/index \d+/, 'index 0')),
  proof('with a leading zero', 'proof_differs', (text) => text.replace('index ', 'index 0')),
  proof('with CRLF', 'proof_differs', (text) => text.replaceAll('\n', '\r\n')),
  proof('under a checkpoint with a signature less', 'proof_differs', (text) => text.replace(/\n[^\n]*\n$/, '\n')),
  mended('a case of another number', 'subject_missing', ({ files }) => {
    const text = files.get(packagePath)!.toString('utf8')
    files.set(packagePath, Buffer.from(text.replace(sampleCase, '综执检〔2026〕9001号')))
  }),
]

/** Changes one event's line, by the seed. */
function event(what: string, expect: string, change: (line: Json) => void): Mutation {
  return mended(`change ${what}`, expect, (context) => {
    editLines(context.files, eventsPath, (lines) => {
      change(lines[context.below(lines.length)]!)
      return lines
    })
  })
}

function subject(what: string, expect: string, change: (lines: Json[], context: MutationContext) => Json[]): Mutation {
  return mended(`subjects: ${what}`, expect, (context) => {
    editLines(context.files, subjectsPath, (lines) => change(lines, context))
  })
}

function proof(what: string, expect: string, change: (text: string, files: Files, other: number) => string): Mutation {
  return mended(`proof ${what}`, expect, (context) => {
    const indexes = readLines(context.files, eventsPath).map(({ index }) => index as number)
    const at = context.below(indexes.length)
    const path = proofPath(indexes[at]!)
    const other = indexes[(at + 1) % indexes.length]!
    context.files.set(
      path,
      Buffer.from(change(context.files.get(path)!.toString('utf8'), context.files, other), 'utf8'),
    )
  })
}

/** Number of a case of strangers. */
const otherCase = '综执检〔2026〕9001号'

/** Discloses one subject more, with all that belongs to it: true in itself, and none of this case's business. */
function discloseMore(files: Files, { log, size }: SampleParts, first: string): void {
  const own = new Set([first])
  for (const subject of own) {
    for (const { subjects } of log.leaves.slice(0, size).filter((leaf) => leaf.subjects.includes(subject))) {
      for (const one of subjects) if (one.startsWith('recording:')) own.add(one)
    }
  }
  const note = files.get(checkpointPath)!.toString('utf8')
  const shown = new Map(readLines(files, eventsPath).map((line) => [line.index as number, line]))
  for (const [index, leaf] of log.leaves.slice(0, size).entries()) {
    if (!leaf.subjects.some((one) => own.has(one))) continue
    shown.set(index, eventLine(log, index))
    files.set(proofPath(index), Buffer.from(log.proofAt(index, size, note)))
  }
  writeLines(
    files,
    eventsPath,
    [...shown].sort(([a], [b]) => a - b).map(([, line]) => line),
  )
  editLines(files, subjectsPath, (lines) => [...lines, ...[...own].map((one) => subjectLine(log, one))])
}

/** The case's secret as another VRF key gives it. */
function strangerLine({ seed }: MutationContext): Json {
  const key = seededBytes(seed, 'second vrf')(32)
  key[31] = 0x07
  const subject = `case:${sampleCase}`
  const { output, proof } = vrfProve(key, Buffer.from(subject, 'utf8'))
  return { subject, secret: output.toString('hex'), proof: proof.toString('hex') }
}

function subjectOf(files: Files, prefix: string): string {
  const found = readLines(files, subjectsPath).find(({ subject }) => (subject as string).startsWith(prefix))
  return found!.subject as string
}

function isAbout(line: Json, subject: string): boolean {
  const body = JSON.parse(line.body as string) as { subjects: { type: string; id: string }[] }
  return body.subjects.some(({ type, id }) => `${type}:${id}` === subject)
}
