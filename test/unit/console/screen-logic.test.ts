import { mock } from 'node:test'
import t from 'tap'
import { alertOf, alertPacer, soundState } from '../../../services/console/dock-screen/alerts.ts'
import { cardView, whoOf } from '../../../services/console/dock-screen/card-view.ts'
import { asksFor, at, attentions, card, docked } from '../../../services/console/dock-screen/gallery/cards.ts'
import { stateOf } from '../../../services/console/dock-screen/gallery/scenes.ts'
import { nextProgress } from '../../../services/console/dock-screen/progress.ts'
import { scannedText } from '../../../services/console/dock-screen/scanned.ts'
import { afterScan, isSealNumberSure, noSealNumber } from '../../../services/console/dock-screen/slot/seal-number.ts'
import { zh } from '../../../services/console/dock-screen/words.zh.ts'
import { clockText, dayText, deviceTimeText, sizeText } from '../../../services/console/parts/figures.ts'

t.test('green is for receipts that the agent verified, one for each file, and for nothing else', async (t) => {
  const words = [
    'empty',
    'asking',
    'reading',
    'uploading',
    'checking',
    'copying',
    'provisional',
    'attention',
    'taken',
  ] as const
  const all = { ...docked(1, 'ready').files }
  for (const word of words) t.not(cardView(docked(1, word, 1, { files: all }), zh, 'name').tone, 'proven', word)
  for (const word of ['ready', 'charging'] as const) {
    t.match(cardView(docked(1, word), zh, 'name'), { tone: 'proven', word: 'ready' })
    t.not(cardView(docked(1, word, 1, { files: { ...all, receipts: all.total - 1 } }), zh, 'name').tone, 'proven')
    t.not(cardView(card(1, { word }), zh, 'name').tone, 'proven', 'no file, nothing proven')
  }
  t.not(cardView(docked(1, 'ready', 1, { isPickedUp: true }), zh, 'name').tone, 'proven')
  const taken = (onDevice: number) =>
    cardView(docked(1, 'checking', 1, { isPickedUp: true, files: { ...all, receipts: 0, onDevice } }), zh, 'name').note
  t.same([taken(2), taken(0)], ['余 2 个文件待补交', '文件已全部收下'], 'receipts are not waited for')
})

t.test('whoever may leave reads so, whatever still goes on; before that he is told to wait', async (t) => {
  for (const word of ['reading', 'uploading', 'checking', 'copying'] as const) {
    t.match(cardView(docked(1, word, 0.5, { mayLeave: true }), zh, 'name'), {
      word: 'mayLeave',
      stage: word,
      note: '设备留在槽内',
    })
    t.match(cardView(docked(1, word, 0.5, { mayLeave: false }), zh, 'name'), { word, note: '请稍候，勿拔出' })
  }
})

t.test('each word of attention has a sentence with what to do', async (t) => {
  for (const word of attentions) {
    const note = cardView(asksFor(1, word, 3), zh, 'name').note
    t.ok(note.length > 3 && note.length <= 15, note)
    t.ok(zh.attention[word].act.length > 6)
  }
})

t.test('names on the wall are what the bureau set', async (t) => {
  const one = docked(1, 'ready', 1, { person: { id: 'x', name: '李娜', number: '100245' } })
  t.equal(whoOf(one, 'name', zh.frame), '李娜')
  t.equal(whoOf(one, 'number', zh.frame), '100245')
  t.equal(whoOf(one, 'both', zh.frame), '李娜 100245')
  t.equal(whoOf(card(1), 'both', zh.frame), '')
  const taker = { id: 'x', name: '李娜', number: '100245' }
  const check = { freePercent: 97, clockOffsetMs: 0, unfit: [], instead: null, taker }
  t.match(cardView(card(1, { word: 'taken', check }), zh, 'number').note, /^100245/)
  t.notMatch(cardView(card(1, { word: 'taken', check }), zh, 'number').note, /李娜/)
  t.equal(whoOf(asksFor(1, 'unknown_volume'), 'both', zh.frame), '未登记设备')
})

t.test('a bar and a time go back by a tenth at most; another hand-in begins anew', async (t) => {
  const at50 = nextProgress(null, docked(1, 'uploading', 0.5, { leftMs: 100_000 }), true)
  t.equal(Math.round(at50.percent), 50)
  const worse = nextProgress(at50, docked(1, 'uploading', 0.1, { leftMs: 900_000 }), true)
  t.equal(Math.round(worse.percent), 40)
  t.equal(Math.round(worse.leftMs!), 110_000)
  t.equal(nextProgress(at50, docked(1, 'uploading', 0.8, { leftMs: 50_000 }), true).leftMs, 50_000)
  const other = docked(1, 'uploading', 0.1)
  t.equal(Math.round(nextProgress(at50, { ...other, bytes: { ...other.bytes, total: 22.4e9 } }, true).percent), 5)
  const away = docked(1, 'uploading', 0, { bytes: { total: 100, read: 60, sent: 0 } })
  t.equal(nextProgress(null, away, false).percent, 60, 'without the server what is on the spool counts')
})

