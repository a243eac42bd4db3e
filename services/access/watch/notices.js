// What the person who is signed in should know: above everything else, until he has said that he has seen it.

import { request } from './request.js'
import { spoken, word } from './words.js'

/**
 * @param list the element that they stand in
 * @param notices of the session; those that were acknowledged are taken out of it
 * @param attempt (button, work) runs what a click asked for
 */
export function drawNotices(list, notices, attempt) {
  const acknowledge = async (notice) => {
    await request('POST', `/notices/${encodeURIComponent(notice.id)}/seen`)
    notices.splice(notices.indexOf(notice), 1)
    drawNotices(list, notices, attempt)
  }
  const itemOf = (notice) => {
    const item = document.createElement('li')
    item.append(Object.assign(document.createElement('span'), { textContent: spoken(notice.text) }))
    // Work that waits stays until it is done.
    if (notice.waits) return item
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: word('seen') })
    button.className = 'quiet'
    button.addEventListener('click', () => attempt(button, () => acknowledge(notice)))
    item.append(button)
    return item
  }
  list.replaceChildren(...notices.map(itemOf))
  list.hidden = notices.length === 0
}
