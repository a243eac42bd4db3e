import type { Finding } from './finding.ts'
import type { NetworkCode } from './network.ts'
import type { ProgramCode } from './programs.ts'
import type { StationCode } from './station.ts'
import type { UsbCode } from './usb.ts'

export type DoctorCode = UsbCode | ProgramCode | NetworkCode | StationCode
type Values = Finding['values']
/** What is the matter, and what to do about it; the second is empty where there is nothing to do. */
type Words = (values: Values) => readonly [what: string, todo: string]

const zh: Readonly<Record<DoctorCode, Words>> = {
  usb_storage_blocked: ({ file }) => [
    `本机设置禁止加载 U 盘驱动（${file}），执法记录仪接上后看不到`,
    '请信息管理人员从该文件中去掉 usb-storage、uas 两项，重启后再查',
  ],
  usb_ports_locked: ({ port }) => [`USB 控制器 ${port} 默认拒绝新设备`, '请信息管理人员在管控软件中放开本采集站的端口'],
  usb_guard_runs: () => ['USBGuard 在管控本机端口，无法读出被拦设备', '请用管理员账号运行本命令，或请信息管理人员查看'],
  usb_device_refused: ({ device }) => [`设备“${device}”被管控软件拦住`, '请信息管理人员把该型号加入允许名单'],
  usb_power_saving: ({ devices, first }) => [
    `${devices} 个 USB 设备开着节电（${first}），读取中途可能断开`,
    '按安装说明启用 90-custody-dock.rules，或在主板设置中关闭 USB 节电',
  ],
  usb_hub_weak: ({ hub, asked, given, devices }) => [
    `集线器“${hub}”没有外接电源，所接 ${devices} 台设备需 ${asked} 毫安，只有 ${given} 毫安，设备会成批掉线`,
    '换用带外接电源的集线器，或给它接上电源',
  ],
  usb_well: ({ devices }) => [`USB 端口正常（${devices} 个设备）`, ''],
  automounter_runs: ({ program }) => [
    `${program} 会自动挂载插入的设备，可能占住或改动设备`,
    '停用自动挂载，或在配置中改为读取其挂载点（只读）',
  ],
  antivirus_runs: ({ program }) => [
    `${program} 在运行，可能隔离或占住录像文件`,
    '请信息管理人员把采集站的挂载目录和暂存目录加入信任区',
  ],
  usb_control_runs: ({ program }) => [`${program} 在管控 USB 设备`, '请信息管理人员放开本采集站的端口和设备型号'],
  volume_held: ({ process, pid, file }) => [
    `程序 ${process}（进程 ${pid}）占着设备上的文件 ${file}`,
    '关闭该程序；如是厂家采集软件，请改用“随厂家采集站转入”的方式',
  ],
  programs_hidden: ({ hidden }) => [`有 ${hidden} 个其他用户的程序看不到占用情况`, '用管理员账号再运行一次'],
  programs_well: () => ['没有发现占用或拦截设备的程序', ''],
  name_unknown: ({ host }) => [`找不到服务器 ${host}`, '核对安装单上的地址；检查网线和域名解析设置'],
  port_closed: ({ host, port, why }) => [
    `连不上服务器 ${host} 的 ${port} 端口：${why}`,
    '检查网线、交换机和防火墙；其他采集站是否也连不上',
  ],
  certificate_refused: ({ why }) => [`服务器证书不被认可：${why}`, '核对安装单上的根证书；核对本机时间'],
  certificate_ends_soon: ({ days, endsAt }) => [`服务器证书 ${days} 天后到期（${endsAt}）`, '通知系统管理员更换证书'],
  server_not_ready: ({ status }) => [`服务器在线，但暂不能接收（${status}）`, '通知系统管理员；资料会先存在本站'],
  server_time_differs: ({ differenceMs }) => [
    `本机时间与服务器相差 ${Math.round(Number(differenceMs) / 1000)} 秒`,
    '校准本机时间；在此之前本站不会给设备校时',
  ],
  token_refused: () => ['服务器不认本采集站的令牌', '采集站可能已停用；请系统管理员重新登记'],
  not_released: () => ['本采集站已登记，尚待复核启用', '请分管领导或法制办（监督）复核启用'],
  network_well: ({ url }) => [`服务器连接正常（${url}）`, ''],
  spool_missing: ({ folder }) => [`暂存目录 ${folder} 不存在`, '挂上暂存盘，或核对配置'],
  spool_not_writable: ({ folder, why }) => [`暂存目录 ${folder} 写不进去：${why}`, '检查磁盘是否已满、损坏或只读'],
  spool_small: ({ gigabytes, wanted }) => [
    `暂存盘只有 ${gigabytes} GB，建议不少于 ${wanted} GB`,
    '换用更大的磁盘，否则断网时存不下一个班次',
  ],
  spool_in_memory: ({ folder }) => [`暂存目录 ${folder} 在内存里，断电即丢失`, '改为磁盘上的目录'],
  key_missing: ({ file }) => [`找不到签名密钥 ${file}`, '重新登记本采集站，不要从别处拷贝密钥'],
  key_open_to_others: ({ file, mode }) => [
    `签名密钥 ${file} 其他用户也能读（${mode}）`,
    `执行 chmod 600 ${file}；如可能已被看到，请重新登记`,
  ],
  key_not_sealed: ({ file }) => [`本机有可信芯片（TPM），签名密钥 ${file} 却未加封`, '执行 custody-dock seal-key'],
  clock_not_synchronized: () => ['本机时间未与时间源同步', '设置时间源；在此之前本站不会给设备校时'],
  clock_unknown: () => ['查不到本机时间是否同步', '请信息管理人员查看时间同步服务'],
  file_system_missing: ({ type }) => [`本机不能读取 ${type} 格式的设备`, '安装该格式的驱动（见安装说明第 1 步）'],
  printer_missing: ({ printer }) => [`找不到打印机 ${printer}`, '接上打印机，或在配置中改为不打印'],
  printer_stopped: ({ printer }) => [`打印机 ${printer} 已停止`, '检查纸张和开关，再启用打印机'],
  station_well: () => ['暂存盘、密钥、时间、驱动均正常', ''],
}

