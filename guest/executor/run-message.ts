import type { GuestRun } from '../../core/index.ts'

/** Job of the worker. */
export interface RunRequest {
  readonly input: Uint8Array
  readonly maxCycles: number
  /** One 32-bit word: other than zero, the run is given up. */
  readonly cancelled: Int32Array<SharedArrayBuffer>
  /** One number: the cycles so far, written now and then. */
  readonly progress: Float64Array<SharedArrayBuffer>
}

/** What became of it. */
export type RunAnswer =
  | { readonly kind: 'ended'; readonly run: GuestRun }
  /** The machine stopped the guest, or (`isLimit`) the guest ran out of cycles, memory or room. */
  | { readonly kind: 'fault'; readonly reason: string; readonly isLimit: boolean }
  | { readonly kind: 'cancelled' }
