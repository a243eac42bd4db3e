import { plain } from '../../../foundation/plain-text.ts'
import type { Section } from './content.ts'
import type { Reading } from './reading.ts'

/** What is proven and what is not (services/ledger/DESIGN.md §9), and how a reader checks it without us. */
export function verifySections({ facts }: Reading): Section[] {
  const { size } = facts.checkpoint
  return [
    {
      title: '能证明什么，不能证明什么',
      blocks: [
        { kind: 'heading', text: '持有信任文件（公钥）的人可以自行证明' },
        {
          kind: 'list',
          items: [
            '包内的原始文件就是当时封存的字节。',
            `在第 ${size} 条记录之前，包内列出的是本案件及其录像、上传、调阅的全部事件。`,
            '自足够的见证方见到该检查点以来，没有事件被更改、添加或取走。',
            '检查点在时间戳所述的时间已经存在。',
          ],
        },
        { kind: 'heading', text: '不能证明' },
        {
          kind: 'list',
          items: [
            '录像在接入采集站之前经过了什么。',
            '从未写入台账的事。',
            '该检查点之后发生的事。',
            '账号的使用者确为本人。',
            '若没有足够的见证方签名：台账运营方未曾独自另写一份历史。',
          ],
        },
      ],
    },
    {
      title: '如何核验',
      blocks: [
        {
          kind: 'list',
          items: [
            '从本包以外取得信任文件 trust.json（台账与见证方的公钥、时间戳机构证书）：向上级机关、见证方或法制办索取，或取自其公布的网址。包内的任何东西都不作为密钥使用。',
            '从本包以外取得核验程序并核对其公布的摘要；包内 data/verifier 中的副本只为方便。',
            facts.isEncrypted
              ? '本包已加密：先用自己的私钥解密（age -d -i 私钥文件 -o 举证包.zip 举证包.zip.age）。'
              : '本包未加密，可直接核验。',
            '离线运行下面的命令，或在断网的浏览器中打开核验网页 verify.html，选入举证包与信任文件。',
            '只验文件完整可用任何 BagIt 工具（解压后 bagit.py --validate 文件夹）；它不能代替上面的核验。',
          ],
        },
        { kind: 'code', text: 'node verify.mjs 举证包.zip --trust trust.json' },
        {
          kind: 'text',
          text: plain('格式说明：services/ledger/DESIGN.md，任何人可据此另写一个核验程序。本报告只作说明，不作证明。'),
        },
      ],
    },
  ]
}
