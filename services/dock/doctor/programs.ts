import { join } from 'node:path'
import type { Finding, Surroundings } from './finding.ts'
import { linkAt, namesIn, textAt } from './read-tree.ts'

export type ProgramCode =
  | 'automounter_runs'
  | 'antivirus_runs'
  | 'usb_control_runs'
  | 'volume_held'
  | 'programs_hidden'
  | 'programs_well'

/** Programs by the name of their process. What a computer of an office has beside the agent, as far as it is known to matter. */
const known: readonly { readonly process: RegExp; readonly code: ProgramCode; readonly name: string }[] = [
  {
    process: /^(udisksd|udiskie|gvfs-udisks2-vo|gvfs-gphoto2-vo|gvfs-mtp-volume|usbmount|devmon)/,
    code: 'automounter_runs',
    name: 'udisks/gvfs',
  },
  { process: /^(clamd|clamonacc|freshclam)/, code: 'antivirus_runs', name: 'ClamAV' },
  { process: /^(savd|savscand|sav-protect)/, code: 'antivirus_runs', name: 'Sophos' },
  { process: /^(qaxsafed|qaxtray|qaxav)/i, code: 'antivirus_runs', name: '奇安信' },
  { process: /^(360tray|360safe|360sd|360entclient)/i, code: 'antivirus_runs', name: '360' },
  { process: /^(hipsdaemon|hipsmain|huorong)/i, code: 'antivirus_runs', name: '火绒' },
  { process: /^(ksafe|kxescore|kavmain)/i, code: 'antivirus_runs', name: '金山' },
  { process: /^(vrvedp|vrvrf|vrvsafec|edpagent)/i, code: 'usb_control_runs', name: '北信源' },
  { process: /^(usbguard-daemon)/, code: 'usb_control_runs', name: 'USBGuard' },
  { process: /^(ipguard|winrdlv|ip-guard)/i, code: 'usb_control_runs', name: 'IP-guard' },
]

/**
 * Which other programs stand between the ports and the agent: automounters, antivirus, device control, and whatever has a
 * file open below one of `mountPoints`.
 */
export async function examinePrograms(
  { root }: Surroundings,
  mountPoints: readonly string[],
): Promise<Finding<ProgramCode>[]> {
  const found = new Map<string, Finding<ProgramCode>>()
  let hidden = 0
  for (const pid of (await namesIn(join(root, 'proc'))).filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue
    const name = await textAt(join(root, 'proc', pid, 'comm'))
    if (name === null) continue
    for (const { process: pattern, code, name: program } of known) {
      if (pattern.test(name))
        found.set(`${code} ${program}`, { code, grade: 'warning', values: { program, process: name } })
    }
    // Threads of the kernel have no command line, and hold nothing.
    if (((await textAt(join(root, 'proc', pid, 'cmdline'))) ?? '') === '') continue
    const open = await openFiles(root, pid)
    if (open === null) hidden += 1
    const held = open?.find((path) => mountPoints.some((point) => path === point || path.startsWith(`${point}/`)))
    if (held)
      found.set(`held ${pid}`, { code: 'volume_held', grade: 'fault', values: { process: name, pid, file: held } })
  }
  if (hidden > 0 && mountPoints.length > 0) {
    found.set('hidden', { code: 'programs_hidden', grade: 'unknown', values: { hidden } })
  }
  return found.size > 0 ? [...found.values()] : [{ code: 'programs_well', grade: 'well', values: {} }]
}

/** Where a process has files open; null when another user's may not be seen: a process always has some. */
async function openFiles(root: string, pid: string): Promise<string[] | null> {
  const folder = join(root, 'proc', pid, 'fd')
  const links = await Promise.all((await namesIn(folder)).map((name) => linkAt(join(folder, name))))
  const paths = links.filter((path) => path !== null)
  return paths.length === 0 ? null : paths
}
