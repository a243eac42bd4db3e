// A recording as a row of the list.

import { sizeText } from './amounts.js'
import { recordedText, stateWord } from './recorded.js'
import { mayBeViewed } from './rendition.js'
import { word } from './words.js'

/**
 * @param actingRole of the person who looks at the list
 * @param open (button, recordingId) what a click on the row's button does
 */
export function rowOf(recording, { actingRole, open }) {
  const row = document.createElement('tr')
  const cell = (text, name = '') => {
    const element = row.insertCell()
    element.textContent = text
    element.className = name
    return element
  }
  cell(recordedText(recording))
  cell(recording.deviceSerial)
  const name = cell((recording.mark ? '★ ' : '') + recording.name.text, recording.mark ? 'name mark' : 'name')
  name.title = recording.name.text
  cell(sizeText(recording.bytes), 'number')
  cell(stateWord(recording))
  cell(word('renditions')[recording.rendition?.state ?? 'none'])
  const button = document.createElement('button')
  button.textContent = word(actingRole === 'custodian' && mayBeViewed(recording) ? 'look' : 'details')
  button.addEventListener('click', () => open(button, recording.id))
  row.insertCell().append(button)
  return row
}
