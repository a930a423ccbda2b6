/** What a failure carries besides its message. */
export interface DevnetErrorOptions {
  /** Stable identifier, upper snake case; tests and scripts match on it. */
  code: string
  /** What to do next, one line each, with the exact command where there is one. */
  metaMessages?: readonly string[]
  /** Exit code of the CLI when this error ends it (style: 1 unexpected, 2 usage, 3 port in use, 4 L1 unreachable, 5 proving failed, 6 data of another version). */
  exitCode?: number
  cause?: unknown
}

/** Base of every error that zkdevnet raises on purpose. */
export class DevnetError extends Error {
  override name = 'DevnetError'
  readonly code: string
  readonly metaMessages: readonly string[]
  /** Where it is explained; docs/errors.md is generated from these classes. */
  readonly docsPath: string
  readonly exitCode: number

  constructor(message: string, { code, metaMessages = [], exitCode = 1, cause }: DevnetErrorOptions) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.metaMessages = metaMessages
    this.docsPath = `docs/errors.md#${code.toLowerCase()}`
    this.exitCode = exitCode
  }
}
