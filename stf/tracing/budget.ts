import { DevnetError } from '../../core/index.ts'

const mebibyte = 2 ** 20
const maxTraceMebibytes = 256

/** The trace would take more memory than one request may have. */
class TraceTooLargeError extends DevnetError {
  override name = 'TraceTooLargeError'
  constructor() {
    super(`trace too large: it would take more than ${maxTraceMebibytes} MiB`, {
      code: 'TRACE_TOO_LARGE',
      metaMessages: ['Ask for the first steps with `limit`, leave out stack and memory, or use the `callTracer`.'],
    })
  }
}

/** What all traces of one request may take in memory together. With memory or deep stacks at each step a trace has no bound of its own. */
export class TraceBudget {
  #left = maxTraceMebibytes * mebibyte

  /** @throws TraceTooLargeError */
  spend(bytes: number): void {
    this.#left -= bytes
    if (this.#left < 0) throw new TraceTooLargeError()
  }
}
