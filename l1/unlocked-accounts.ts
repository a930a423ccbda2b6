import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import type { Hex } from '../core/index.ts'
import type { L1Account } from './dev-accounts.ts'
import { L1RpcError } from './errors.ts'

type Request = (method: string, params: readonly unknown[]) => Promise<unknown>

const invalidParams = -32602

/** The accounts that the L1 signs for. Signing here and not in EDR makes the journal hold the very bytes of the transaction. */
export class UnlockedAccounts {
  readonly #accounts: ReadonlyMap<string, PrivateKeyAccount>
  readonly #chainId: number

  constructor(accounts: readonly L1Account[], chainId: number) {
    this.#accounts = new Map(
      accounts.map(({ privateKey }) => privateKeyToAccount(privateKey)).map((account) => [account.address.toLowerCase(), account]),
    )
    this.#chainId = chainId
  }

  handles(method: string): boolean {
    return ['eth_accounts', 'eth_requestAccounts', 'eth_sign', 'personal_sign', 'eth_signTypedData_v4'].includes(method)
  }

  async request(method: string, params: readonly unknown[]): Promise<unknown> {
    if (method === 'eth_sign') return this.#signMessage(params[0], params[1])
    if (method === 'personal_sign') return this.#signMessage(params[1], params[0])
    if (method === 'eth_signTypedData_v4') return this.#signTypedData(params[0], params[1])
    return [...this.#accounts.keys()]
  }

  /** The signed bytes of an `eth_sendTransaction`, or undefined when the sender is not one of these accounts. */
  async signTransaction(transaction: unknown, request: Request): Promise<Hex | undefined> {
    if (typeof transaction !== 'object' || transaction === null) return undefined
    const call: Record<string, unknown> = { ...transaction }
    const account = this.#accounts.get(String(call.from ?? this.#accounts.keys().next().value).toLowerCase())
    if (account === undefined) return undefined
    call.from = account.address
    const nonce = call.nonce ?? (await request('eth_getTransactionCount', [account.address, 'pending']))
    const gas = call.gas ?? call.gasLimit ?? (await request('eth_estimateGas', [call, 'pending']))
    const common = {
      chainId: this.#chainId,
      nonce: Number(quantity('nonce', nonce)),
      gas: quantity('gas', gas),
      value: quantity('value', call.value ?? '0x0'),
      ...(isHex(call.to) ? { to: call.to } : {}),
      ...(isHex(call.data ?? call.input) ? { data: (call.data ?? call.input) as Hex } : {}),
    }
    const accessList = parseAccessList(call.accessList)
    if (call.gasPrice !== undefined) {
      const gasPrice = quantity('gasPrice', call.gasPrice)
      return account.signTransaction(
        accessList.length > 0 ? { ...common, gasPrice, accessList, type: 'eip2930' } : { ...common, gasPrice, type: 'legacy' },
      )
    }
    const maxPriorityFeePerGas = quantity(
      'maxPriorityFeePerGas',
      call.maxPriorityFeePerGas ?? (await request('eth_maxPriorityFeePerGas', [])),
    )
    const maxFeePerGas =
      call.maxFeePerGas === undefined
        ? 2n * (await nextBaseFee(request)) + maxPriorityFeePerGas
        : quantity('maxFeePerGas', call.maxFeePerGas)
    return account.signTransaction({ ...common, type: 'eip1559', maxFeePerGas, maxPriorityFeePerGas, accessList })
  }

  #account(address: unknown): PrivateKeyAccount {
    const account = this.#accounts.get(String(address).toLowerCase())
    if (account === undefined) throw new L1RpcError({ code: -32000, message: `unknown account ${String(address)}` })
    return account
  }

  async #signMessage(address: unknown, message: unknown): Promise<Hex> {
    const raw: Hex = isHex(message) ? message : `0x${Buffer.from(String(message), 'utf8').toString('hex')}`
    return this.#account(address).signMessage({ message: { raw } })
  }

  async #signTypedData(address: unknown, typedData: unknown): Promise<Hex> {
    const account = this.#account(address)
    try {
      // viem checks the shape and throws.
      return await account.signTypedData(
        (typeof typedData === 'string' ? JSON.parse(typedData) : typedData) as Parameters<typeof account.signTypedData>[0],
      )
    } catch (error) {
      throw new L1RpcError({
        code: invalidParams,
        message: `invalid typed data: ${error instanceof Error ? error.message : String(error)}`,
        cause: error,
      })
    }
  }
}

async function nextBaseFee(request: Request): Promise<bigint> {
  const block = await request('eth_getBlockByNumber', ['pending', false])
  const fee = typeof block === 'object' && block !== null && 'baseFeePerGas' in block ? block.baseFeePerGas : '0x0'
  return quantity('baseFeePerGas', fee)
}

function isHex(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x([0-9a-f]{2})*$/i.test(value)
}

function quantity(name: string, value: unknown): bigint {
  if (typeof value === 'string' && /^0x[0-9a-f]+$/i.test(value)) return BigInt(value)
  throw new L1RpcError({ code: invalidParams, message: `invalid ${name}: ${JSON.stringify(value)}` })
}

function parseAccessList(value: unknown): { address: Hex; storageKeys: Hex[] }[] {
  if (!Array.isArray(value)) return []
  return value.map((item: unknown) => {
    if (typeof item === 'object' && item !== null && 'address' in item && isHex(item.address)) {
      const storageKeys = 'storageKeys' in item && Array.isArray(item.storageKeys) ? item.storageKeys.filter(isHex) : []
      return { address: item.address, storageKeys }
    }
    throw new L1RpcError({ code: invalidParams, message: 'invalid accessList' })
  })
}
