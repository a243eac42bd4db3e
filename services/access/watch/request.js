// One request to this service; the browser sends the session's cookie along. Rejects with { code, message }.

export async function request(method, path, body) {
  let response
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch (cause) {
    throw { code: 'offline', message: String(cause) }
  }
  const text = await response.text()
  const answer = text === '' ? null : JSON.parse(text)
  if (response.ok) return answer
  throw { code: answer?.error?.code ?? 'other', message: answer?.error?.message ?? '' }
}