const en: Readonly<Record<DoctorCode, Words>> = {
  usb_storage_blocked: ({ file }) => [
    `a rule of this computer keeps the driver for USB storage from loading (${file}): recorders do not show up`,
    'take usb-storage and uas out of that file, restart, and look again',
  ],
  usb_ports_locked: ({ port }) => [
    `the USB controller ${port} refuses new devices`,
    'open the ports of this station in the device control',
  ],
  usb_guard_runs: () => [
    'USBGuard controls the ports, and what it refuses cannot be read',
    'run this as administrator',
  ],
  usb_device_refused: ({ device }) => [`the device “${device}” is refused by device control`, 'allow this model'],
  usb_power_saving: ({ devices, first }) => [
    `${devices} USB devices save power (${first}): they may vanish in the middle of a reading`,
    'install 90-custody-dock.rules, or switch USB power saving off in the firmware',
  ],
  usb_hub_weak: ({ hub, asked, given, devices }) => [
    `the hub “${hub}” has no power supply; its ${devices} devices ask for ${asked} mA and get ${given}: they vanish together`,
    'use a hub with a power supply, or plug its own in',
  ],
  usb_well: ({ devices }) => [`the USB ports are well (${devices} devices)`, ''],
  automounter_runs: ({ program }) => [
    `${program} mounts what is plugged in, and may hold or change it`,
    'switch automatic mounting off, or have the station read where it mounts, read-only',
  ],
  antivirus_runs: ({ program }) => [
    `${program} runs, and may move or hold recordings`,
    'exempt the folders where devices are mounted, and the spool',
  ],
  usb_control_runs: ({ program }) => [`${program} controls USB devices`, 'allow the ports and models of this station'],
  volume_held: ({ process, pid, file }) => [
    `the program ${process} (${pid}) holds the file ${file} of a device`,
    "end that program; if it is the vendor's collector, follow its folder instead",
  ],
  programs_hidden: ({ hidden }) => [
    `what ${hidden} programs of other users hold cannot be seen`,
    'run this as administrator',
  ],
  programs_well: () => ['no program holds or blocks a device', ''],
  name_unknown: ({ host }) => [
    `the server ${host} is not known`,
    'compare the address with the sheet; check cable and name service',
  ],
  port_closed: ({ host, port, why }) => [
    `${host} does not answer on port ${port}: ${why}`,
    'check cable, switch and firewall; do other stations reach it?',
  ],
  certificate_refused: ({ why }) => [
    `the certificate of the server is not accepted: ${why}`,
    "compare the bureau's root certificate; check this computer's time",
  ],
  certificate_ends_soon: ({ days, endsAt }) => [
    `the certificate of the server ends in ${days} days (${endsAt})`,
    'tell the administrator',
  ],
  server_not_ready: ({ status }) => [
    `the server answers, but takes nothing now (${status})`,
    'tell the administrator; footage stays at the station until then',
  ],
  server_time_differs: ({ differenceMs }) => [
    `this computer and the server differ by ${Math.round(Number(differenceMs) / 1000)} s`,
    'set the time; until then no clock of a device is set',
  ],
  token_refused: () => [
    "the server does not accept this station's token",
    'it may have been revoked: register it again',
  ],
  not_released: () => ['this station is registered and waits for its release', 'a supervisor or auditor releases it'],
  network_well: ({ url }) => [`the server is reached (${url})`, ''],
  spool_missing: ({ folder }) => [`the spool ${folder} is not there`, 'mount the disk, or correct the configuration'],
  spool_not_writable: ({ folder, why }) => [
    `nothing can be written to the spool ${folder}: ${why}`,
    'is the disk full, broken or read-only?',
  ],
  spool_small: ({ gigabytes, wanted }) => [
    `the spool has ${gigabytes} GB; ${wanted} GB are advised`,
    'use a larger disk, or a shift does not fit when the server is away',
  ],
  spool_in_memory: ({ folder }) => [
    `the spool ${folder} lies in memory: a power cut would lose it`,
    'use a folder on a disk',
  ],
  key_missing: ({ file }) => [
    `the signing key ${file} is not there`,
    'register the station again; never copy a key from elsewhere',
  ],
  key_open_to_others: ({ file, mode }) => [
    `others may read the signing key ${file} (${mode})`,
    `chmod 600 ${file}; register again if somebody may have seen it`,
  ],
  key_not_sealed: ({ file }) => [
    `this computer has a TPM, and the signing key ${file} is not sealed to it`,
    'run custody-dock seal-key',
  ],
  clock_not_synchronized: () => [
    'the clock of this computer follows no source',
    'name a time source; until then no clock of a device is set',
  ],
  clock_unknown: () => ['whether the clock follows a source cannot be told', 'have the time service looked at'],
  file_system_missing: ({ type }) => [
    `this computer cannot read devices of the type ${type}`,
    'install its driver (step 1 of the installation)',
  ],
  printer_missing: ({ printer }) => [`there is no printer ${printer}`, 'connect it, or configure none'],
  printer_stopped: ({ printer }) => [
    `the printer ${printer} has stopped`,
    'check its paper and switch, then start it again',
  ],
  station_well: () => ['spool, key, clock and drivers are well', ''],
}

const marks = { well: '✔', warning: '◆', fault: '▲', unknown: '○' } as const

/** The lines for a person: what is the matter and, below it, what to do. */
export function findingLines(finding: Finding<DoctorCode>, language: 'zh' | 'en'): string[] {
  const [what, todo] = (language === 'zh' ? zh : en)[finding.code](finding.values)
  return [`${marks[finding.grade]} ${what}`, ...(todo === '' ? [] : [`  → ${todo}`])]
}
