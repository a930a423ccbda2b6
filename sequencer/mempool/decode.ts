import { RLP } from '@ethereumjs/rlp'
import { createTxFromRLP, getCalldataFloorGas, type TypedTransaction } from '@ethereumjs/tx'
import { bytesToBigint, bytesToHex, type Hex, InvalidTransactionError, keccak256 } from '../../core/index.ts'
import { createL2Common, decodeImpersonated, encodeOnce, freezeWithAnswers } from '../../stf/index.ts'
import { limits } from './limits.ts'

/** A well-formed signed transaction whose sender is known: decoded and recovered once, then carried around. */
export interface DecodedTransaction {
  readonly hash: Hex
  /** EIP-2718 encoding as it came. */
  readonly raw: Uint8Array
  readonly tx: TypedTransaction
  readonly sender: Hex
  readonly nonce: bigint
  readonly gasLimit: bigint
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  /** What the sender must own for the transaction to be includable. */
  readonly maxCost: bigint
}

/**
 * Decodes a transaction and checks everything about it that needs no state.
 *
 * @throws InvalidTransactionError in geth's wording
 */
export function decodeTransaction(raw: Uint8Array, chainId: bigint): DecodedTransaction {
  assertSize(raw)
  assertType(raw)
  const tx = parse(raw, chainId)
  assertGas(tx)
  encodeOnce(tx)
  const sender = recoverSender(tx)
  // The library reads some encodings that nobody else does; they would come out of a block with another hash.
  if (Buffer.compare(tx.serialize(), raw) !== 0) throw undecodable('its encoding is not canonical')
  const hash = keccak256(raw)
  freezeWithAnswers(tx, { raw, hash, sender })
  return describe(raw, tx, { hash: bytesToHex(hash), sender: bytesToHex(sender) })
}

/**
 * As `decodeTransaction`, for one that carries an impersonation in the place of its signature.
 *
 * @throws InvalidTransactionError
 */
export function decodeImpersonatedTransaction(raw: Uint8Array, chainId: bigint): DecodedTransaction {
  assertSize(raw)
  assertType(raw)
  const tx = parseImpersonated(raw, chainId)
  assertGas(tx)
  return describe(raw, tx, { hash: bytesToHex(tx.hash()), sender: bytesToHex(tx.getSenderAddress().bytes) })
}

/** Whichever of the two the bytes are: for what was accepted before. */
export function decodeAcceptedTransaction(raw: Uint8Array, chainId: bigint): DecodedTransaction {
  const isUnsigned = decodeImpersonated(raw, createL2Common(chainId)) !== undefined
  return isUnsigned ? decodeImpersonatedTransaction(raw, chainId) : decodeTransaction(raw, chainId)
}

function assertSize(raw: Uint8Array): void {
  if (raw.length > limits.transactionBytes) {
    throw new InvalidTransactionError(
      `oversized data: transaction size ${raw.length}, limit ${limits.transactionBytes}`,
      'TRANSACTION_TOO_LARGE',
    )
  }
}

function describe(
  raw: Uint8Array,
  tx: TypedTransaction,
  { hash, sender }: Pick<DecodedTransaction, 'hash' | 'sender'>,
): DecodedTransaction {
  const fees =
    'maxFeePerGas' in tx
      ? { maxFeePerGas: tx.maxFeePerGas, maxPriorityFeePerGas: tx.maxPriorityFeePerGas }
      : { maxFeePerGas: tx.gasPrice, maxPriorityFeePerGas: tx.gasPrice }
  return {
    hash,
    raw,
    tx,
    sender,
    nonce: tx.nonce,
    gasLimit: tx.gasLimit,
    ...fees,
    maxCost: tx.value + tx.gasLimit * fees.maxFeePerGas,
  }
}

/** What the transaction pays the sealer per gas; negative where it cannot pay the base fee. */
export function effectiveTip({ maxFeePerGas, maxPriorityFeePerGas }: DecodedTransaction, baseFeePerGas: bigint): bigint {
  const left = maxFeePerGas - baseFeePerGas
  return left < maxPriorityFeePerGas ? left : maxPriorityFeePerGas
}

const knownTypes = [1, 2, 4]

function assertType(raw: Uint8Array): void {
  const first = raw[0]
  if (first === undefined) throw undecodable('it is empty')
  if (first >= 0xc0) return
  if (first === 3) throw new InvalidTransactionError('transaction type not valid: blob transactions are not supported', 'TRANSACTION_TYPE')
  if (!knownTypes.includes(first)) {
    throw new InvalidTransactionError(`transaction type not valid: type ${first} is not supported`, 'TRANSACTION_TYPE')
  }
}

function parse(raw: Uint8Array, chainId: bigint): TypedTransaction {
  let tx: TypedTransaction
  try {
    tx = createTxFromRLP(raw, { common: createL2Common(chainId), freeze: false })
  } catch (error) {
    throw diagnose(raw, chainId) ?? undecodable(error instanceof Error ? error.message : String(error))
  }
  if (!tx.isSigned()) throw badSignature()
  return tx
}

function parseImpersonated(raw: Uint8Array, chainId: bigint): TypedTransaction {
  let tx: TypedTransaction | undefined
  try {
    tx = decodeImpersonated(raw, createL2Common(chainId))
  } catch (error) {
    const diagnosis = diagnose(raw, chainId)
    throw diagnosis === undefined || diagnosis.code === badSignature().code ? error : diagnosis
  }
  if (tx === undefined) throw badSignature()
  return tx
}

