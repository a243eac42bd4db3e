import { readFileSync } from 'node:fs'
import * as named from '../../../services/custody/events/hand-in-words.ts'
import {
  originNames,
  originsInEnglish,
  userGradeNames,
  userGradesInEnglish,
} from '../../../services/custody/events/words.ts'
import type { HandInDetail, ListedFile } from '../../../services/custody/hand-ins/hand-in-detail.ts'
import type { ProvenEvent } from '../../../services/ledger/log/disclosed-event.ts'

const person = { id: '01a22000-0000-7000-8000-0000000000a1', name: '李娜' }

/** A hand-in as its page is given it, with a gap, a statement and no correction. */
export function detailOf(): HandInDetail {
  return {
    id: '01a22000-0000-7000-8000-00000000f001',
    dock: { id: '01a22000-0000-7000-8000-0000000000d0', name: '采集站一' },
    isSelfTest: false,
    deviceSerial: 'ZJ00031',
    openedAt: '2026-11-26T09:58:00.000Z',
    openedAtByDock: '2026-11-26T17:58:00+08:00',
    clockOffsetMs: 12_000,
    user: person,
    userGrade: 'roster',
    userGradeWords: { zh: userGradeNames.roster, en: userGradesInEnglish.roster },
    isUserCorrected: false,
    isUserDisputed: false,
    files: {
      total: 2,
      bytes: 0,
      marked: 1,
      receipts: 2,
      expected: 0,
      receiving: 0,
      complete: 0,
      sealed: 2,
      quarantined: 0,
      duplicate: 0,
    },
    state: 'complete',
    gaps: { open: 0, explained: 1, accepted: 0 },
    statements: 1,
    origin: {
      kind: 'mass_storage',
      words: { zh: originNames.mass_storage, en: originsInEnglish.mass_storage },
      from: '3 号槽',
    },
    gapsFound: [
      {
        ...{
          id: 'g',
          kind: 'time',
          kindWords: { zh: named.gapKindNames.time, en: named.gapKindsInEnglish.time },
          deviceSerial: 'ZJ00031',
          handInId: 'h',
          person,
        },
        ...{ before: null, after: null, fromTime: null, toTime: null, lengthMs: 372_000, missingNumbers: null },
        ...{
          lineNumbers: [],
          stillMissing: null,
          deviceState: null,
          proposed: null,
          foundAt: '',
          dueAt: '',
          state: 'explained',
        },
        ...{
          stateWords: { zh: named.gapStateNames.explained, en: named.gapStatesInEnglish.explained },
          overdue: false,
          decision: null,
        },
        explanations: [
          {
            ...{
              id: 'e',
              reason: 'battery',
              reasonWords: { zh: named.gapReasonNames.battery, en: named.gapReasonsInEnglish.battery },
              words: null,
              by: person,
              grade: 'slot',
            },
            ...{
              gradeWords: { zh: named.identityGradeNames.slot, en: named.identityGradesInEnglish.slot },
              identified: false,
              saidAt: null,
              at: '',
              confirmBy: null,
            },
            ...{ confirmedAt: null, isOwn: null },
          },
        ],
      },
    ],
    statementsSaid: [
      {
        ...{
          id: 's',
          kind: 'not_enforcement',
          kindWords: {
            zh: named.statementKindNames.not_enforcement,
            en: named.statementKindsInEnglish.not_enforcement,
          },
          lineNumbers: [1],
          words: '午间用餐',
        },
        ...{
          by: person,
          grade: 'slot',
          gradeWords: { zh: named.identityGradeNames.slot, en: named.identityGradesInEnglish.slot },
          identified: false,
          saidAt: '',
          at: '',
        },
      },
    ],
    corrections: [],
    clearings: [],
  }
}

/** A file of its list. */
export function fileOf(file: Partial<ListedFile> = {}): ListedFile {
  return {
    ...{ number: 0, name: { base64: '', text: `ZJ00031_100245_20261126135002_000${(file.number ?? 0) + 1}.MP4` } },
    ...{ bytes: 812_000_000, mark: false, deviceTime: null, sha256: '0'.repeat(64), state: 'sealed', uploadId: null },
    ...{ recordingId: null, recordingState: null, quarantineReason: null },
    receipt: { state: 'not_yet', reason: 'not_issued', message: null, index: null },
    ...file,
  }
}

const goldenBodies = readFileSync(new URL('../custody/event-bodies.golden.jsonl', import.meta.url), 'utf8').split('\n')
const issued = JSON.parse(goldenBodies.findLast((line) => line.includes('"receipt.issued"'))!) as { details: object }
const body = { ...issued, details: { ...issued.details, hosts: 3, hostNames: ['nas-1', 'nas-2', 'nas-3'] } }

/** The last of its receipts, with its proof. */
export const proven: ProvenEvent = {
  ...{ id: 'r', index: 48_224, salt: '', entry: '', proof: '', leafHash: 'ab'.repeat(32) },
  body: JSON.stringify(body),
  checkpoint: { size: 48_902, root: `a+b/${'c'.repeat(40)}=`, at: new Date(0), witnessedAt: new Date(0) },
}
