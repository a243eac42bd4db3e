import type { Words } from './words.zh.ts'

export const deskWords: Words['desk'] = {
  title: 'Import cards',
  media: '1  Card or folder to import',
  mediaSays: 'Put a card into the reader, or touch an exported folder',
  noMedia: 'There is no card, and no exported folder',
  kind: { card: 'Card', cable: 'Cable', folder: 'Folder' },
  saysSerial: (serial) => `says ${serial}`,
  inSlot: (slot) => `Being imported: ${String(slot).padStart(2, '0')}`,
  unreadable: 'Cannot be read: is it connected? Else call the administrator',
  device: '2  Whose device?',
  deviceSays: 'Scan its label, or touch it',
  person: '3  Who imports it?',
  personSays: 'Show a work card, or touch a name',
  cardRead: 'Work card read',
  noPeople: 'The register has nobody',
  begin: 'Import',
  notListed: 'No registered device',
  failed: {
    not_found: 'The card is out, or the register has changed: choose again',
    conflict: 'This card is out, or being imported already',
    not_ready: 'The server is away and cards are not known now: touch a name',
    unknown_label: 'The device of this label is not in the register: touch it, or call the administrator',
  },
  says: 'Nothing is read before. What was imported stays on the card until the rules say otherwise',
}
