import type { Words } from './words.zh.ts'
import { deskWords } from './words-desk.en.ts'
import { actWords, receiptReasonWords, slotWords } from './words-detail.en.ts'
import { frameWords } from './words-frame.en.ts'

const files = (count: number) => (count === 1 ? '1 file' : `${count} files`)
const callAdmin = 'Leave it in, clear nothing, call the administrator.'

export const en: Words = {
  big: {
    empty: 'Empty',
    asking: 'Whose?',
    unread: 'Not read',
    reading: 'Reading',
    uploading: 'Sending',
    checking: 'Checking',
    copying: 'Copying',
    mayLeave: 'You may go',
    provisional: 'Provisional',
    ready: 'Take it',
    charging: 'Charging',
    attention: 'Needs you',
    taken: 'Taken',
    pickedUp: 'Out early',
  },
  note: {
    empty: 'Put a device in',
    asking: 'Touch: whose device?',
    unread: 'Touch: say again whose',
    wait: 'Do not pull out',
    mayLeave: 'Leave device in',
    provisional: 'Take it, clear nothing',
    ready: (count) => `${count} ${count === 1 ? 'receipt' : 'receipts'} checked`,
    charging: 'Nothing new, free to take',
    taken: '',
    takenBy: (name) => `${name} takes it`,
    whoTakes: 'Touch: who takes it?',
    unfit: (what, slot) => (slot === null ? `${what}: leave it` : `${what}: take ${String(slot).padStart(2, '0')}`),
    pickedUp: (count) => (count === 0 ? 'Every file is in' : `${files(count)} to follow`),
  },
  unfitWords: {
    battery: (percent) => `Battery ${percent} %`,
    space: (percent) => `${percent} % free`,
    clock: 'Clock wrong',
    state: 'Not in service',
  },
  stage: { reading: 'Read', uploading: 'Sent', checking: 'Checked', copying: 'Copied' },
  attention: {
    unknown_volume: {
      short: () => 'Whose device is it?',
      wrong: () => 'This volume is in no register and was not read',
      act: 'Touch the slot and say whose it is.',
    },
    two_devices_one_serial: {
      short: () => 'Serial twice, leave in',
      wrong: () => 'Two devices say the same serial',
      act: 'Leave both in and call the administrator.',
    },
    file_unreadable: {
      short: (count) => `${files(count)} unreadable`,
      wrong: (count) => `${files(count)} cannot be read`,
      act: callAdmin,
    },
    pulled_out: {
      short: (count) => `Put back: ${files(count)} left`,
      wrong: (count) => `The device was pulled out with ${files(count)} to go`,
      act: 'Put it into any free slot: it goes on where it stopped.',
    },
    spool_full: {
      short: () => 'Station full, clear nothing',
      wrong: () => "The station's disk is full, the other files are still on the device",
      act: callAdmin,
    },
    refused_by_server: {
      short: () => 'Refused, leave it in',
      wrong: () => 'The server did not take this hand-in',
      act: callAdmin,
    },
    quarantined: {
      short: (count) => `${files(count)} in quarantine`,
      wrong: (count) => `${files(count)} in quarantine, kept on the device`,
      act: 'The custodian will look. You may take the device.',
    },
    digest_differs: {
      short: (count) => `${files(count)} differ, leave in`,
      wrong: (count) => `The digest of ${files(count)} differs`,
      act: callAdmin,
    },
    receipt_wrong: {
      short: () => 'Bad receipt, clear nothing',
      wrong: () => 'A receipt did not verify, nothing was cleared',
      act: callAdmin,
    },
    not_in_service: {
      short: () => 'Not in service: check',
      wrong: () => 'The register says that this device is not in service',
      act: 'Ask the administrator to check the register.',
    },
    volume_damaged: {
      short: () => 'Damaged, do not format',
      wrong: () => 'The storage of the device is damaged',
      act: 'Do not format it, leave it in, call the administrator.',
    },
    unlock_failed: {
      short: () => 'Locked: put in again',
      wrong: () => "The vendor's command did not open this device",
      act: 'Take it out and put it back. If that does not help, call the administrator.',
    },
    changed_after_list: {
      short: (count) => `${files(count)} changed`,
      wrong: (count) => `${files(count)} changed on the device after the list was signed`,
      act: 'They are taken in as new files. Tell the administrator.',
    },
    copy_damaged: {
      short: (count) => `${files(count)} damaged at the bureau`,
      wrong: (count) => `A copy of ${files(count)} at the bureau is damaged`,
      act: 'They stay on the device. Call the administrator.',
    },
    post_refused: {
      short: () => 'A notice refused',
      wrong: () => 'The bureau refuses what this station says about the hand-in',
      act: 'You may take the device. Tell the administrator.',
    },
    card_to_seal: {
      short: () => 'Seal its card',
      wrong: () => 'Everything is in, and the card itself is to be kept',
      act: 'Take the card out, seal it, and say seal number, keeper and place',
    },
    clear_failed: {
      short: (count) => `${files(count)} not cleared`,
      wrong: (count) => `All has its receipt, but ${files(count)} could not be cleared`,
      act: 'You may take the device: it is cleared next time.',
    },
    files_not_listed: {
      short: () => 'Files not listed, clear nothing',
      wrong: (count) => `Far more of the device is used than its list says: ${files(count)} not listed`,
      act: callAdmin,
    },
    read_from_memory: {
      short: () => 'Not cleared here',
      wrong: () => 'The driver of this device may read it from memory a second time, so nothing is cleared',
      act: 'You may take the device. Tell the administrator.',
    },
  },
  recentResult: {
    receipts: 'receipts',
    provisional: 'provisional',
    no_receipt: 'no receipt yet',
    attention: 'needs somebody',
    pulled_out: 'pulled out',
    picked_up: 'taken in an emergency',
  },
  gapReason: {
    battery: 'Battery empty',
    storage_full: 'Storage full',
    device_fault: 'Device fault',
    asked_by_party: 'Party asked',
    operating_error: 'Operating error',
    clock: 'Clock changed',
    other: 'Other',
  },
  grade: { slot: 'by the device in its slot', card: 'by card', code: 'by code', password: 'by password' },
  fileState: {
    waiting: 'waiting',
    receiving: 'sending',
    complete: 'sent',
    sealed: 'sealed',
    secured: 'three copies',
    quarantined: 'quarantine',
    duplicate: 'here before',
    refused: 'refused',
  },
  receipt: { none: 'not yet', provisional: 'provisional', witnessed: 'witnessed', wrong: 'does not verify' },
  frame: frameWords,
  slot: slotWords,
  act: actWords,
  receiptReason: receiptReasonWords,
  desk: deskWords,
}
