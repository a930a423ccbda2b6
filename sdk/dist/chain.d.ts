import { type Chain } from 'viem';
/** Ids, ports and addresses of a devnet with default settings. */
export declare const zkdevnetDefaults: {
    readonly l2ChainId: 313372;
    readonly l1ChainId: 31337;
    readonly l2Url: 'http://127.0.0.1:3050';
    readonly l1Url: 'http://127.0.0.1:8545';
};
export interface ZkdevnetChainOptions {
    /** Port of the L2 on this machine; 3050 by default. */
    readonly port?: number | undefined;
    /** URL of the L2, where it is elsewhere. */
    readonly l2Url?: string | undefined;
    readonly chainId?: number | undefined;
    readonly l1ChainId?: number | undefined;
}
/**
 * viem's definition of a devnet's L2.
 * @example
 * const client = createPublicClient({ chain: defineZkdevnet(), transport: http() })
 */
export declare function defineZkdevnet({ port, l2Url, chainId, l1ChainId }?: ZkdevnetChainOptions): Chain<undefined>;
export interface ZkdevnetL1ChainOptions {
    /** Port of the L1 on this machine; 8545 by default. */
    readonly l1Port?: number | undefined;
    /** URL of the L1, where it is elsewhere. */
    readonly l1Url?: string | undefined;
    readonly l1ChainId?: number | undefined;
}
/** viem's definition of a devnet's L1. */
export declare function defineZkdevnetL1({ l1Port, l1Url, l1ChainId }?: ZkdevnetL1ChainOptions): Chain<undefined>;
