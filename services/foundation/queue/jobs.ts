/**
 * The job table: every kind of background work, its queue and its limits. A job carries one id and nothing else
 * (Redis shows payloads in clear text); what is to be done stands in PostgreSQL.
 */
export const jobs = {
  /** subject: recording. Re-reads the primary copy: SHA-256 and SM3. */
  checksum: { queue: 'checksum', concurrency: 2, timeoutMs: 60 * 60_000 },
  /** subject: recording. Brings the two backups up to the primary. */
  copy: { queue: 'copy', concurrency: 2, timeoutMs: 60 * 60_000 },
  /** subject: upload, of a file that was handed in before. Reads all three copies of its recording again. */
  reread: { queue: 'reread', concurrency: 1, timeoutMs: 3 * 60 * 60_000 },
  /** subject: package. Builds it. */
  package: { queue: 'package', concurrency: 1, timeoutMs: 12 * 60 * 60_000 },
  /** subject: recording. Makes it playable, if that is quickly done; else it is put aside as `transcode_long`. */
  transcode: { queue: 'transcode', concurrency: 1, timeoutMs: 15 * 60_000 },
  /** subject: recording. Makes it playable, however long it takes. */
  transcode_long: { queue: 'transcode_long', concurrency: 1, timeoutMs: 6 * 60 * 60_000 },
} as const satisfies Record<string, { queue: string; concurrency: number; timeoutMs: number }>

export type JobName = keyof typeof jobs
/** What each sealed recording is given to do. */
export const recordingJobs = ['checksum', 'copy', 'transcode'] as const satisfies readonly JobName[]
export type RecordingJob = (typeof recordingJobs)[number]
export const jobNames = Object.keys(jobs) as JobName[]
