import type { Hex } from '../hex.ts'

/**
 * What the guest does not accept about a block:
 * `stateEdited` accounts were changed before it · `impersonation` a transaction without a signature · `baseFee`, `gasLimit` not those
 * that follow from the parent and the rules · `emptyBlocks` one of more empty blocks than are worth a proof.
 */
export const devReasonKinds = ['stateEdited', 'impersonation', 'baseFee', 'gasLimit', 'emptyBlocks'] as const
export type DevReasonKind = (typeof devReasonKinds)[number]

/** Why a batch is a dev batch. */
export interface DevReason {
  readonly kind: DevReasonKind
  readonly blockNumber: bigint
  /** For people. */
  readonly detail: string
}

const zeroHash: Hex = `0x${'00'.repeat(32)}`

/** `programId` of batches that nobody proves: the genesis and dev batches. */
export const noProgramId = zeroHash

/** Whether L1 took the batch without asking for a proof, and not as its genesis. */
export function isDevBatch({ number, programId }: { readonly number: bigint; readonly programId: Hex }): boolean {
  return number > 0n && programId === noProgramId
}
