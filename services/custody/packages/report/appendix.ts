import { plain } from '../../../foundation/plain-text.ts'
import type { Block, Section } from './content.ts'
import type { Reading } from './reading.ts'
import { notProven, proven } from './sentences/proven.ts'
import { different, saidBy } from './sentences/sentence.ts'
import { shownTime } from './words.ts'

/** What is proven and what is not, how a reader checks it without us, and what only technicians ask. */
export function appendixSections(reading: Reading): Section[] {
  return [provenSection(reading), howToVerify(reading), technicalSection(reading), toolsSection(reading)].flatMap(
    (one) => one ?? [],
  )
}

function provenSection(reading: Reading): Section {
  const lists = [
    ['核验程序接受本材料的，可以自行证明', saidBy(proven, reading)],
    ['不能证明', saidBy(notProven, reading)],
  ] as const
  return {
    title: '能证明什么，不能证明什么',
    blocks: lists.flatMap(([text, items]): Block[] =>
      items.length === 0
        ? []
        : [
            { kind: 'heading', text },
            { kind: 'list', items },
          ],
    ),
  }
}

function howToVerify({ request }: Reading): Section {
  return {
    title: '如何核验',
    blocks: [
      {
        kind: 'list',
        items: [
          '从本材料以外取得核验公钥文件 trust.json（流转日志与外部见证单位的公钥、时间戳机构证书）：向上级机关、外部见证单位或法制办索取，或取自其公布的网址。材料内的任何东西都不作为密钥使用。',
          '从本材料以外取得核验程序并核对其公布的校验值；材料内 data/verifier 中的一份只为方便。',
          request?.details.recipientKey
            ? '本材料已加密：先用自己的私钥解密（age -d -i 私钥文件 -o 举证材料.zip 举证材料.zip.age）。'
            : '本材料未加密，可直接核验。',
          '离线运行下面的命令，或在断网的浏览器中打开核验网页 verify.html，选入举证材料与核验公钥文件。',
          '只验文件完整可用任何 BagIt 工具（解压后 bagit.py --validate 文件夹）；它不能代替上面的核验。',
        ],
      },
      { kind: 'code', text: 'node verify.mjs 举证材料.zip --trust trust.json' },
      {
        kind: 'text',
        text: '格式说明：services/ledger/DESIGN.md，任何人可据此另写一个核验程序。本报告只作说明，不作证明；其校验值已登记，被替换时核验程序会指出。',
      },
    ],
  }
}

function technicalSection({ facts }: Reading): Section {
  const { reportSize, witnesses, timestamps } = facts
  // A witness with keys of two kinds has signed twice.
  const witnessed = [...Map.groupBy(witnesses, ({ name }) => name)].map(
    ([name, ofIt]) => `${plain(name)}（${different(ofIt.map(({ at }) => shownTime(at))).join('、')}）`,
  )
  const stamped = timestamps.map(({ name, size, at }) => `${plain(name)}：前 ${size} 条，${shownTime(at)}`)
  return {
    title: '附录：技术细节',
    blocks: [
      {
        kind: 'text',
        text: `本报告写成时，流转日志共有 ${reportSize} 条记录。其后的事件，包括登记本材料各文件校验值的事件（举证材料内容登记），也在材料内，由核验程序显示；证明所依据的存证节点在本报告写成之后签署，见 data/ledger/checkpoint。`,
      },
      {
        kind: 'facts',
        rows: [
          ['日志记录数', `${reportSize}（本报告写成时）`],
          ['外部见证', witnessed.length === 0 ? '本报告写成时尚无' : witnessed],
          ['可信时间戳', stamped.length === 0 ? '本报告写成时尚无' : stamped],
          ['事件', '每条事件的加盐承诺写入默克尔树（RFC 6962），由流转日志签名、外部见证单位另行签名'],
          ['有无缺漏', '每个主体的事件带有只有流转日志密钥才能生成的序号标签（VRF），任何人可据此查证'],
          ['文件', '本报告、原始文件、播放件和其他文件的校验值列于 data/contents.jsonl，由上述事件登记'],
        ],
      },
    ],
  }
}

/** The command lines of the tools that made the playable forms, each distinct set once. */
function toolsSection(reading: Reading): Section | null {
  const sets = Map.groupBy(reading.ofKind('rendition.published'), ({ details }) =>
    plain(`${details.tool}\n${details.flags.join(' ')}`.replaceAll('\n', '　')),
  )
  if (sets.size === 0) return null
  const blocks = [...sets].flatMap(([shown, events]): Block[] => {
    const numbers = new Set(events.map((event) => reading.numberOf(reading.subjectOf(event, 'recording') ?? '')))
    return [
      { kind: 'text', text: [...numbers].join('、') },
      { kind: 'code', text: shown },
    ]
  })
  return { title: '附录：播放件的制作参数', blocks }
}
