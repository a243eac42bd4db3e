import t from 'tap'
import { numberJump } from '../../../services/custody/hand-ins/number-jumps.ts'

const nameOf = (running: number, { day = 20, year = 2026, kind = 'MP4' } = {}) => {
  const hour = String(running % 24).padStart(2, '0')
  return `ZJ00012_012345_${year}11${day}${hour}0000_${String(running).padStart(4, '0')}.${kind}`
}
const linesOf = (names: readonly string[]) => names.map((name, number) => ({ number, name }))
const jump = (names: readonly string[], before: readonly string[]) => numberJump(linesOf(names), linesOf(before))
const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)
const photo = { kind: 'JPG' }

t.test('numbers jump where the first new recording does not go on with the last one', async (t) => {
  t.equal(jump([nameOf(8)], [nameOf(7)]), null)
  const early = { line: 1, missing: 2, localTime: '2026-11-20T10:00:00' }
  t.match(jump([nameOf(11), nameOf(10)], [nameOf(7)]), early, 'by time')
  t.equal(jump([nameOf(7), nameOf(8)], [nameOf(7)]), null, 'what lies there still is none')
  t.match(jump([nameOf(7), nameOf(10)], [nameOf(7)]), { line: 1, missing: 2 })
  t.equal(jump([nameOf(1)], [nameOf(9999)]), null, 'it has begun anew')
  t.equal(jump([nameOf(9000)], [nameOf(7)]), null, 'another counter')
  t.equal(jump(['holiday.mp4'], [nameOf(7)]), null)
  t.equal(jump([], [nameOf(7)]), null)
  t.equal(jump([nameOf(10)], ['holiday.mp4']), null, 'nobody knows where it goes on')
})

t.test('photographs neither make a jump nor hide one', async (t) => {
  t.equal(jump([nameOf(10, photo)], [nameOf(7)]), null)
  const films = span(55, 57).map((running) => nameOf(running))
  const last = nameOf(3, { day: 21, ...photo })
  t.equal(jump([nameOf(58, { day: 22 })], [...films, last]), null, 'they count by themselves')
  t.match(jump([nameOf(61, { day: 22 })], [...films, nameOf(60, { day: 21, ...photo })]), { missing: 2 })
  const shared = span(4, 57).map((running) => nameOf(running, { day: 21, ...photo }))
  t.equal(jump([nameOf(58, { day: 22 })], [nameOf(3), ...shared]), null, 'they count on with the films')
})

t.test('a number that a reset clock has put elsewhere is not missing', async (t) => {
  const reset = span(52, 60).map((running) => nameOf(running, { year: 2000 }))
  t.equal(jump([nameOf(51), ...reset], [nameOf(50, { day: 19 })]), null)
  t.equal(jump([nameOf(61, { day: 21 })], [nameOf(51), ...reset]), null, 'nor for the hand-in after it')
  t.match(jump([nameOf(63, { day: 21 })], [nameOf(51), ...reset]), { line: 0, missing: 2 })
})
