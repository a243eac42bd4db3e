import t from 'tap'
import {
  hashPassword,
  newFirstPassword,
  nobodysHash,
  passwordMatches,
  requireGoodPassword,
} from '../../../services/custody/people/password.ts'

t.test('a password matches its own hash and no other does', async (t) => {
  const hash = await hashPassword('沿街巡查 2026 第一组 abc')
  t.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  t.ok(await passwordMatches('沿街巡查 2026 第一组 abc', hash))
  t.notOk(await passwordMatches('沿街巡查 2026 第一组 abd', hash))
  t.not(await hashPassword('沿街巡查 2026 第一组 abc'), hash, 'every hash has a salt of its own')
})

t.test('the same letters composed differently are the same password', async (t) => {
  t.ok(await passwordMatches('cafe\u0301-terrasse-9', await hashPassword('caf\u00e9-terrasse-9')))
})

t.test('no password is that of nobody, and looking takes the same work', async (t) => {
  t.notOk(await passwordMatches('', nobodysHash))
  t.match(nobodysHash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})

t.test('a hash of other parameters is still read, another format is an error', async (t) => {
  // A test vector of the argon2 reference program (src/test.c).
  const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  t.ok(await passwordMatches('password', reference))
  await t.rejects(passwordMatches('password', '$2b$10$abcdefghijklmnopqrstuv'), { code: 'internal' })
})

t.test('each rule of a new password is named when it is broken', async (t) => {
  const broken = (password: string, old?: string) => () => requireGoodPassword(password, { account: 'wangfang', old })
  t.throws(broken('elevenchars'), { code: 'bad_request', message: /12 to 256 characters: this one has 11/ })
  t.throws(broken('x1'.repeat(129)), { message: /12 to 256/ })
  t.throws(broken('ababababababab'), { message: /different characters/ })
  t.throws(broken('my-WangFang-2026'), { message: /account name/ })
  t.throws(broken('long enough 2026', 'long enough 2026'), { message: /is the old one/ })
  t.doesNotThrow(broken('资料专人调阅事由登记簿一号'))
})

t.test('a first password keeps the rules and is never the same twice', async (t) => {
  const made = new Set(Array.from({ length: 200 }, newFirstPassword))
  t.equal(made.size, 200)
  for (const password of made) {
    t.match(password, /^([a-z2-9]{5}-){3}[a-z2-9]{5}$/)
    t.notMatch(password, /[l01]/)
  }
})