function recoverSender(tx: TypedTransaction): Uint8Array {
  try {
    return keccak256(tx.getSenderPublicKey()).subarray(12)
  } catch {
    throw badSignature()
  }
}

function assertGas(tx: TypedTransaction): void {
  const intrinsic = tx.getIntrinsicGas()
  if (tx.gasLimit < intrinsic) {
    throw new InvalidTransactionError(`intrinsic gas too low: gas ${tx.gasLimit}, minimum needed ${intrinsic}`, 'INTRINSIC_GAS_TOO_LOW')
  }
  const minimum = getCalldataFloorGas(tx)
  if (tx.gasLimit < minimum) {
    throw new InvalidTransactionError(
      `insufficient gas for floor data gas cost: gas ${tx.gasLimit}, minimum needed ${minimum}`,
      'INTRINSIC_GAS_TOO_LOW',
    )
  }
}

interface Fields {
  chainId: bigint | undefined
  nonce: bigint
  maxPriorityFeePerGas: bigint
  maxFeePerGas: bigint
  gasLimit: bigint
  to: Uint8Array
  data: Uint8Array
  authorizations: number | undefined
  s: bigint
}

/** Why the library refused an encoding, in geth's words; undefined where it is not one of the usual reasons. */
function diagnose(raw: Uint8Array, chainId: bigint): InvalidTransactionError | undefined {
  const fields = readFields(raw)
  if (fields === undefined) return undefined
  const { maxFeePerGas, maxPriorityFeePerGas, gasLimit, to, data } = fields
  if (fields.chainId !== undefined && fields.chainId !== chainId) {
    return new InvalidTransactionError(`invalid chain id for signer: have ${fields.chainId} want ${chainId}`, 'INVALID_CHAIN_ID')
  }
  if (fields.nonce >= 2n ** 64n - 1n) return new InvalidTransactionError('nonce has max value', 'NONCE_MAX')
  if (maxFeePerGas >= 2n ** 256n) return new InvalidTransactionError('max fee per gas higher than 2^256-1', 'FEE_TOO_HIGH')
  if (maxPriorityFeePerGas > maxFeePerGas) {
    return new InvalidTransactionError(
      `max priority fee per gas higher than max fee per gas: maxPriorityFeePerGas: ${maxPriorityFeePerGas}, maxFeePerGas: ${maxFeePerGas}`,
      'TIP_ABOVE_FEE_CAP',
    )
  }
  if (gasLimit > limits.transactionGas) {
    return new InvalidTransactionError(
      `transaction gas limit too high (cap: ${limits.transactionGas}, tx: ${gasLimit})`,
      'GAS_LIMIT_TOO_HIGH',
    )
  }
  if (gasLimit * maxFeePerGas >= 2n ** 256n) {
    return new InvalidTransactionError('insufficient funds for gas * price + value: the cost exceeds 2^256-1', 'INSUFFICIENT_FUNDS')
  }
  if (to.length === 0 && fields.authorizations !== undefined) {
    return new InvalidTransactionError('EIP-7702 transaction cannot be used to create contract', 'SET_CODE_CREATE')
  }
  if (to.length === 0 && data.length > limits.initCodeBytes) {
    return new InvalidTransactionError(
      `max initcode size exceeded: code size ${data.length} limit ${limits.initCodeBytes}`,
      'INITCODE_TOO_LARGE',
    )
  }
  if (fields.authorizations === 0) return new InvalidTransactionError('EIP-7702 transaction with empty auth list', 'EMPTY_AUTH_LIST')
  if (fields.s > halfOrder) return badSignature()
  return undefined
}

const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

function readFields(raw: Uint8Array): Fields | undefined {
  const type = raw[0] ?? 0
  let list: unknown
  try {
    list = RLP.decode(type >= 0xc0 ? raw : raw.subarray(1))
  } catch {
    return undefined
  }
  if (!Array.isArray(list)) return undefined
  const items: readonly unknown[] = list
  const bytes = (index: number): Uint8Array => {
    const item = items[index]
    return item instanceof Uint8Array ? item : new Uint8Array()
  }
  const number = (index: number): bigint => bytesToBigint(bytes(index))
  if (type >= 0xc0) {
    const v = number(6)
    const chainId = v >= 35n ? (v - 35n) / 2n : undefined
    const gasPrice = number(1)
    return {
      ...{ chainId, nonce: number(0), maxPriorityFeePerGas: gasPrice, maxFeePerGas: gasPrice, gasLimit: number(2) },
      ...{ to: bytes(3), data: bytes(5), authorizations: undefined, s: number(8) },
    }
  }
  // Types 2 and 4 have two fees where type 1 has one price.
  const at = type === 1 ? 3 : 4
  const authorizations = items[9]
  return {
    ...{ chainId: number(0), nonce: number(1), maxPriorityFeePerGas: number(2), maxFeePerGas: number(at - 1), gasLimit: number(at) },
    ...{ to: bytes(at + 1), data: bytes(at + 3), s: bytesToBigint(bytes(items.length - 1)) },
    authorizations: type === 4 && Array.isArray(authorizations) ? authorizations.length : undefined,
  }
}

function undecodable(reason: string): InvalidTransactionError {
  return new InvalidTransactionError(`rlp: transaction could not be decoded: ${reason}`, 'TRANSACTION_UNDECODABLE')
}

function badSignature(): InvalidTransactionError {
  return new InvalidTransactionError('invalid sender: invalid transaction v, r, s values', 'INVALID_SIGNATURE')
}
