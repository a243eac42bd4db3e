import t from 'tap'
import { joinedSubjects, subjectsOfCase } from '../../../services/ledger/format/closure.ts'

const about = (...subjects: string[]) => ({
  subjects: subjects.map((subject) => ({ type: subject.split(':')[0]!, id: subject.split(':')[1]! })),
})

t.test('recordings, uploads and viewings join a case; people, devices and other cases do not', async (t) => {
  const body = about('case:1', 'recording:a', 'person:p', 'upload:u', 'device:d', 'viewing:v', 'case:2')
  t.same(joinedSubjects(body), ['recording:a', 'upload:u', 'viewing:v'])
})

t.test('a case is followed from event to event, in whatever order they come', async (t) => {
  const events = [
    about('viewing:v', 'person:p'),
    about('upload:u', 'dock:d'),
    about('upload:u', 'recording:a'),
    about('viewing:v', 'recording:a'),
    about('case:1', 'recording:a', 'person:p'),
  ]
  t.same([...subjectsOfCase('1', events)].sort(), ['case:1', 'recording:a', 'upload:u', 'viewing:v'])
  t.same([...subjectsOfCase('1', events.toReversed())].sort(), ['case:1', 'recording:a', 'upload:u', 'viewing:v'])
})

t.test('what is linked by a person or another case alone does not belong to it', async (t) => {
  const events = [about('case:1', 'person:p'), about('person:p', 'recording:b'), about('case:2', 'recording:c')]
  t.same([...subjectsOfCase('1', events)], ['case:1'])
  t.same([...subjectsOfCase('1', [])], ['case:1'])
})
