// The agent's side of mounts.sh: `ask-mounts.mjs VERB FOLDER` asks for the port whose folder ends in `slot-07`, and ends well
// only when the answer is `done`.

import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

const [verb, folder = '', path = '/run/custody-dock-mounts.sock'] = process.argv.slice(2)
const socket = connect(path)
socket.write(`${verb} ${folder.slice(-2)}\n`)
try {
  const answer = (await text(socket)).trim()
  if (answer !== 'done') throw new Error(answer || 'no answer')
} catch (error) {
  process.stderr.write(`${verb} ${folder}: ${error.message}\n`)
  process.exitCode = 1
}
