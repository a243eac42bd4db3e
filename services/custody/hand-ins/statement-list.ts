import type { Db } from '../../foundation/db/database.ts'
import {
  identityGradeNames,
  identityGradesInEnglish,
  statementKindNames,
  statementKindsInEnglish,
} from '../events/hand-in-words.ts'

export type ShownStatement = Awaited<ReturnType<typeof statementsOf>>[number]

/** What was said of a hand-in's files, the first first. */
export async function statementsOf(db: Db, handInId: string) {
  const rows = await db
    .selectFrom('hand_in_statement')
    .leftJoin('person', 'person.id', 'hand_in_statement.person_id')
    .where('hand_in_id', '=', handInId)
    .selectAll('hand_in_statement')
    .select('person.name')
    .orderBy('kept_at')
    .orderBy('hand_in_statement.id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    kindWords: { zh: statementKindNames[row.kind], en: statementKindsInEnglish[row.kind] },
    lineNumbers: row.line_numbers,
    words: row.words,
    by: row.person_id === null ? null : { id: row.person_id, name: row.name ?? '' },
    grade: row.grade,
    gradeWords: { zh: identityGradeNames[row.grade], en: identityGradesInEnglish[row.grade] },
    identified: row.identified,
    saidAt: row.said_at,
    at: row.kept_at.toISOString(),
  }))
}

/** What was said of one recording: by whoever handed in the list on which its file stood. */
export async function statementsOfRecording(db: Db, recordingId: string): Promise<ShownStatement[]> {
  const lines = await db
    .selectFrom('upload')
    .innerJoin('hand_in_file', 'hand_in_file.upload_id', 'upload.id')
    .where('upload.recording_id', '=', recordingId)
    .select(['hand_in_file.hand_in_id', 'hand_in_file.number'])
    .execute()
  const said: ShownStatement[] = []
  for (const { hand_in_id, number } of lines) {
    const statements = await statementsOf(db, hand_in_id)
    said.push(...statements.filter(({ lineNumbers }) => lineNumbers.length === 0 || lineNumbers.includes(number)))
  }
  return said
}
