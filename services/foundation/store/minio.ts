import type { Connection, MinioOptions } from './minio/connection.ts'
import { call, openConnection } from './minio/connection.ts'
import { deleteIsRefused, hold, lock, lockState, shorteningIsRefused } from './minio/lock.ts'
import { abortMultipart, completeMultipart, putPart, putStream, startMultipart } from './minio/multipart.ts'
import { getObject, listObjects, putObject, removeObject, statObject, versionsOf } from './minio/objects.ts'
import type { Store } from './store.ts'

export type { MinioOptions } from './minio/connection.ts'
export { partBytesFor } from './minio/multipart.ts'

/**
 * The Store contract on a MinIO server (or another S3 server with Object Lock). Opens no connection yet: a store that is
 * away shows at its first call as `store_down`.
 */
export function openMinioStore(options: MinioOptions): Store {
  const connection = openConnection(options)
  return {
    name: options.name,
    hostName: options.hostName,
    put: (bucket, key, bytes, contentType) => putObject(connection, bucket, key, bytes, contentType),
    putStream: (bucket, key, source, streamOptions) => putStream(connection, bucket, key, source, streamOptions),
    get: (object, range) => getObject(connection, object, range),
    stat: (object) => statObject(connection, object),
    versions: (bucket, key) => versionsOf(connection, bucket, key),
    list: (bucket, prefix) => listObjects(connection, bucket, prefix),
    remove: (bucket, key, versionId) => removeObject(connection, bucket, key, versionId),
    startMultipart: (bucket, key) => startMultipart(connection, bucket, key),
    putPart: (target, source, signal, sending) => putPart(connection, target, source, { signal, ...sending }),
    completeMultipart: (target, parts) => completeMultipart(connection, target, parts),
    abortMultipart: (target) => abortMultipart(connection, target),
    lock: (object, retainUntil) => lock(connection, object, retainUntil),
    hold: (object) => hold(connection, object),
    lockState: (object) => lockState(connection, object),
    deleteIsRefused: (object) => deleteIsRefused(connection, object),
    shorteningIsRefused: (object, retainUntil) => shorteningIsRefused(connection, object, retainUntil),
    clockOffsetMs: () => clockOffsetMs(connection),
    close: async () => connection.agent.destroy(),
  }
}

/** From the Date header of any answer, which has whole seconds: right to about half a second. */
async function clockOffsetMs(connection: Connection): Promise<number> {
  const begunAt = Date.now()
  const date = await call(connection, 'asking for its time', () => dateHeader(connection))
  const middle = (begunAt + Date.now()) / 2
  return Math.round(date.getTime() + 500 - middle)
}

function dateHeader(connection: Connection): Promise<Date> {
  return new Promise((resolve, reject) => {
    const request = connection.request(connection.endpoint, { method: 'HEAD', agent: connection.agent }, (response) => {
      response.resume()
      const date = new Date(response.headers.date ?? '')
      if (Number.isNaN(date.getTime())) reject(new Error('the answer carries no date'))
      else resolve(date)
    })
    request.setTimeout(10_000, () => request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
    request.on('error', reject)
    request.end()
  })
}
