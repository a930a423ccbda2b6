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
    title: 'anvil 1.7',
    entries: [
      {
        names: ['anvil_reorg'],
        reason: 'Blocks that L1 has stay. `anvil_rollback` drops newer ones; `evm_snapshot` and `evm_revert` take the L1 along.',
      },
      {
        names: ['anvil_impersonateSignature'],
        reason:
          'It replaces what `ecrecover` returns, which the EVM of this chain does not let anybody do. Sign with a key, or `eth_sendTransaction` as an impersonated account.',
      },
      {
        names: ['anvil_getBlobByHash', 'anvil_getBlobsByTransactionHash'],
        reason: 'The chain has no blob transactions.',
      },
      {
        names: ['anvil_enableTraces'],
        reason: 'anvil does not have it either (it answers that there is no such method). Use `debug_traceTransaction`.',
      },
      {
        names: ['anvil_setFeeToken', 'anvil_setValidatorFeeToken', 'anvil_setFeeAmmLiquidity'],
        reason: 'They are for Tempo, a chain whose fees are paid in tokens.',
      },
      {
        names: ['debug_codeByHash', 'debug_dbGet'],
        reason: 'They read a database by its keys. `eth_getCode` and `debug_executionWitness` give what is in ours.',
      },
      {
        names: ['eth_getWork', 'eth_submitWork', 'eth_submitHashrate'],
        reason: 'There is no proof of work.',
      },
    ],
  },
  {
    title: 'Hardhat 3',
    entries: [
      {
        names: ['hardhat_addCompilationResult', 'hardhat_getStackTraceFailuresCount'],
        reason: "Hardhat's own network makes stack traces of them; it asks no node behind a URL.",
      },
      {
        names: ['hardhat_intervalMine'],
        reason: "It is the tick of Hardhat's own timer. Set `evm_setIntervalMining`, or call `evm_mine`.",
      },
    ],
  },
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
        reason: 'For ether they work; ERC-20 tokens are not bridged.',
      },
      {
        names: ['sendEip712Transaction', 'signEip712Transaction', 'deployContract', 'toSinglesigSmartAccount', 'toMultisigSmartAccount'],
        reason: "No transaction type 0x71, paymasters or native accounts: transactions are Ethereum's. Deploy with viem itself.",
      },
    ],
  },
]
