import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import {
  type Abi,
  BaseError,
  ContractFunctionRevertedError,
  createTestClient,
  custom,
  type Hash,
  publicActions,
  type TransactionReceipt,
  toFunctionSelector,
  walletActions,
} from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { expect } from 'vitest'
import { bytesToHex, type Eip1193Provider, type Hex } from '../../core/index.ts'

const mnemonic = 'test test test test test test test test test test test junk'
export const l1ChainId = 31_337n
/** Gas of test transactions: fixed, because an estimate would run each of them twice. */
const gas = 10_000_000n

/** Dev account `index` with its key, in lower case as core has addresses. */
function devAccount(index: number) {
  const account = mnemonicToAccount(mnemonic, { addressIndex: index })
  const key = account.getHdKey().privateKey
  if (key === null) throw new Error('an HD account has its key')
  return { address: account.address.toLowerCase() as Hex, key: bytesToHex(key), account }
}

export const accounts = {
  deployer: devAccount(0),
  sequencer: devAccount(1),
  attester: devAccount(2),
  user: devAccount(3),
  stranger: devAccount(4),
}

export type L1 = Awaited<ReturnType<typeof createL1>>

/** Hardhat itself is slow to start; each chain of it is not. */
const hardhat = createHardhatRuntimeEnvironment({
  networks: {
    l1: {
      type: 'edr-simulated',
      chainType: 'l1',
      chainId: Number(l1ChainId),
      hardfork: 'osaka',
      blockGasLimit: 60_000_000,
      initialDate: '2026-01-01T00:00:00Z',
      accounts: { mnemonic, count: 10, accountsBalance: 10n ** 24n },
    },
  },
})

/** A fresh chain in this process. */
export async function createL1({ automine = true } = {}) {
  const { network } = await hardhat
  const { provider } = await network.create({ network: 'l1', override: { mining: { auto: automine, interval: 0 } } })
  const l1: Eip1193Provider = { request: ({ method, params }) => provider.request({ method, params: [...(params ?? [])] }) }
  const client = createTestClient({ mode: 'hardhat', transport: custom(l1, { retryCount: 0 }), pollingInterval: 10, cacheTime: 0 })
    .extend(publicActions)
    .extend(walletActions)

  return {
    l1,
    client,

    /** Receipt of a mined transaction; fails the test if it reverted. */
    async receiptOf(sent: Promise<Hash>): Promise<TransactionReceipt> {
      const receipt = await client.waitForTransactionReceipt({ hash: await sent })
      expect(receipt.status).toBe('success')
      return receipt
    },

    async deploy(abi: Abi, bytecode: Hex, args: readonly unknown[] = [], value = 0n): Promise<Hex> {
      const receipt = await this.receiptOf(
        client.deployContract({ abi, bytecode, args, value, gas, account: accounts.deployer.address, chain: null }),
      )
      if (!receipt.contractAddress) throw new Error('no contract was created')
      return receipt.contractAddress.toLowerCase() as Hex
    },

    /** Sends a call from an unlocked account. */
    async send({ from, ...call }: Call): Promise<TransactionReceipt> {
      return this.receiptOf(client.writeContract({ ...call, account: from, gas, chain: null }))
    },

    /** Asserts that the call reverts with that custom error (`Error` for a text) and, where they are given, those arguments. */
    async expectRevert({ from, ...call }: Call, errorName: string, args?: readonly unknown[]): Promise<void> {
      const outcome = await client.simulateContract({ ...call, account: from, gas }).then(
        () => 'no revert' as const,
        (cause: unknown) => cause,
      )
      const revert = outcome instanceof BaseError ? outcome.walk((error) => error instanceof ContractFunctionRevertedError) : null
      if (!(revert instanceof ContractFunctionRevertedError)) throw new Error(`expected ${errorName}`, { cause: outcome })
      if (revert.data === undefined) throw new Error(`expected ${errorName}, got raw ${revert.raw}`)
      expect(revert.data.errorName).toBe(errorName)
      if (args) expect((revert.data.args ?? []).map(normalize)).toEqual(args.map(normalize))
    },

    async now(): Promise<bigint> {
      return (await client.getBlock()).timestamp
    },
  }
}

/** An error without arguments in the message of a failed deployment: by its name where the network has compiled the sources, else by its selector. */
export function deploymentError(name: string): RegExp {
  return new RegExp(`${name}|${toFunctionSelector(`${name}()`)}`)
}

export interface Call {
  readonly from: Hex
  readonly address: Hex
  readonly abi: Abi
  readonly functionName: string
  readonly args?: readonly unknown[]
  readonly value?: bigint
}

const normalize = (value: unknown): unknown =>
  typeof value === 'string' ? value.toLowerCase() : typeof value === 'number' ? BigInt(value) : value
