import type {
  DeskImport,
  DeskState,
  DeviceChoice,
  Explanation,
  Head,
  KeptCard,
  PickUp,
  RecentHandIn,
  ScreenPerson,
  ScreenState,
  SignedIn,
  SignIn,
  SlotCard,
  SlotDetail,
  Statement,
  Taking,
  WhoseVolume,
} from './types.ts'

export interface Watcher {
  state(state: ScreenState): void
  card(card: SlotCard): void
  head(head: Head): void
  /** Whether the agent answers. */
  linked(isLinked: boolean): void
}

/** What the screen asks of the agent. The gallery has one that answers from fixtures. */
export interface ScreenClient {
  watch(watcher: Watcher): () => void
  slot(slot: number): Promise<SlotDetail>
  devices(slot: number): Promise<readonly DeviceChoice[]>
  people(slot: number): Promise<readonly ScreenPerson[]>
  handIns(date: string): Promise<readonly RecentHandIn[]>
  /** Null where the station has no desk for cards. */
  desk(): Promise<DeskState | null>
  beginImport(asked: DeskImport): Promise<{ readonly slot: number }>
  explain(slot: number, explanation: Explanation): Promise<void>
  say(slot: number, statement: Statement): Promise<void>
  whose(slot: number, answer: WhoseVolume): Promise<void>
  pickUp(slot: number, pickUp: PickUp): Promise<void>
  take(slot: number, taking: Taking): Promise<void>
  keepCard(slot: number, kept: KeptCard): Promise<void>
  keep(slot: number): Promise<void>
  clear(slot: number): Promise<void>
  print(slot: number): Promise<void>
  signIn(slot: number, by: SignIn): Promise<SignedIn>
  stay(slot: number): Promise<SignedIn>
  signOut(slot: number): Promise<void>
}

/** The agent did not do it: `code` is a word of its fault table, or `offline` when it did not answer. */
export class Refused extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** The agent sends a beat each 5 s; after two missed ones it is away. */
const silenceMsMax = 12_000
const againMs = 2_000

/** The agent of this machine, by HTTP from its own page. */
export function openClient(): ScreenClient {
  const at = (slot: number, act: string) => `/screen/slots/${slot}/${act}`
  const act = async (slot: number, name: string, body?: unknown) => void (await ask('POST', at(slot, name), body))
  return {
    watch: watchChanges,
    slot: (slot) => ask('GET', `/screen/slots/${slot}`) as Promise<SlotDetail>,
    devices: async (slot) => ((await ask('GET', at(slot, 'devices'))) as { devices: DeviceChoice[] }).devices,
    people: async (slot) => ((await ask('GET', at(slot, 'people'))) as { people: ScreenPerson[] }).people,
    handIns: async (date) =>
      ((await ask('GET', `/screen/hand-ins?date=${date}`)) as { handIns: RecentHandIn[] }).handIns,
    desk: async () => ((await ask('GET', '/screen/desk')) as { desk: DeskState | null }).desk,
    beginImport: (asked) => ask('POST', '/screen/desk/imports', asked) as Promise<{ slot: number }>,
    explain: (slot, explanation) => act(slot, 'explanations', explanation),
    say: (slot, statement) => act(slot, 'statements', statement),
    whose: (slot, answer) => act(slot, 'whose', answer),
    pickUp: (slot, pickUp) => act(slot, 'pick-up', pickUp),
    take: (slot, taking) => act(slot, 'taking', taking),
    keepCard: (slot, kept) => act(slot, 'kept-card', kept),
    keep: (slot) => act(slot, 'keep'),
    clear: (slot) => act(slot, 'clear'),
    print: (slot) => act(slot, 'print'),
    signIn: (slot, by) => ask('POST', at(slot, 'session'), by) as Promise<SignedIn>,
    stay: (slot) => ask('PUT', at(slot, 'session')) as Promise<SignedIn>,
    signOut: async (slot) => void (await ask('DELETE', at(slot, 'session'))),
  }
}

/** @throws Refused */
async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  }).catch(() => {
    throw new Refused('offline')
  })
  if (answer.status === 204) return null
  const said = (await answer.json().catch(() => null)) as { error?: { code?: string } } | null
  if (!answer.ok) throw new Refused(said?.error?.code ?? 'internal')
  return said
}

/** Connects, and again for as long as the page stands: a browser gives up by itself after some answers. */
function watchChanges(watcher: Watcher): () => void {
  let source: EventSource | null = null
  let silence: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  const away = () => {
    watcher.linked(false)
    source?.close()
    clearTimeout(again)
    again = setTimeout(connect, againMs)
  }
  const heard = () => {
    clearTimeout(silence)
    silence = setTimeout(away, silenceMsMax)
  }
  const connect = () => {
    source = new EventSource('/screen/events')
    heard()
    const on = (name: string, take: (data: string) => void) =>
      source?.addEventListener(name, ({ data }: MessageEvent<string>) => {
        heard()
        take(data)
      })
    on('state', (data) => {
      watcher.state(JSON.parse(data) as ScreenState)
      watcher.linked(true)
    })
    on('card', (data) => watcher.card(JSON.parse(data) as SlotCard))
    on('head', (data) => watcher.head(JSON.parse(data) as Head))
    on('beat', () => undefined)
    source.addEventListener('error', away)
  }
  connect()
  return () => {
    source?.close()
    clearTimeout(silence)
    clearTimeout(again)
  }
}
