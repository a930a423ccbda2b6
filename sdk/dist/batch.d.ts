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
/** Why nobody proves a dev batch. */
export interface DevReason {
    readonly kind: string;
    readonly blockNumber: bigint;
    /** For people. */
    readonly detail: string;
}
export interface Batch {
    readonly number: bigint;
    readonly status: BatchStatus;
    /** How L1 was convinced: `attested` is trust in the prover's key, not a validity proof; `dev` is not at all. */
    readonly proofType: string;
    /** Empty unless it is a dev batch. */
    readonly devReasons: readonly DevReason[];
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
    /** Instructions that the guest took; null before it ran. */
    readonly cycles: bigint | null;
    readonly commit: L1Step | null;
    readonly prove: L1Step | null;
    readonly execute: L1Step | null;
    /** Milliseconds; null before it is proven. */
    readonly provingMs: bigint | null;
}
type Json<T> = {
    readonly [K in keyof T]: T[K] extends bigint ? Hex : T[K] extends bigint | null ? Hex | null : T[K];
};
/** A batch as `zkdevnet_getBatch` answers; it holds more than this. */
export type BatchJson = Omit<Json<Batch>, 'commit' | 'prove' | 'execute' | 'devReasons'> & {
    readonly [K in 'commit' | 'prove' | 'execute']: Json<L1Step> | null;
} & {
    readonly devReasons: readonly Json<DevReason>[];
};
export declare function formatBatch(json: BatchJson): Batch;
/** Whether a batch is at least that far. */
export declare function hasReached(batch: Batch, status: BatchStatus): boolean;
export {};
