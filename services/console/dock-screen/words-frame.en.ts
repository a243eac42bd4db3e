import type { Words } from './words.zh.ts'

export const frameWords: Words['frame'] = {
  language: 'en',
  otherLanguage: '中文',
  title: 'Dock',
  receiving: (slots) => `Receiving ${slots}`,
  today: (handedIn, expected) => `Today ${handedIn} of ${expected}`,
  server: { online: 'Server connected', offline: 'Server away', refused: 'Server refuses this dock' },
  spool: (used, size) => `Spool ${used} / ${size}`,
  clock: { proven: 'Clock proven', unproven: 'Clock unproven', off: 'Clock off' },
  contact: (name, phone) => `Call ${name} ${phone}`,
  contrast: 'Contrast',
  large: 'Larger',
  sound: { on: 'Sound on', quiet: 'Quiet hours', off: 'Sound off' },
  heard: { recognised: 'Device seen', ready: 'Take it', attention: 'Needs you' },
  heardIn: (sound, slot) => `${sound}: ${String(slot).padStart(2, '0')}`,
  needs: (count) => `${count} to deal with`,
  look: 'Look',
  nobodyNeeded: 'No slot needs anybody',
  station: {
    unlinked: "The station's program does not answer, this may be out of date: take no device, call the administrator",
    offline: 'Server away: footage is kept here, encrypted. Hand in as usual, do as each card says, clear nothing',
    certificate: {
      not_trusted:
        "The server's certificate is not trusted: footage is kept here, clear nothing, call the administrator",
      out_of_date: "The server's certificate is out of date, or this dock's clock is off: call the administrator",
      other_name: "The server's certificate is for another address: footage is kept here, call the administrator",
    },
    refused: 'The server refuses this dock: footage is kept here, call the administrator',
    refusedFiles: (count) =>
      `The server refuses ${count} files that are kept here: they stay here, encrypted; call the administrator`,
    missingCopies: (count) =>
      `The copies of ${count} files that were cleared before they were witnessed are gone from here: call the administrator`,
    devicesWanted: (serials) =>
      `A copy here cannot be read, so these devices must be read again: put ${serials} back into any slot, clear nothing`,
    spoolFull: 'The disk of this dock is full: leave new devices in, clear nothing, call the administrator',
    spoolFilling: 'The disk of this dock fills up: call the administrator',
    trouble: {
      store_unreadable: (store: string) =>
        `The store of ${store} cannot be read, and nothing of it is handed in: check the network and the share, call the administrator`,
      file_held: (store: string) =>
        `A file of ${store} cannot be opened, and its day is not handed in: check its rights, call the administrator`,
    },
    clockOff: "This dock's clock is off: hand in as usual, no device is set, call the administrator",
  },
  waiting: (words) => `${words} to send`,
  recent: 'Latest',
  justNow: 'now',
  noRecent: 'Nothing was handed in today',
  files: (count) => (count === 1 ? '1 file' : `${count} files`),
  todayList: 'Today',
  help: 'Help',
  back: 'Back',
  loading: "Connecting to the station's program",
  unregistered: 'Not registered',
  nobody: 'User unknown',
  marked: (secured, total) => (secured === total ? 'safe' : `${secured}/${total}`),
  left: { seconds: (count) => `${count} s left`, minutes: (count) => `${count} min left` },
  leftHours: (count) => `${count} h left`,
  gaps: (count) => `explain ${count}`,
  battery: (percent) => `Battery ${percent} %`,
  helpSteps: [
    { head: 'Put in', text: 'Any free slot; touch nothing. Name and serial show within three seconds.' },
    { head: 'You may go', text: 'Go. Leave the device in: the rest is done by itself.' },
    { head: 'Take it', text: 'Green: this dock checked the receipts itself. The device is free.' },
    {
      head: 'Provisional',
      text: 'Three copies are kept, the witness is late. Use the device, clear nothing, bring it back.',
    },
    { head: 'Needs you', text: 'Touch the card and do what it says. Nothing is lost if you do not finish.' },
    { head: 'Gaps', text: 'Touch the card, then the reason.' },
    { head: 'Emergency', text: 'Touch the card, then Call-out, and pull it. The rest follows at any dock.' },
  ],
}
