import { plain } from '../../foundation/plain-text.ts'

/** Text of any origin (names of files, people, devices): shown as it is, and unable to turn or hide what stands beside it. */
export function HostileText({ text }: { text: string }) {
  return <bdi>{plain(text)}</bdi>
}
