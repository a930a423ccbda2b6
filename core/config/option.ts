import type { z } from 'zod'

/** One setting: flag, environment variable, validation, help and docs come from this entry. */
export interface Option<S extends z.ZodType = z.ZodType> {
  readonly env: `ZKDEVNET_${string}`
  /** commander syntax, e.g. `--port <n>`. */
  readonly flag: `--${string}`
  readonly schema: S
  /** Undefined = not set. */
  readonly default: z.input<S> | undefined
  readonly description: string
}

export function option<S extends z.ZodType>(entry: Option<S>): Option<S> {
  return entry
}
