import type { Hex } from '../core/index.ts'

// The fields that the archive looks at; the objects carry everything that EDR put there.

export interface RpcLog {
  address: Hex
  topics: readonly Hex[]
  logIndex: Hex
}

export interface RpcReceipt {
  logs: readonly RpcLog[]
}

export interface RpcBlock {
  number: Hex
  hash: Hex
  timestamp: Hex
  baseFeePerGas: Hex
  transactions: readonly { hash: Hex }[]
}
