import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { beginDownload, downloadLost, packageToDownload } from '../../custody/packages/download.ts'
import { endAnswer, noteAnswer } from '../../custody/packages/download-end.ts'
import { packageFileName } from '../../custody/packages/list.ts'
import type { DownloadEnd } from '../../foundation/db/words.ts'
import { isFault } from '../../foundation/errors.ts'
import { rangeOf } from '../byte-range.ts'
import { type AccessDeps, type Caller, callerOf } from '../deps.ts'
import { cutConnection, watchLongAnswer } from '../long-answer.ts'

/**
 * Sends a package's file, or the range that was asked for. Session, account, term and package are asked about again while
 * the bytes go out; the connection is cut when one of them is lost. How each answer ended is an event.
 */
export async function sendPackageFile(
  deps: AccessDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  packageId: string,
) {
  const { db, clock, stores } = deps
  const caller = callerOf(request)
  const file = await packageToDownload(db, clock, caller, packageId)
  const etag = `"${file.sha256.toString('hex')}"`
  reply.header('accept-ranges', 'bytes').header('etag', etag)
  const asked = askedRange(request, reply, file.bytes, etag)
  const { start, end } = asked ?? { start: 0, end: file.bytes - 1 }
  const { answerId } = await beginDownload(db, clock, caller, { file, start, end })
  const answer = watchedAnswer(deps, request, reply, { caller, packageId, answerId })
  const object = { bucket: 'derived', key: file.object_key, versionId: file.version_id } as const
  const source = await stores.primary.get(object, asked ? { start, end } : {}).catch((error) => {
    answer.end('read_failed')
    throw error
  })
  source.once('error', () => answer.end('read_failed'))
  // What goes wrong on the way ends the answer early: the reader sees it, and comes back with a range.
  pipeline(source, answer.bytes).catch((error) => request.log.warn({ err: error, packageId }, 'a download was cut'))
  const isEncrypted = file.recipient_key !== null
  const name = packageFileName({ caseNumber: file.case_number, id: file.id, isEncrypted })
  if (asked) reply.code(206).header('content-range', `bytes ${start}-${end}/${file.bytes}`)
  return reply
    .header('content-length', end - start + 1)
    .header('content-disposition', attachment(name, `evidence-${file.id}.zip${isEncrypted ? '.age' : ''}`))
    .type(isEncrypted ? 'application/octet-stream' : 'application/zip')
    .send(answer.bytes)
}

/** The stream through which the bytes go out; `end` records how the answer ended, once. */
function watchedAnswer(
  deps: AccessDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, packageId, answerId }: { caller: Caller; packageId: string; answerId: string },
) {
  const { db, clock, settings } = deps
  let sentBytes = 0
  let isEnded = false
  const end = (why: DownloadEnd) => {
    if (isEnded) return
    isEnded = true
    watch.stop()
    // When the event cannot be written now, `endSilentAnswers` writes it.
    endAnswer(db, clock, caller, { answerId, sentBytes, why }).catch((error) =>
      request.log.warn({ err: error, answerId }, 'the end of a download is not recorded yet'),
    )
  }
  const watch = watchLongAnswer({
    askAgainMs: settings.askAgainMs,
    lost: async (inUse) => {
      await noteAnswer(db, clock, { answerId, sentBytes })
      return downloadLost(db, clock, { viewer: caller, packageId, inUse }, settings.signIn)
    },
    cut: (why, cause) => {
      request.log.warn({ err: cause, packageId, why }, 'a download was cut off')
      end(why)
      cutConnection(request)
    },
  })
  const bytes = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      watch.mayPass(chunk.length).then((may) => {
        if (!may) return done()
        sentBytes += chunk.length
        done(null, chunk)
      }, done)
    },
  })
  const closed = () => {
    bytes.destroy()
    end(reply.raw.writableFinished ? 'complete' : 'client_gone')
  }
  // Whoever left while his download was being recorded closes nothing any more.
  if (reply.raw.destroyed) closed()
  else reply.raw.once('close', closed)
  return { bytes, end }
}

/** RFC 9110 §15.5.17: a 416 answer says in Content-Range how long the file is. */
function askedRange(request: FastifyRequest, reply: FastifyReply, bytes: number, etag: string) {
  const { range, 'if-range': ifRange } = request.headers
  try {
    return rangeOf({ range, ifRange: Array.isArray(ifRange) ? ifRange[0] : ifRange }, bytes, etag)
  } catch (error) {
    if (isFault(error, 'range_not_satisfiable')) reply.header('content-range', `bytes */${bytes}`)
    throw error
  }
}

/** RFC 6266 with RFC 8187: a plain name for old readers, the Chinese one for all others. */
function attachment(name: string, plainName: string): string {
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plainName}"; filename*=UTF-8''${encoded}`
}
