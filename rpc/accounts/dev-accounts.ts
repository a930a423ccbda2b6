import { hashMessage, hashTypedData } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { bytesToHex, type Hex } from '../../core/index.ts'
import { encodeTransaction, signingHash, type UnsignedTransaction } from '../encoding/transaction-codec.ts'
import { JsonRpcError, rpcErrorCode } from '../transport/errors.ts'
import type { TypedData } from './typed-data.ts'
import { InvalidTypedDataError } from './typed-data.ts'

/** The accounts whose keys the node holds: everybody who reaches the node may sign with them. */
export class DevAccounts {
  readonly addresses: readonly Hex[]
  readonly #accounts: ReadonlyMap<Hex, PrivateKeyAccount>
  readonly #queues = new Map<Hex, Promise<unknown>>()

  constructor(privateKeys: readonly Hex[]) {
    this.#accounts = new Map(
      privateKeys.map((key) => {
        const account = privateKeyToAccount(key)
        return [lowerCase(account.address), account]
      }),
    )
    this.addresses = [...this.#accounts.keys()]
  }

  /** @throws JsonRpcError for an account that the node has no key of, here and in all that sign */
  async signTransaction(address: Hex, transaction: UnsignedTransaction): Promise<Uint8Array> {
    const signature = await this.#sign(address, signingHash(transaction))
    return encodeTransaction({
      ...transaction,
      signature: {
        r: BigInt(`0x${signature.slice(2, 66)}`),
        s: BigInt(`0x${signature.slice(66, 130)}`),
        yParity: Number.parseInt(signature.slice(130), 16) - 27,
      },
    })
  }

  /** EIP-191 `personal_sign`. */
  signMessage(address: Hex, message: Uint8Array): Promise<Hex> {
    return this.#sign(address, hashMessage({ raw: bytesToHex(message) }))
  }

  /** EIP-712. */
  signTypedData(address: Hex, typedData: TypedData): Promise<Hex> {
    this.#account(address)
    let hash: Hex
    try {
      hash = hashTypedData(typedData)
    } catch (error) {
      throw new InvalidTypedDataError(error)
    }
    return this.#sign(address, hash)
  }

  /** Runs tasks of one account one after the other, so that two of them never take the same nonce. */
  exclusively<T>(address: Hex, task: () => Promise<T>): Promise<T> {
    this.#account(address)
    return this.inTurn(address, task)
  }

  has(address: Hex): boolean {
    return this.#accounts.has(address)
  }

  /** As `exclusively`, for any account. */
  inTurn<T>(address: Hex, task: () => Promise<T>): Promise<T> {
    const run = (this.#queues.get(address) ?? Promise.resolve()).then(task)
    this.#queues.set(
      address,
      run.catch(() => undefined),
    )
    return run
  }

  #sign(address: Hex, hash: Hex): Promise<Hex> {
    return this.#account(address).sign({ hash })
  }

  #account(address: Hex): PrivateKeyAccount {
    const account = this.#accounts.get(address)
    if (account === undefined) throw new JsonRpcError(rpcErrorCode.serverError, `unknown account ${address}: the node has no key for it`)
    return account
  }
}

function lowerCase(address: Hex): Hex {
  return `0x${address.slice(2).toLowerCase()}`
}
