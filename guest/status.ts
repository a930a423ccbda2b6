/** Why a run of the guest ended, by exit code: guest/src/base/status.h. */
export interface GuestStatus {
  readonly code: number
  readonly name: string
  readonly meaning: string
}

export const guestStatuses = [
  { code: 0, name: 'OK', meaning: 'the batch was executed and its digest committed' },

  { code: 1, name: 'OUT_OF_MEMORY', meaning: 'the batch needs more memory than the machine has' },
  { code: 2, name: 'INTERNAL', meaning: 'a state that the guest itself excludes: a bug' },
  { code: 4, name: 'HINT', meaning: 'the prover’s answer to a hint is wrong' },

  { code: 10, name: 'INPUT_TRUNCATED', meaning: 'the input ends too early' },
  { code: 11, name: 'INPUT_TOO_LONG', meaning: 'the input is longer than its place in memory' },
  { code: 12, name: 'RLP', meaning: 'not canonical RLP, or not of the shape that stands there' },
  { code: 13, name: 'INPUT_VERSION', meaning: 'the input is of a version that this build does not read' },
  { code: 14, name: 'INPUT_ORDER', meaning: 'nodes or codes of the witness do not ascend' },

  { code: 20, name: 'NODE_MISSING', meaning: 'the witness lacks a trie node that the execution reads' },
  { code: 21, name: 'NODE_INVALID', meaning: 'a trie node of the witness is not one' },
  { code: 22, name: 'CODE_MISSING', meaning: 'the witness lacks a code that the execution reads' },
  { code: 23, name: 'ACCOUNT_INVALID', meaning: 'a leaf of the state trie is no account' },

  { code: 30, name: 'HEADER', meaning: 'a block’s header does not follow from its parent' },
  { code: 31, name: 'BODY', meaning: 'a block’s body is malformed' },
  { code: 32, name: 'TRANSACTION', meaning: 'a transaction is not valid where it stands' },
  { code: 33, name: 'SIGNATURE', meaning: 'a transaction’s signature is not valid' },
  { code: 34, name: 'GAS_USED', meaning: 'a block used other gas than its header says' },
  { code: 35, name: 'RECEIPTS_ROOT', meaning: 'a block has other receipts than its header says' },
  { code: 36, name: 'LOGS_BLOOM', meaning: 'a block has another logs bloom than its header says' },
  { code: 37, name: 'STATE_ROOT', meaning: 'a block leads to another state than its header says' },
  { code: 38, name: 'TRANSACTIONS_ROOT', meaning: 'a block has other transactions than its header says' },
  { code: 39, name: 'WITHDRAWALS_ROOT', meaning: 'a block has other withdrawals than its header says' },
  { code: 40, name: 'REQUESTS_HASH', meaning: 'a block has other requests than its header says' },

  { code: 50, name: 'INBOX', meaning: 'deposits are not the next ones of the Inbox' },
  { code: 51, name: 'BEACON_ROOT', meaning: 'parentBeaconBlockRoot is not the root of the Inbox' },
  { code: 52, name: 'BATCH', meaning: 'the batch breaks a rule of the rollup' },
  { code: 53, name: 'DIFF', meaning: 'the state diff cannot be encoded' },
  { code: 54, name: 'MESSAGES', meaning: 'the messages to L1 cannot be collected' },
] as const satisfies readonly GuestStatus[]

const statusByCode: ReadonlyMap<number, GuestStatus> = new Map(guestStatuses.map((status) => [status.code, status]))

/** Undefined for an exit code that the guest does not have. */
export function guestStatusOf(exitCode: number): GuestStatus | undefined {
  return statusByCode.get(exitCode)
}
