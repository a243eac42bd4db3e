// The container's health check: asks the process at HEALTH_URL (its own, on loopback) and says so by its exit code.
// On loopback the certificate's name cannot match and nobody stands between, so it is not checked.
import { get as getHttp } from 'node:http'
import { get as getHttps } from 'node:https'

const address = process.env.HEALTH_URL
if (address) {
  const get = address.startsWith('https:') ? getHttps : getHttp
  const request = get(address, { rejectUnauthorized: false, timeout: 4000 }, (response) => {
    response.resume()
    process.exitCode = response.statusCode === 200 ? 0 : 1
  })
  request.on('timeout', () => request.destroy(new Error('no answer within 4 s')))
  request.on('error', (error) => {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  })
}