t.test('a device that is seen ticks, a ready one rises, one that asks sounds low; nothing else is heard', async (t) => {
  t.equal(alertOf(undefined, asksFor(1, 'pulled_out')), null, 'nothing at the start')
  t.equal(alertOf(card(1), docked(1, 'reading', 0)), 'recognised')
  t.equal(alertOf(docked(1, 'reading', 0), docked(1, 'uploading', 0.1)), null)
  t.equal(alertOf(docked(1, 'copying', 1), docked(1, 'ready')), 'ready')
  t.equal(alertOf(docked(1, 'ready'), docked(1, 'charging')), null)
  t.equal(alertOf(docked(1, 'uploading', 0.5), asksFor(1, 'pulled_out', 3)), 'attention')
  t.equal(alertOf(asksFor(1, 'pulled_out', 3), asksFor(1, 'pulled_out', 2)), null)
  t.equal(alertOf(asksFor(1, 'pulled_out', 3), asksFor(1, 'volume_damaged')), 'attention')
})

t.test('at most one sound at a time, the weightiest', async (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  t.teardown(() => mock.timers.reset())
  const heard: string[] = []
  const pacer = alertPacer(({ alert, slot }) => heard.push(`${alert} ${slot}`))
  pacer.take('recognised', 1)
  pacer.take('attention', 2)
  pacer.take('ready', 3)
  mock.timers.tick(1)
  t.same(heard, ['attention 2'])
  pacer.take('ready', 4)
  mock.timers.tick(990)
  t.equal(heard.length, 1, 'within a second of the last')
  mock.timers.tick(20)
  t.same(heard, ['attention 2', 'ready 4'])
  pacer.stop()
})

t.test('quiet hours may pass midnight', async (t) => {
  const { settings } = stateOf([])
  const hour = (hours: number) => Date.UTC(2026, 10, 27, hours - 8)
  t.equal(soundState(settings, at), 'on')
  t.equal(soundState(settings, hour(23)), 'quiet')
  t.equal(soundState(settings, hour(29)), 'quiet', '05:00 of the next day')
  t.equal(soundState(settings, hour(30)), 'on', 'to 06:00')
  t.equal(soundState({ ...settings, quietFrom: '12:00', quietTo: '13:00' }, hour(12)), 'quiet')
  t.equal(soundState({ ...settings, quietFrom: null }, hour(23)), 'on')
  t.equal(soundState({ ...settings, sounds: false }, hour(12)), 'off')
})

t.test('a card reader is told from hands by its speed', async (t) => {
  const type = (text: string, gapMs: number, lastGapMs = gapMs) => {
    const scanned = scannedText()
    let now = 0
    for (const key of text) {
      now += gapMs
      scanned.take(key, now)
    }
    return scanned.take('Enter', now + lastGapMs)
  }
  t.equal(type('04A1B2C3', 10), '04A1B2C3')
  t.equal(type('04A1B2C3', 200), null, 'by hand')
  t.equal(type('04A1B2C3', 10, 500), null, 'Enter by hand')
  t.equal(type('123', 10), null, 'too short')
  const scanned = scannedText()
  const begins = [...'a04A1'].map((key, index) => {
    scanned.take(key, index === 0 ? 0 : 500 + index)
    return scanned.hasBegun()
  })
  t.same(begins, [true, true, false, false, false], 'the first key after a pause is the first of its text')
  t.equal(type('1'.repeat(70), 5)?.length, 6, 'a key that hangs is no card of 70 characters')
})

t.test(
  'a seal is scanned twice before it counts, for a work card that nobody knows here may look like one',
  async (t) => {
    const after = (...texts: string[]) => texts.reduce(afterScan, noSealNumber)
    t.match(after('04A1B2C3'), { text: '04A1B2C3', state: 'read_once' })
    t.notOk(isSealNumberSure(after('04A1B2C3')), 'what was read is shown, and not kept yet')
    t.ok(isSealNumberSure(after('A0012873', 'A0012873')))
    t.match(after('A0012873', 'A0012873', '04A1B2C3'), { text: 'A0012873' }, 'a card after it changes nothing')
    t.same(after('04A1B2C3', 'A0012873'), { text: '', state: 'differed' })
    t.notOk(isSealNumberSure(after('04A1B2C3', 'A0012873')))
    t.ok(isSealNumberSure(after('04A1B2C3', 'A0012873', 'A0012873', 'A0012873')))
    const typed = { text: 'F-1', state: 'typed' } as const
    t.same(afterScan(typed, '04A1B2C3'), typed)
    t.ok(isSealNumberSure(typed))
    t.notOk(isSealNumberSure(noSealNumber))
  },
)

t.test('figures as an office reads them', async (t) => {
  t.same([0, 999, 1_000, 812_400_000, 11_203_345_678, 500e9].map(sizeText), [
    '0 B',
    '999 B',
    '1 kB',
    '812 MB',
    '11.2 GB',
    '500 GB',
  ])
  t.equal(clockText(at), '17:58')
  t.equal(clockText(at + 9_000, true), '17:58:09')
  t.equal(dayText(Date.UTC(2026, 10, 27, 16, 30)), '2026-11-28')
  t.equal(deviceTimeText('2026-11-26T14:03:22+08:00'), '14:03:22')
  t.equal(deviceTimeText('2015-13-99'), '2015-13-99', 'no time: as it stands')
})
