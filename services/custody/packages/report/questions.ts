import type { Block, Section } from './content.ts'
import type { Reading } from './reading.ts'
import { changes } from './sentences/changes.ts'
import { environment } from './sentences/environment.ts'
import { extraction } from './sentences/extraction.ts'
import { keeping } from './sentences/keeping.ts'
import { lawfulness } from './sentences/lawfulness.ts'
import { origin } from './sentences/origin.ts'
import { relevance } from './sentences/relevance.ts'
import { type Sentence, saidBy } from './sentences/sentence.ts'
import { verification } from './sentences/verification.ts'

/** The six questions of 《最高人民法院关于互联网法院审理案件若干问题的规定》第十一条. */
const questions: readonly (readonly [string, readonly Sentence[]])[] = [
  ['1. 电子数据生成、收集、存储、传输所依赖的计算机系统等硬件、软件环境是否安全、可靠', environment],
  ['2. 电子数据的生成主体和时间是否明确，表现内容是否清晰、客观、准确', origin],
  ['3. 电子数据的存储、保管介质是否明确，保管方式和手段是否妥当', keeping],
  ['4. 电子数据提取和固定的主体、工具和方式是否可靠，提取过程是否可以重现', extraction],
  ['5. 电子数据的内容是否存在增加、删除、修改及不完整等情形', changes],
  ['6. 电子数据是否可以通过特定形式得到验证', verification],
]

/** 真实性, 合法性, 关联性: what a court asks of evidence, answered by what this case's own events say. */
export function questionSections(reading: Reading): Section[] {
  return [
    {
      title: '一、真实性',
      startsPage: true,
      blocks: [
        {
          kind: 'text',
          text: '按《最高人民法院关于互联网法院审理案件若干问题的规定》第十一条所列六个方面，依本案件自己的事件回答；事件没有载明的不写。',
        },
        ...questions.flatMap(([title, answers]) => answered(title, answers, reading)),
      ],
    },
    { title: '二、合法性', blocks: [listOf(lawfulness, reading)] },
    { title: '三、关联性', blocks: [listOf(relevance, reading)] },
  ]
}

function answered(title: string, answers: readonly Sentence[], reading: Reading): Block[] {
  return [{ kind: 'heading', text: title }, listOf(answers, reading)]
}

function listOf(sentences: readonly Sentence[], reading: Reading): Block {
  const items = saidBy(sentences, reading)
  return items.length === 0 ? { kind: 'text', text: '本案件的事件没有载明。' } : { kind: 'list', items }
}
