import { parentPort, type Transferable } from 'node:worker_threads'
import { DevnetError } from '../../core/index.ts'
import type { ThreadError, ThreadReply } from './request-thread.ts'

export interface Answers<Request, Answer> {
  answer(request: Request): Answer | Promise<Answer>
  /** Buffers that need not be copied: nobody here looks at them again. */
  transfer?(answer: Answer): Transferable[]
  /** The thread's last act. */
  close(): void
}

/** Makes this thread one for `RequestThread`. */
export function answerRequests<Request, Answer>({ answer, transfer, close }: Answers<Request, Answer>): void {
  parentPort?.on('message', async (request: Request | 'close') => {
    if (request === 'close') {
      close()
      parentPort?.close()
      return
    }
    try {
      const reply = { answer: await answer(request) }
      parentPort?.postMessage(reply satisfies ThreadReply<Answer>, transfer?.(reply.answer))
    } catch (error) {
      parentPort?.postMessage({ error: toThreadError(error) } satisfies ThreadReply<Answer>)
    }
  })
}

function toThreadError(error: unknown): ThreadError {
  if (error instanceof DevnetError) {
    const { message, code, metaMessages, exitCode } = error
    return { message, code, metaMessages, exitCode }
  }
  return error instanceof Error ? error : new Error(String(error))
}
