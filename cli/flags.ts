/** Flags that every command understands. */
export interface GlobalFlags {
  readonly json?: true
  readonly quiet?: true
  readonly verbose?: number
}
