import { type Hex } from 'viem';
declare const batchStatuses: readonly ['sealed', 'committed', 'proven', 'executed'];
/** How far L1 is with a batch. A dev batch goes from committed to executed. */
export type BatchStatus = (typeof batchStatuses)[number];
/** An L1 transaction that moved a batch on. */
export interface L1Step {
    readonly txHash: Hex;
    /** Seconds. */
    readonly timestamp: bigint;
    readonly gasUsed: bigint;
}
export interface Batch {
    readonly number: bigint;
    readonly status: BatchStatus;
    /** How L1 was convinced; `attested` is trust in the prover's key, not a validity proof. */
    readonly proofType: string;
    readonly firstBlock: bigint;
    readonly lastBlock: bigint;
    readonly lastBlockHash: Hex;
    /** Seconds. */
    readonly lastTimestamp: bigint;
    readonly stateRoot: Hex;
    readonly messagesRoot: Hex;
    readonly digest: Hex;
    readonly programId: Hex;
    readonly transactionCount: bigint;
    readonly messageCount: bigint;
    readonly depositCount: bigint;
    readonly stateDiffBytes: bigint;
    readonly commit: L1Step | null;
    readonly prove: L1Step | null;
    readonly execute: L1Step | null;
    /** Milliseconds; null before it is proven. */
    readonly provingMs: bigint | null;
}
type Json<T> = {
    readonly [K in keyof T]: T[K] extends bigint ? Hex : T[K] extends bigint | null ? Hex | null : T[K];
};
export type L1StepJson = Json<L1Step>;
/** A batch as `zkdevnet_getBatch` answers; it may hold more. */
export type BatchJson = Omit<Json<Batch>, 'commit' | 'prove' | 'execute'> & {
    readonly [K in 'commit' | 'prove' | 'execute']: L1StepJson | null;
};
export declare function formatBatch(json: BatchJson): Batch;
/** Whether a batch is at least that far. */
export declare function hasReached(batch: Batch, status: BatchStatus): boolean;
export {};
