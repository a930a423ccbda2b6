/** Settings of a devnet, as the flags of `zkdevnet dev` (docs/configuration.md). Ports are free ones unless given. */
export interface DevnetFlags {
    /** Kept at the end; a temporary directory, which is removed, by default. */
    readonly dataDir?: string | undefined;
    readonly port?: number | undefined;
    readonly l1Port?: number | undefined;
    readonly brokerPort?: number | undefined;
    /** An L1 of your own. */
    readonly l1Url?: string | undefined;
    readonly chainId?: number | undefined;
    readonly mnemonic?: string | undefined;
    readonly accounts?: number | undefined;
    /** Ether of each account. */
    readonly balance?: number | undefined;
    /** 0, the default, seals a block per transaction. */
    readonly blockTimeMs?: number | undefined;
    /** Seal on `evm_mine` only. */
    readonly noMining?: boolean | undefined;
    /** Age at which a batch closes; 0 = never by age. */
    readonly batchMaxAgeMs?: number | undefined;
    /** Prover agents; with 0, no batch is ever proven. */
    readonly agents?: number | undefined;
    /** Any other flags. */
    readonly args?: readonly string[] | undefined;
}
/** The command line of `zkdevnet` for a devnet that prints one line of JSON when it is ready, and stops when its stdin closes. */
export declare function devnetArguments(flags: DevnetFlags): string[];
