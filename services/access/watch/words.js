import { flagWords } from './flag-words.js'

// The screen speaks Chinese first, English as a switch. Times are Asia/Shanghai.

const words = {
  zh: {
    title: '音像资料调阅',
    language: 'English',
    signIn: '登录',
    signOut: '退出登录',
    seen: '知道了',
    account: '账号',
    password: '密码',
    releaseCode: '复核码（首次启用或重置密码后填写）',
    changePassword: '修改初始密码',
    changePasswordWhy: '首次登录须先修改密码：至少 12 个字符，不得包含账号名。',
    oldPassword: '原密码',
    newPassword: '新密码',
    repeatPassword: '再输一次新密码',
    notTheSame: '两次输入的新密码不一致。',
    save: '保存',
    device: '设备序号',
    case: '案件编号',
    marked: '仅重点文件',
    search: '查询',
    recordedAt: '摄录时间',
    user: '当班使用人',
    origin: '采集方式',
    originUnstated: '未载入交存单',
    withMore: '{text}（{more}）',
    recorded: {
      unknown: '未知',
      deviceSays: '设备所示',
      handedIn: '交存时间',
      implausible: '设备时钟不可信',
      uncorrected: '未校正',
      comma: '，',
      withNotes: '{text}（{notes}）',
    },
    remark: '提示',
    supplied: '由厂家软件解密，系统未能自行核对。',
    flags: flagWords.zh,
    name: '文件名',
    size: '大小',
    state: '保管状态',
    playable: '播放件',
    more: '更多',
    nothingFound: '没有符合条件的音像资料。',
    back: '返回列表',
    purpose: '调阅事由（必填，记入流转日志）',
    forCase: '关联案件（可不选）',
    noCase: '不关联案件',
    everyViewingIsLogged: '每次调阅先记入流转日志并签名，然后才显示画面；系统送出的每一秒都有记录。',
    open: '开始调阅',
    close: '结束调阅',
    purposeTooShort: '请填写至少 4 个字的事由。',
    look: '调阅',
    details: '详情',
    opening: '正在记入流转日志…',
    loading: '正在读取…',
    grantedUntil: '已授权至 {granted}，时长 {duration}',
    beingMade: '播放件制作中',
    preview: '预览：仅为前 60 秒，尚未与原始文件核对。播放件制成后，请结束本次调阅再重新开始。',
    unwitnessed: '流转日志自 {since} 起没有外部见证，本次调阅已作标记，分管领导和法制办可见。',
    skipped: {
      sentence: '以下时段无法显示，已跳过：{spans}。',
      span: '{from} 至 {to}',
      comma: '，',
    },
    held: '连续一分钟以上的内容无法显示，播放已暂停。可按播放键继续向后查找。',
    ended: '调阅已结束。',
    pausedTooLong: '暂停过久，调阅已自动结束。',
    onlyCustodian: '只有在任资料管理员可以调阅，您只能查看状态。',
    waiting: '您目前不是在任资料管理员，不能查看音像资料。',
    fingerprint: 'SHA-256',
    viewer: '调阅人',
    states: { sealed: '已固定入库', secured: '一存两备已完成', damaged: '存放异常' },
    renditions: {
      none: '播放件待制作',
      preview: '播放件制作中，可先看前 60 秒预览',
      running: '播放件制作中',
      ready: '可播放',
      not_playable: '无法播放',
      abandoned: '播放件待制作',
    },
    quarantined: '待核实',
    keptApart: '另存备查',
    quarantineReasons: {
      digest_differs: '校验值与交存单不一致',
      unknown_device: '设备未登记',
      retired_device: '设备已停用',
      not_listed: '不在采集站签名的交存单上',
    },
    untilResolved: '{text}：{reason}。经两人处理、接收入库后才能调阅。',
    notViewed: '{text}：{reason}。不能调阅。',
    withReason: '{text}：{reason}。原始件未受影响。',
    aboutRendition: '播放件说明',
    notCompared: '播放件尚未与原始文件核对。',
    furtherTracks: '本资料另有{tracks}，本页只播放主轨道。',
    tracksOfKind: {
      video: { one: ' 1 路画面', many: ' {count} 路画面' },
      audio: { one: ' 1 路声音', many: ' {count} 路声音' },
      still: { one: ' 1 张图片', many: ' {count} 张图片' },
      and: '、',
    },
    codes: {
      not_signed_in: '账号、密码或复核码不对、账号未开放，或登录已过期。输错 5 次将锁定 15 分钟。',
      password_change_required: '请先修改初始密码。',
      wrong_role: '您的角色无权进行此操作；本次请求已记录。',
      not_found: '没有这份资料，或您无权查看；本次请求已记录。',
      conflict: '现在不能这样做。',
      gone: '调阅已结束，请重新开始。',
      preview_withdrawn: '预览已撤回：制作预览所用的数据与固定入库时不一致，不再播放。',
      rendition_abandoned: '正在播放的播放件未制成，已作废，不再播放；已播放的部分有记录。请重新开始调阅。',
      ledger_behind: '流转日志暂时没有签名，所以不显示任何画面。请通知系统管理员，稍后再试。',
      bytes_differ: '该片段与流转日志记载的校验值不符，未予显示并已告警。',
      nothing_playable: '播放件的全部片段都无法显示，调阅已结束。请通知系统管理员。',
      store_down: '存储暂时不可用，请稍后再试。',
      database_down: '数据库暂时不可用，请稍后再试。',
      too_many_requests: '请求过于频繁，请稍候。',
      offline: '连接不上服务器，请检查网络。',
      other: '出错了，请重试；如再次出现请通知系统管理员。',
    },
  },
  en: {
    title: 'Viewing of recordings',
    language: '中文',
    signIn: 'Sign in',
    signOut: 'Sign out',
    seen: 'Seen',
    account: 'Account',
    password: 'Password',
    releaseCode: 'Release code (for a new account or after a reset)',
    changePassword: 'Change the first password',
    changePasswordWhy: 'Before anything else: at least 12 characters, without the account name.',
    oldPassword: 'Old password',
    newPassword: 'New password',
    repeatPassword: 'New password again',
    notTheSame: 'The two new passwords differ.',
    save: 'Save',
    device: 'Device',
    case: 'Case number',
    marked: 'Marked only',
    search: 'Search',
    recordedAt: 'Recorded',
    user: 'User of the shift',
    origin: 'How it was collected',
    originUnstated: 'not stated in a hand-in list',
    withMore: '{text} ({more})',
    recorded: {
      unknown: 'unknown',
      deviceSays: 'the device says',
      handedIn: 'handed in',
      implausible: "the device's clock cannot be relied on",
      uncorrected: 'not corrected',
      comma: ', ',
      withNotes: '{text} ({notes})',
    },
    remark: 'Note',
    supplied: "Decrypted with the vendor's software; this system could not check it itself.",
    flags: flagWords.en,
    name: 'File name',
    size: 'Size',
    state: 'State',
    playable: 'Rendition',
    more: 'More',
    nothingFound: 'No recording matches.',
    back: 'Back to the list',
    purpose: 'Purpose (required, goes into the ledger)',
    forCase: 'For the case (optional)',
    noCase: 'No case',
    everyViewingIsLogged:
      'Each viewing is in the signed ledger before its first picture; every second that is sent is recorded.',
    open: 'Open the viewing',
    close: 'End the viewing',
    purposeTooShort: 'Give a purpose of at least four characters.',
    look: 'View',
    details: 'Details',
    opening: 'Writing it into the ledger…',
    loading: 'Loading…',
    grantedUntil: 'Granted up to {granted} of {duration}',
    beingMade: 'still being made',
    preview:
      'Preview: only the first 60 seconds, not yet compared with the original. When the rendition is ready, end this viewing and open a new one.',
    unwitnessed:
      'Since {since} nobody outside has witnessed the ledger: this viewing is marked, for supervisor and auditor to see.',
    skipped: {
      sentence: 'Could not be shown and was skipped: {spans}.',
      span: '{from} to {to}',
      comma: ', ',
    },
    held: 'More than a minute in a row cannot be shown, so the film is paused. Press play to search further.',
    ended: 'The viewing has ended.',
    pausedTooLong: 'Paused for too long: the viewing was ended.',
    onlyCustodian: 'Only the custodian in office views footage; you see its state.',
    waiting: 'You are not the custodian in office now, so no recordings are shown.',
    fingerprint: 'SHA-256',
    viewer: 'viewer',
    states: { sealed: 'sealed', secured: 'secured', damaged: 'a copy is damaged' },
    renditions: {
      none: 'waiting',
      preview: 'being made; a preview of the first 60 seconds is there',
      running: 'being made',
      ready: 'playable',
      not_playable: 'not playable',
      abandoned: 'waiting',
    },
    quarantined: 'in quarantine',
    keptApart: 'kept apart',
    quarantineReasons: {
      digest_differs: 'the digest is not the one that the dock or its hand-in list gave',
      unknown_device: 'the device is not registered',
      retired_device: 'the device is retired',
      not_listed: 'it is on no list that a dock has signed',
    },
    untilResolved: '{text}: {reason}. It can be viewed once two people have accepted it.',
    notViewed: '{text}: {reason}. It cannot be viewed.',
    withReason: '{text}: {reason}. The original is untouched.',
    aboutRendition: 'About the rendition',
    notCompared: 'The rendition has not been compared with the original yet.',
    furtherTracks: 'The recording has {tracks}; this page plays the main one only.',
    tracksOfKind: {
      video: { one: 'one more video track', many: '{count} more video tracks' },
      audio: { one: 'one more sound track', many: '{count} more sound tracks' },
      still: { one: 'one more still', many: '{count} more stills' },
      and: ' and ',
    },
    codes: {
      not_signed_in: 'Account, password or code is wrong, the account is not open, or the session is over.',
      password_change_required: 'Change the first password first.',
      wrong_role: 'Your role may not do this; the request was logged.',
      not_found: 'There is nothing here that you may see; the request was logged.',
      conflict: 'This cannot be done now.',
      gone: 'The viewing has ended: open a new one.',
      preview_withdrawn:
        'The preview was withdrawn: what it was made from is not what was sealed. Nothing more of it is shown.',
      rendition_abandoned:
        'The rendition that was playing was given up while it was being made: nothing more of it is shown, and what was served is on record. Open a new viewing.',
      ledger_behind: 'The ledger signs nothing at the moment, so nothing is shown. Tell the administrator.',
      bytes_differ: 'This part is not what the ledger committed: it is not shown, and an alarm was raised.',
      nothing_playable: 'No part of the rendition can be shown: the viewing has ended. Tell the administrator.',
      store_down: 'The store is away: try again later.',
      database_down: 'The database is away: try again later.',
      too_many_requests: 'Too many requests: wait a moment.',
      offline: 'The server cannot be reached.',
      other: 'Something went wrong: try again, then tell the administrator.',
    },
  },
}

const languageKey = 'custody-language'
let language = localStorage.getItem(languageKey) === 'en' ? 'en' : 'zh'

export function word(name) {
  return words[language][name] ?? name
}

/** The part of a table of both languages that is in the chosen one. */
export function spoken(table) {
  return table[language]
}

/** What a failure is called; the server's own words follow where they say more. */
export function failureText({ code, message }) {
  const own = words[language].codes[code] ?? words[language].codes.other
  return ['conflict', 'bad_request'].includes(code) && message ? `${own} (${message})` : own
}

export function switchLanguage() {
  language = language === 'zh' ? 'en' : 'zh'
  localStorage.setItem(languageKey, language)
  speak()
}

/** Writes every word of the page in the chosen language. */
export function speak() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.title = word('title')
  for (const element of document.querySelectorAll('[data-word]')) element.textContent = word(element.dataset.word)
}
