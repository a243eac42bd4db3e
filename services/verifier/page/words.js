/** What the page says besides the report. */
export const words = {
  title: { zh: '举证材料离线核验', en: 'Offline verification of an evidence package' },
  asking: { zh: '选择文件', en: 'Choose files' },
  intro: {
    zh: '本页不联网：文件只在这台电脑上读取，不会发往任何地方。',
    en: 'This page uses no network: files are read on this computer and sent nowhere.',
  },
  package: { zh: '举证材料（电子包，.zip）', en: 'Evidence package (.zip)' },
  packageHint: { zh: '拖到这里，或点击选择', en: 'drop it here, or choose it' },
  trust: { zh: '核验公钥文件（trust.json）', en: 'Trust file (trust.json)' },
  trustHint: {
    zh: '必须来自举证材料以外的可靠渠道；拖到这里，或点击选择',
    en: 'from elsewhere than the package; drop it here, or choose it',
  },
  choose: { zh: '选择文件…', en: 'Choose a file…' },
  paste: { zh: '或者粘贴核验公钥文件的内容', en: 'or paste its text' },
  pasteLabel: { zh: '核验公钥文件的内容', en: 'text of the trust file' },
  start: { zh: '开始核验', en: 'Verify' },
  reading: { zh: '正在核验', en: 'verifying' },
  print: { zh: '打印报告', en: 'Print the report' },
  again: { zh: '核验另一个', en: 'Verify another' },
  findings: { zh: '发现的问题', en: 'What was found' },
  more: { zh: '另有 {n} 处', en: '{n} more' },
  program: { zh: '离线核验网页', en: 'offline page' },
  encrypted: {
    zh: '这个文件已加密：请先用命令行核验程序（--identity）或 age 解密。',
    en: 'This file is encrypted: decrypt it first, with the command (--identity) or with age.',
  },
  unreadable: { zh: '文件无法读取：', en: 'The file cannot be read: ' },
  language: { zh: 'English', en: '中文' },
}
