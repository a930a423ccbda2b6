import { RLP } from '@ethereumjs/rlp'
import { getCreateAddress, keccak256, Signature, type SigningKey, Transaction } from 'ethers'
import { bigintToBytes, concatBytes, type Hex, hexToBytes } from '../../core/index.ts'
import type { StateAccount, StateCase } from './evm-state.ts'
import { Random } from './random.ts'
import {
  absent,
  authorities,
  coinbase,
  contracts,
  delegated,
  delegatedToDelegated,
  delegatedToPrecompile,
  delegatedToSelf,
  hexAddress,
  plain,
  precompiles,
  richest,
  sender,
  targets,
} from './random-accounts.ts'
import { Program } from './random-program.ts'

const chainId = 1n
const senderNonce = 5n
const maxTransactionGas = 1n << 24n
const secp256k1Order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const designator = (target: bigint): Uint8Array => concatBytes(Uint8Array.of(0xef, 0x01, 0x00), bigintToBytes(target, 20))

function account(address: bigint, fields: Partial<StateAccount>): StateAccount {
  return { address: bigintToBytes(address, 20), nonce: 0n, balance: 0n, code: new Uint8Array(0), storage: [], ...fields }
}

function contract(random: Random, address: bigint): StateAccount {
  return account(address, {
    nonce: random.chance(3) ? (1n << 64n) - BigInt(1 + random.below(3)) : 1n,
    balance: random.chance(5) ? 1n << 200n : BigInt(random.below(100)),
    code: Program.of(random, random.below(40)),
    storage: [0n, 1n, 2n]
      .filter(() => random.chance(50))
      .map((slot) => [slot, random.chance(50) ? 1n : 1n + (random.word() >> BigInt(1 + random.below(255)))] as const),
  })
}

type Authorization = NonNullable<Transaction['authorizationList']>[number]

/** Valid as often as not: wrong chains, nonces, signatures, targets that are no contracts. */
function authorization(random: Random): Authorization {
  const authority = random.chance(15) ? sender : random.pick(authorities)
  const fields = {
    chainId: random.chance(40) ? 0n : random.chance(90) ? chainId : random.pick([2n, 1n << 64n, (1n << 256n) - 1n]),
    address: hexAddress(random.chance(15) ? 0n : random.chance(80) ? random.pick(contracts) : random.pick(targets)),
    nonce:
      authority === sender && random.chance(70)
        ? senderNonce + 1n
        : BigInt(random.chance(85) ? random.below(3) : 0) + (random.chance(3) ? (1n << 64n) - 3n : 0n),
  }
  return { ...fields, signature: signAuthorization(random, authority.key, fields) }
}

const quantity = (value: bigint): Uint8Array =>
  value === 0n ? new Uint8Array(0) : bigintToBytes(value, Math.ceil(value.toString(16).length / 2))

function signAuthorization(random: Random, key: SigningKey, fields: { chainId: bigint; address: string; nonce: bigint }): Signature {
  const list = RLP.encode([quantity(fields.chainId), hexToBytes(fields.address as Hex), quantity(fields.nonce)])
  const signature = key.sign(keccak256(concatBytes(Uint8Array.of(0x05), list)))
  if (random.chance(92)) return signature
  if (random.chance(50)) return Signature.from({ r: signature.r, s: signature.s, yParity: signature.yParity === 0 ? 1 : 0 })
  // The other root, which EIP-2 forbids.
  return highSignature(signature)
}

/** ethers refuses to make it. */
function highSignature(signature: Signature): Signature {
  const high = Signature.from(signature)
  Object.defineProperty(high, 's', { value: `0x${(secp256k1Order - BigInt(signature.s)).toString(16).padStart(64, '0')}` })
  Object.defineProperty(high, 'yParity', { value: signature.yParity === 0 ? 1 : 0 })
  return high
}

function dataOf(random: Random): Uint8Array {
  if (random.chance(70)) return bigintToBytes(random.word(), 32)
  // Long data that EIP-7623 makes dear, of zero bytes and others.
  const length = random.below(random.chance(50) ? 300 : 6000)
  const nonZero = random.below(101)
  return Uint8Array.from({ length }, () => (random.chance(nonZero) ? 1 + random.below(255) : 0))
}

/** What a transaction pays at least, so that limits can lie close to it. */
function leastGas(data: Uint8Array, creates: boolean): bigint {
  const zeros = data.filter((byte) => byte === 0).length
  const tokens = BigInt(zeros + 4 * (data.length - zeros))
  const initCode = creates ? 32_000n + 2n * BigInt(Math.ceil(data.length / 32)) : 0n
  const intrinsic = 21_000n + 4n * tokens + initCode
  const floor = 21_000n + 10n * tokens
  return intrinsic > floor ? intrinsic : floor
}

