/** Methods, or calls of a client, that other nodes have and this one does not. */
interface AbsentMethods {
  /** Whose they are. */
  readonly title: string
  readonly entries: readonly {
    /** Methods of one reason; or, of a client library, its functions. */
    readonly names: readonly string[]
    readonly reason: string
  }[]
}

/** In docs/rpc.md, so that nobody has to find out by trying. */
export const absentMethods: readonly AbsentMethods[] = [
  {
    title: 'zkSync',
    entries: [
      {
        names: ['zks_getProof'],
        reason: 'The state is a Merkle-Patricia trie: `eth_getProof` proves it, against the state root that L1 has.',
      },
      {
        names: ['zks_getL2ToL1MsgProof'],
        reason: 'Replaced by `zks_getL2ToL1LogProof` in zkSync too.',
      },
      {
        names: ['zks_getFeeParams', 'zks_getBatchFeeInput', 'zks_getL1GasPrice'],
        reason: "Fees are Ethereum's and do not follow L1's; nothing is charged for the bytes that go to L1.",
      },
      {
        names: [
          'zks_getBytecodeByHash',
          'zks_getProtocolVersion',
          'zks_getConfirmedTokens',
          'zks_getTokenPrice',
          'zks_getBridgehubContracts',
        ],
        reason: 'There are no EraVM bytecodes, protocol upgrades, token lists or prices.',
      },
      {
        names: ['zks_sendRawTransactionWithDetailedOutput'],
        reason: 'Send, then `debug_traceTransaction` with `prestateTracer`.',
      },
    ],
  },
  {
    title: 'viem/zksync',
    entries: [
      {
        names: ['deposit', 'requestExecute', 'claimFailedDeposit'],
        reason:
          'A deposit is a withdrawal entry of an L2 block (EIP-4895): it has no L2 transaction, so no hash, and it cannot fail on L2. There is no Bridgehub. Call `depositETH` of the Bridge, or `depositEther` of `zkdevnet/sdk`, and wait by `zkdevnet_getDeposit`.',
      },
      {
        names: ['getL2TokenAddress', 'getL1TokenAddress', 'withdraw', 'getL1Allowance'],
        reason: 'Ether only: ERC-20 tokens are not bridged.',
      },
      {
        names: ['sendEip712Transaction', 'signEip712Transaction', 'deployContract', 'toSinglesigSmartAccount', 'toMultisigSmartAccount'],
        reason: "No transaction type 0x71, paymasters or native accounts: transactions are Ethereum's. Deploy with viem itself.",
      },
    ],
  },
]
