import type { Outcome } from './cases.ts'

export const executorNames = ['library', 'guest', 'machine'] as const
export type ExecutorName = (typeof executorNames)[number]

/** Work for a worker: cases of these files, by name or all of them. */
export interface Job {
  readonly directory: string
  readonly picks: readonly { readonly file: string; readonly names?: readonly string[] }[]
  readonly executors: readonly ExecutorName[]
}

export interface CaseResult {
  readonly file: string
  readonly name: string
  /** Why nobody ran it. */
  readonly skipped?: string
  readonly outcomes: Partial<Record<ExecutorName, Outcome>>
}

export const hasFailed = ({ outcomes }: CaseResult): boolean => Object.values(outcomes).some(({ result }) => result === 'failed')
