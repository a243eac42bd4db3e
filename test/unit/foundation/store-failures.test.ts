import t from 'tap'
import { Fault } from '../../../services/foundation/errors.ts'
import { isRefusal, storeFault, storeRefusal } from '../../../services/foundation/store/minio/failures.ts'

const xml = (code: string, message = 'm') => `<Error><Code>${code}</Code><Message>${message}</Message></Error>`
const system = (code: string) => Object.assign(new Error(code), { code, syscall: 'connect' })

t.test('each way a store fails has one fault code', async (t) => {
  const rows: [string, Error][] = [
    ['store_full', storeRefusal(507, xml('XMinioStorageFull'))],
    ['store_full', storeRefusal(507, '')],
    // What MinIO of February 2026 says when the disk fills up within a part.
    ['store_full', storeRefusal(500, xml('InternalError', 'We encountered …: cause(no space left on device)'))],
    ['not_found', storeRefusal(404, xml('NoSuchKey'))],
    ['not_found', storeRefusal(404, xml('NoSuchVersion'))],
    ['not_found', storeRefusal(404, xml('NoSuchUpload'))],
    ['store_down', storeRefusal(404, xml('NoSuchBucket'))],
    ['store_down', storeRefusal(503, xml('SlowDown'))],
    ['store_down', storeRefusal(502, '<html>')],
    ['store_down', system('ECONNREFUSED')],
    ['store_down', system('ECONNRESET')],
    ['store_down', new Error('Request failed after 0 retries: Error: Retryable HTTP status: 503')],
    ['not_ready', storeRefusal(403, xml('AccessDenied'))],
    ['internal', storeRefusal(400, xml('InvalidArgument'))],
  ]
  for (const [code, error] of rows) t.equal(storeFault('primary', 'test', error).code, code, error.message)
  const fault = new Fault('bytes_differ', 'x')
  t.equal(storeFault('primary', 'test', fault), fault)
})

t.test('only an answer of the server is a refusal', async (t) => {
  t.equal(isRefusal(storeRefusal(400, xml('InvalidRequest'))), true)
  t.equal(isRefusal(storeRefusal(403, xml('AccessDenied'))), true)
  t.equal(isRefusal(storeRefusal(503, xml('SlowDown'))), false)
  t.equal(isRefusal(system('ECONNREFUSED')), false)
})
