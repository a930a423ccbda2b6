import { threadId } from 'node:worker_threads'
import { DevnetError } from '../../../core/index.ts'
import { answerRequests } from '../answer-requests.ts'

export type Order = 'say who you are' | 'refuse' | 'break down' | 'exit' | 'answer and exit' | 'answer and break down'

const fail = (): never => {
  throw new Error('broken down')
}

answerRequests<Order, number>({
  answer(order) {
    if (order === 'refuse') throw new DevnetError('No.', { code: 'REFUSED', metaMessages: ['Ask again.'], exitCode: 6 })
    // What nothing catches ends the thread.
    if (order === 'break down') return new Promise(() => setImmediate(fail))
    if (order === 'exit') process.exit(3)
    if (order === 'answer and exit') setImmediate(() => process.exit(4))
    if (order === 'answer and break down') setImmediate(fail)
    return threadId
  },
  close: () => undefined,
})
