import type { Outcome } from './cases.ts'

export const executorNames = ['library', 'guest', 'machine'] as const
export type ExecutorName = (typeof executorNames)[number]

export type Programs = ReadonlyMap<string, string>

/** Work for a worker: cases of these files, by name or all of them. */
export interface Job {
  /** Paths of the guest's programs for the host and for the machine, by driver. */
  readonly programs: { readonly guest: Programs; readonly machine: Programs }
  readonly directory: string
  readonly picks: readonly { readonly file: string; readonly names?: readonly string[] }[]
  readonly executors: readonly ExecutorName[]
  /** How long an executor may take for a case. */
  readonly limitMs: number
  /** Keys of cases that took the library longer. */
  readonly late: readonly string[]
}

/** What a worker says: the key of the case that the library begins, or that it is through with them; at last the results. */
export type Message = { readonly begins: string | undefined } | { readonly results: readonly CaseResult[] } | { readonly error: string }

export interface CaseResult {
  readonly file: string
  readonly name: string
  /** Why nobody ran it. */
  readonly skipped?: string
  readonly outcomes: Partial<Record<ExecutorName, Outcome>>
}

export const keyOf = ({ file, name }: Pick<CaseResult, 'file' | 'name'>): string => `${file}\n${name}`
