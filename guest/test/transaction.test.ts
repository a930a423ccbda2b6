import { RLP } from '@ethereumjs/rlp'
import { describe, expect, it } from 'vitest'
import { bytesToHex } from '../../core/index.ts'
import { signAuthorization, signTransaction, type TestAccount, testAccounts } from '../../stf/testing/dev-chain.ts'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { guestStatus, runDriver } from './run.ts'

const forks = { Cancun: 0n, Prague: 1n, Osaka: 2n } as const
const [alice, bob] = testAccounts as [TestAccount, TestAccount]

const run = (fork: keyof typeof forks, chainId: bigint, transactions: readonly Uint8Array[]): string[] =>
  runDriver('transaction', RLP.encode(transactions.map((transaction) => [forks[fork], chainId, transaction])))

describe.skipIf(!hasCompiler())('transactions in the guest', () => {
  it('have the sender that signed them, whatever their type', async () => {
    const authorization = await signAuthorization(bob, alice.address, 0n)
    const transactions = [
      signTransaction({ from: alice, nonce: 0n, to: bob.address, value: 1n }),
      signTransaction({ from: bob, nonce: 7n, data: '0x6000' }),
      signTransaction({ from: bob, nonce: 7n, to: alice.address, authorizationList: [authorization] }),
    ]
    expect(
      run(
        'Osaka',
        313_372n,
        transactions.map((tx) => tx.serialize()),
      ),
    ).toEqual(transactions.map((tx) => `${bytesToHex(tx.getSenderAddress().bytes)} ${tx.getIntrinsicGas()}`))
  })

  it('are refused on another chain, and with a byte more or less', () => {
    const bytes = signTransaction({ from: alice, nonce: 0n, to: bob.address, value: 1n }).serialize()
    expect(run('Osaka', 1n, [bytes])).toEqual([`failed ${guestStatus.transaction} 2`])
    const cut = Array.from({ length: bytes.length }, (_, length) => bytes.subarray(0, length))
    for (const line of run('Osaka', 313_372n, [...cut, Uint8Array.of(...bytes, 0)])) expect(line).toMatch(/^failed/)
  })
})

if (!hasCompiler()) console.info(`tests of transactions in the guest: all skipped: ${compilerNeeded}`)
