/** Bounds of the pool. geth's where it has them. */
export const limits = {
  transactionBytes: 131_072,
  initCodeBytes: 49_152,
  /** EIP-7825. */
  transactionGas: 16_777_216n,
  poolTransactions: 20_000,
  poolBytes: 64 * 1024 * 1024,
  /** A replacement must raise both fees by this. */
  priceBumpPercent: 10n,
} as const
