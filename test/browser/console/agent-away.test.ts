import t from 'tap'
import { docked } from '../../../services/console/dock-screen/gallery/cards.ts'
import { buildScreen } from '../../../services/dock/screen/app.ts'
import { readBuiltPage } from '../../../services/dock/screen/built-page.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { builtPage, openBrowser, openPage } from './browser.ts'
import { movingModel } from './moving-model.ts'

t.setTimeout(180_000)

const log = openLog({ service: 'test', level: 'silent' })

t.test(
  'when the agent dies the screen says so and shows nothing as safe; it comes back by itself with what is true then',
  async (t) => {
    const model = movingModel()
    const page = readBuiltPage(await builtPage('dock'))
    const first = await buildScreen({ model, log, page })
    const address = await first.listen({ host: '127.0.0.1', port: 0 })
    const opened = await openPage(await openBrowser(t), address)
    const word = opened.page.locator('.card[data-slot="2"] .card-word')
    await word.filter({ hasText: '空' }).waitFor()
    await first.close()
    await opened.page.getByText('本屏与采集程序断开').waitFor()
    t.equal(await opened.page.locator('.screen.unlinked').count(), 1)
    model.move(docked(2, 'ready'))
    const second = await buildScreen({ model, log, page })
    t.teardown(() => second.close())
    await second.listen({ host: '127.0.0.1', port: Number(new URL(address).port) })
    await word.filter({ hasText: '可取走' }).waitFor()
    t.equal(await opened.page.locator('.screen.unlinked').count(), 0)
  },
)
