import { computeAddress, SigningKey, Transaction } from 'ethers'
import { describe, expect, it } from 'vitest'
import { bigintToBytes, type Hex, hexToBytes } from '../../core/index.ts'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { runStateCases, type StateAccount, type StateCase } from './evm-state.ts'
import { runInLibrary } from './library-execution.ts'

const max = 2n ** 256n - 1n
const key = new SigningKey(`0x${'45'.repeat(32)}`)
const sender = BigInt(computeAddress(key.publicKey))
const [coinbase, contract, heir] = [0xc01bn, 0xc0den, 0x4e14n]
const toHex = (address: bigint): Hex => `0x${address.toString(16).padStart(40, '0')}`

function account(address: bigint, balance: bigint, code: Hex = '0x'): StateAccount {
  return { address: bigintToBytes(address, 20), nonce: 0n, balance, code: hexToBytes(code), storage: [] }
}

function caseOf(accounts: readonly StateAccount[], { to = contract, value = 0n, gasPrice = 9n, payee = coinbase } = {}): StateCase {
  const transaction = Transaction.from({ type: 0, chainId: 1n, nonce: 0, gasPrice, gasLimit: 200_000n, to: toHex(to), value })
  transaction.signature = key.sign(transaction.unsignedHash)
  return {
    fork: 'Osaka',
    hasBlobs: false,
    block: {
      ...{ number: 1_000n, timestamp: 1_700_000_000n, gasLimit: 30_000_000n, chainId: 1n, coinbase: bigintToBytes(payee, 20) },
      ...{ prevRandao: new Uint8Array(32), baseFee: 7n, excessBlobGas: 0n },
    },
    accounts,
    transaction: hexToBytes(transaction.serialized as Hex),
  }
}

const rich = account(sender, 10n ** 20n)
const selfdestruct: Hex = `0x73${toHex(heir).slice(2)}ff`
// Sends back what it got, then some of its own: CALL(caller, 100,000 Wei).
const payBack: Hex = '0x5f5f5f5f620186a0335af100'

const cases: Readonly<Record<string, StateCase>> = {
  'fees for an account that holds 2^256 - 1': caseOf([rich, account(coinbase, max)]),
  'fees that lift an account to exactly nothing, so that it is gone': caseOf([rich, account(coinbase, max - 41_999n)]),
  'the rest of the gas given back to a sender who was paid meanwhile': caseOf([
    account(sender, max),
    account(contract, 10n ** 6n, payBack),
  ]),
  'a sender who is the coinbase too': caseOf([account(sender, max)], { payee: sender }),
  'a self-destruction in favour of an account that holds 2^256 - 1': caseOf([
    rich,
    account(contract, 5n, selfdestruct),
    account(heir, max),
  ]),
  'a self-destruction that leaves its heir with nothing': caseOf([rich, account(contract, 5n, selfdestruct), account(heir, max - 4n)]),
  'a payment to an account that holds 2^256 - 1': caseOf([rich, account(heir, max)], { to: heir, value: 1n }),
}

describe.skipIf(!hasCompiler())(`balances that pass 2^256${hasCompiler() ? '' : ` (skipped: ${compilerNeeded})`}`, () => {
  it.each(Object.keys(cases))('end no run, and are the same in guest and library: %s', { timeout: 240_000 }, async (name) => {
    const one = cases[name]
    if (one === undefined) throw new Error(name)
    const [outcome] = runStateCases([one])
    expect(outcome).toEqual(await runInLibrary(one))
    expect(outcome?.status).toBe(0)
  })
})
