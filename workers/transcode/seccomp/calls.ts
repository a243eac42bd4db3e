/** Machines that footage is opened on, by the name that `uname -m` gives them. */
export type Machine = 'x86_64' | 'aarch64'

/** A system call's number on each machine; null where it does not exist. From Linux' asm/unistd_64.h and asm-generic/unistd.h. */
export type CallNumbers = readonly [x86_64: number | null, aarch64: number | null]

/**
 * What a decoder needs: to read and write files, to have memory and threads. It gets no socket, no other process, no way
 * into the kernel's larger parts (namespaces, mounts, keys, BPF, io_uring, ptrace), and no memory that its limits do not
 * count (memfd, System V). What would hide from the sum of its output is left out too: unlinking, links, directories, and
 * fallocate, which can take room beyond a file's end that the limit of file sizes does not see.
 */
export const allowedCalls: Readonly<Record<string, CallNumbers>> = {
  // files: those that are open, and those that the mounts of the sandbox show
  read: [0, 63],
  pread64: [17, 67],
  readv: [19, 65],
  preadv: [295, 69],
  write: [1, 64],
  pwrite64: [18, 68],
  writev: [20, 66],
  pwritev: [296, 70],
  lseek: [8, 62],
  close: [3, 57],
  dup: [32, 23],
  dup2: [33, null],
  dup3: [292, 24],
  fcntl: [72, 25],
  ftruncate: [77, 46],
  fadvise64: [221, 223],
  stat: [4, null],
  fstat: [5, 80],
  lstat: [6, null],
  newfstatat: [262, 79],
  statx: [332, 291],
  access: [21, null],
  faccessat: [269, 48],
  readlink: [89, null],
  readlinkat: [267, 78],
  getcwd: [79, 17],
  getdents64: [217, 61],
  rename: [82, null],
  renameat: [264, 38],
  renameat2: [316, 276],
  poll: [7, null],
  ppoll: [271, 73],
  select: [23, null],
  pselect6: [270, 72],
  statfs: [137, 43],
  fstatfs: [138, 44],
  // memory
  brk: [12, 214],
  mmap: [9, 222],
  munmap: [11, 215],
  mprotect: [10, 226],
  mremap: [25, 216],
  madvise: [28, 233],
  // ffmpeg's gcrypt complains on standard error without them.
  mlock: [149, 228],
  munlock: [150, 229],
  // threads and signals
  futex: [202, 98],
  set_robust_list: [273, 99],
  rseq: [334, 293],
  sched_yield: [24, 124],
  sched_getaffinity: [204, 123],
  gettid: [186, 178],
  getpid: [39, 172],
  getppid: [110, 173],
  tgkill: [234, 131],
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  rt_sigreturn: [15, 139],
  rt_sigtimedwait: [128, 137],
  sigaltstack: [131, 132],
  restart_syscall: [219, 128],
  set_tid_address: [218, 96],
  arch_prctl: [158, null],
  exit: [60, 93],
  exit_group: [231, 94],
  // bubblewrap's own first process waits for the program
  wait4: [61, 260],
  waitid: [247, 95],
  // prlimit sets the limits and then becomes the program
  execve: [59, 221],
  prlimit64: [302, 261],
  getrlimit: [97, 163],
  // time, randomness and what the process is
  clock_gettime: [228, 113],
  clock_getres: [229, 114],
  clock_nanosleep: [230, 115],
  nanosleep: [35, 101],
  gettimeofday: [96, 169],
  time: [201, null],
  times: [100, 153],
  getrusage: [98, 165],
  getrandom: [318, 278],
  uname: [63, 160],
  sysinfo: [99, 179],
  getcpu: [309, 168],
  getpriority: [140, 141],
  getuid: [102, 174],
  geteuid: [107, 175],
  getgid: [104, 176],
  getegid: [108, 177],
  getresuid: [118, 148],
  getresgid: [120, 150],
  getgroups: [115, 158],
}

/** One argument of a call decides: allowed when its low 32 bits under `mask` are one of `values`. */
export interface ConditionalCall {
  readonly numbers: CallNumbers
  readonly argument: number
  readonly mask: number
  readonly values: readonly number[]
}

const cloneThread = 0x1_0000
/** CLONE_NEWTIME is not among them: in clone's flags its bit belongs to the number of a signal. */
const newNamespaces = 0x2_0000 | 0x200_0000 | 0x400_0000 | 0x800_0000 | 0x1000_0000 | 0x2000_0000 | 0x4000_0000
const allBits = 0xffff_ffff
/** The kernel's bit in O_TMPFILE: a file without a name, which no sum of the directory would count. */
const unnamedFile = 0x40_0000

export const conditionalCalls: Readonly<Record<string, ConditionalCall>> = {
  // Threads only: memory is limited per process, so there must be one process.
  clone: { numbers: [56, 220], argument: 0, mask: cloneThread | newNamespaces, values: [cloneThread] },
  open: { numbers: [2, null], argument: 1, mask: unnamedFile, values: [0] },
  openat: { numbers: [257, 56], argument: 2, mask: unnamedFile, values: [0] },
  // TCGETS, TIOCGWINSZ, FIONREAD: "is it a terminal" and "is there something to read".
  ioctl: { numbers: [16, 29], argument: 1, mask: allBits, values: [0x5401, 0x5413, 0x541b] },
  // PR_SET_NAME, PR_GET_NAME: threads are named.
  prctl: { numbers: [157, 167], argument: 0, mask: allBits, values: [15, 16] },
}

/**
 * Calls that do not seem to exist (ENOSYS): the C library then takes the older call, whose arguments a filter can see. Those
 * of clone3 and openat2 lie in memory, out of its sight.
 */
export const absentCalls: Readonly<Record<string, CallNumbers>> = {
  clone3: [435, 435],
  openat2: [437, 437],
  faccessat2: [439, 439],
  close_range: [436, 436],
  copy_file_range: [326, 285],
}
