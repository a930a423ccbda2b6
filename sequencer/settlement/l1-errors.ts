import { DevnetError, type Hex } from '../../core/index.ts'

/** No answer from the L1: it is down, or the network is. */
export class L1UnreachableError extends DevnetError {
  override name = 'L1UnreachableError'
  constructor({ method, cause }: { method: string; cause: unknown }) {
    super(`The L1 does not answer (${method}): ${cause instanceof Error ? cause.message : String(cause)}.`, {
      code: 'L1_UNREACHABLE',
      exitCode: 4,
      metaMessages: ['Check the URL given with `--l1-url`. The L2 goes on sealing; settlement resumes when the L1 is back.'],
      cause,
    })
  }
}

/** The L1 answered with a JSON-RPC error. */
export class L1RpcError extends DevnetError {
  override name = 'L1RpcError'
  readonly rpcCode: number
  readonly rpcMessage: string
  constructor({ method, rpcCode, rpcMessage, cause }: { method: string; rpcCode: number; rpcMessage: string; cause: unknown }) {
    super(`The L1 refused ${method}: ${rpcMessage}`, { code: 'L1_RPC', cause })
    this.rpcCode = rpcCode
    this.rpcMessage = rpcMessage
  }
}

/** An answer that no Ethereum node gives. */
export class L1AnswerError extends DevnetError {
  override name = 'L1AnswerError'
  constructor({ method, reason }: { method: string; reason: string }) {
    super(`The L1 gave a malformed answer to ${method}: ${reason}`, {
      code: 'L1_ANSWER',
      metaMessages: ['Is the URL given with `--l1-url` that of an Ethereum node?'],
    })
  }
}

/** A call reverted on L1, with the contract's error where its ABI is known. */
export class L1RevertedError extends DevnetError {
  override name = 'L1RevertedError'
  /** Name of the contract's error, or undefined where the data is not one of ours. */
  readonly contractError: string | undefined
  readonly data: Hex
  constructor({ action, contractError, args, data }: { action: string; contractError?: string; args?: readonly unknown[]; data: Hex }) {
    const reason = contractError === undefined ? data : `${contractError}(${(args ?? []).map(String).join(', ')})`
    super(`The L1 contract refuses ${action}: ${reason}`, { code: 'L1_REVERTED' })
    this.contractError = contractError
    this.data = data
  }
}

/** An L1 transaction was mined and failed. */
export class L1TransactionFailedError extends DevnetError {
  override name = 'L1TransactionFailedError'
  constructor({ action, hash }: { action: string; hash: Hex }) {
    super(`The L1 transaction of ${action} failed (${hash}).`, {
      code: 'L1_TRANSACTION_FAILED',
      metaMessages: ['The state of the contract is read again and the step is repeated where it is still due.'],
    })
  }
}

/** The L1 node did not take a transaction into its pool; it is in nobody's. */
export class L1TransactionRejectedError extends DevnetError {
  override name = 'L1TransactionRejectedError'
  constructor({ action, reason, cause }: { action: string; reason: string; cause: unknown }) {
    super(`The L1 does not accept the transaction of ${action}: ${reason}`, {
      code: 'L1_TRANSACTION_REJECTED',
      metaMessages: ["Does the sequencer's L1 account have ether for gas?"],
      cause,
    })
  }
}

/** Our transaction can never be mined: its nonce went to another one, or a reorganisation dropped those before it. */
export class L1TransactionLostError extends DevnetError {
  override name = 'L1TransactionLostError'
  constructor({ action, nonce, reason }: { action: string; nonce: number; reason: string }) {
    super(`The L1 transaction of ${action} with nonce ${nonce} is lost: ${reason}.`, {
      code: 'L1_TRANSACTION_LOST',
      metaMessages: ['Nothing else should use the key of the sequencer on L1. The step is repeated where it is still due.'],
    })
  }
}

/** Blocks sealed now might miss what waits in the Inbox, and L1 would refuse their batch. */
export class L1AwayError extends DevnetError {
  override name = 'L1AwayError'
  constructor({ minutes }: { minutes: number }) {
    super(`L1 has not answered for ${minutes} minutes: blocks that are sealed now might come too late for the deadline of the Inbox.`, {
      code: 'L1_AWAY',
      exitCode: 4,
      metaMessages: ['Sealing goes on by itself when L1 answers again. Reads go on.'],
    })
  }
}
