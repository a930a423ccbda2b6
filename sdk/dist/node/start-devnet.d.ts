import type { Address, Chain, Hex } from 'viem';
import type { DevnetContracts } from '../rpc-schema.js';
import { type DevnetFlags } from './arguments.js';
export interface StartDevnetOptions extends DevnetFlags {
    /** Each line that the devnet logs; by default they are kept for the error of a failed start only. */
    readonly onLog?: ((line: string) => void) | undefined;
    /** How long the start may take; 60,000 by default. It takes a second or two on an idle machine. */
    readonly timeoutMs?: number | undefined;
    /** Stops the devnet, at any time. */
    readonly signal?: AbortSignal | undefined;
}
/** Funded on both layers; the key is public. */
export interface DevAccount {
    readonly address: Address;
    readonly privateKey: Hex;
}
/** What the devnet prints when it listens, as far as the SDK passes it on. */
interface ReadyLine {
    readonly l1ChainId: number;
    readonly l2ChainId: number;
    readonly l1Url: string;
    readonly l2Url: string;
    readonly brokerUrl: string;
    readonly dataDir: string;
    readonly proofType: string;
    readonly contracts: DevnetContracts;
    readonly accounts: readonly DevAccount[];
}
export interface RunningDevnet extends Omit<ReadyLine, 'l1ChainId' | 'l2ChainId'> {
    readonly pid: number;
    readonly l2WebSocketUrl: string;
    /** For viem. */
    readonly chain: Chain<undefined>;
    readonly l1Chain: Chain<undefined>;
    /** Ends the devnet and removes its data, unless you gave it a directory. Idempotent. */
    stop(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
/**
 * Starts a devnet in a process of its own and resolves when it listens: on free ports, in a temporary directory, with attested proofs.
 * It ends with this process at the latest, however that ends.
 * @throws DevnetNotReadyError
 * @example
 * await using devnet = await startDevnet()
 * const client = createPublicClient({ chain: devnet.chain, transport: http() })
 */
export declare function startDevnet({ onLog, timeoutMs, signal, ...flags }?: StartDevnetOptions): Promise<RunningDevnet>;
export {};
