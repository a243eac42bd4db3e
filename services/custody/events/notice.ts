import { event } from './event.ts'
import { Text } from './shapes.ts'

/** What people were told, and said that they have seen. */
export const noticeEvents = {
  'notice.seen': event({
    zh: '已阅通知',
    en: 'notice acknowledged',
    // Whoever has seen it. Older events name his account besides, which now stands in acts of its register only.
    subjects: { person: 'one', account: 'optional' },
    /** `text`: the Chinese sentence that stood there. */
    details: { noticeId: Text, text: Text },
    rows: (event, replay) =>
      replay.set('notice_seen', `${event.keyOf('person')}/${event.details.noticeId}`, { seen_at: event.at }),
  }),
} as const
