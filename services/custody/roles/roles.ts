import type { roles } from '../../foundation/db/words.ts'

/** the people of the bureau: 执法人员, 资料管理员, 法制办/审计管理员, 法制审核, 分管领导, 受委托领导, 系统管理员, 执法辅助人员. */
export type Role = (typeof roles)[number]

/** Whoever is signed in: what every rule about people needs to know of them. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly role: Role
}