function gasLimitOf(random: Random, least: bigint): bigint {
  const shape = random.below(20)
  if (shape === 0) return least + BigInt(random.below(3)) - 1n
  if (shape === 1) return maxTransactionGas + BigInt(random.below(2))
  if (shape < 5) return least + BigInt(random.below(3_000_000))
  return least + BigInt(random.below(400_000))
}

function transactionOf(random: Random): Uint8Array {
  const creates = random.chance(15)
  const data = creates ? Program.creating(random, random.below(30)) : dataOf(random)
  const type = creates ? random.pick([0, 1, 2]) : random.pick([0, 1, 2, 4])
  const to = random.chance(75) ? random.pick([...contracts, delegated]) : random.pick(targets)
  const entries = random.below(4)
  const lists = type === 0 || random.chance(40) ? 0 : entries
  const authorizations = type === 4 ? Array.from({ length: 1 + random.below(4) }, () => authorization(random)) : []
  const least = leastGas(data, creates) + BigInt(authorizations.length) * 25_000n + BigInt(lists) * 8_000n
  const transaction = Transaction.from({
    type,
    chainId,
    nonce: Number(senderNonce),
    gasLimit: gasLimitOf(random, least),
    ...(creates ? {} : { to: hexAddress(to) }),
    value: random.chance(70) ? 0n : random.chance(90) ? BigInt(random.below(1000)) : 10n ** 20n,
    data: `0x${Buffer.from(data).toString('hex')}`,
  })
  if (type === 2 || type === 4) Object.assign(transaction, { maxFeePerGas: 20n, maxPriorityFeePerGas: BigInt(random.below(21)) })
  else transaction.gasPrice = BigInt(7 + random.below(6))
  if (type !== 0) {
    transaction.accessList = Array.from({ length: lists }, () => ({
      address: hexAddress(random.pick([...targets, absent, ...precompiles])),
      storageKeys: Array.from({ length: random.below(4) }, () => `0x${random.below(5).toString(16).padStart(64, '0')}`),
    }))
  }
  if (type === 4) transaction.authorizationList = authorizations
  transaction.signature = sender.key.sign(transaction.unsignedHash)
  return hexToBytes(transaction.serialized as Hex)
}

/** Something at the address that the sender's creation, or the first one of a contract, goes to. */
function obstacle(random: Random): StateAccount[] {
  if (random.chance(80)) return []
  const [from, nonce] = random.chance(50) ? [sender.address, senderNonce] : [random.pick(contracts), 1n]
  const address = BigInt(getCreateAddress({ from: hexAddress(from), nonce }))
  const kind = random.below(3)
  if (kind === 0) return [account(address, { balance: 3n })]
  if (kind === 1) return [account(address, { nonce: 1n })]
  return [account(address, { nonce: 1n, code: Uint8Array.of(0x00), storage: [[0n, 7n]] })]
}

/** Contracts with random programs that call each other, and a transaction that starts one of them. The seed determines all of it. */
export function randomCase(seed: number): StateCase {
  const random = new Random(seed)
  const programs = contracts.map((address) => contract(random, address))
  const feeReceiver = random.chance(75)
    ? coinbase
    : random.pick([0n, 3n, sender.address, absent, ...contracts, delegated, plain, ...authorities.map(({ address }) => address)])
  return {
    fork: 'Osaka',
    hasBlobs: false,
    block: {
      number: 1000n,
      timestamp: 1_700_000_000n,
      gasLimit: 30_000_000n,
      chainId,
      coinbase: bigintToBytes(feeReceiver, 20),
      prevRandao: bigintToBytes(random.word(), 32),
      baseFee: 7n,
      excessBlobGas: 0n,
    },
    accounts: [
      account(sender.address, {
        nonce: senderNonce,
        balance: 10n ** 20n,
        ...(random.chance(8) && { code: designator(random.pick(contracts)) }),
      }),
      ...programs,
      account(delegated, { nonce: 1n, balance: 9n, code: designator(random.pick(contracts)) }),
      account(delegatedToPrecompile, { nonce: 1n, code: designator(random.pick(precompiles)) }),
      account(delegatedToDelegated, { nonce: 1n, balance: 2n, code: designator(delegated) }),
      account(delegatedToSelf, { nonce: 1n, balance: 2n, code: designator(delegatedToSelf) }),
      account(plain, { balance: 1n }),
      account(richest, { balance: (1n << 256n) - 10n }),
      ...authorities.flatMap(({ address }, index) => {
        if (index === 0) return []
        const code = random.chance(30) ? designator(random.pick(contracts)) : random.chance(10) ? Uint8Array.of(0x00) : new Uint8Array(0)
        return [account(address, { nonce: BigInt(index - 1), balance: 5n, code })]
      }),
      ...obstacle(random),
    ],
    transaction: transactionOf(random),
  }
}
