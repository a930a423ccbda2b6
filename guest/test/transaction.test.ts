import { RLP } from '@ethereumjs/rlp'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bytesToHex, hexToBytes } from '../../core/index.ts'
import { signAuthorization, signTransaction, type TestAccount, testAccounts } from '../../stf/testing/dev-chain.ts'
import { hasOfficialTests, officialTests, officialTestsArchive } from '../../stf/testing/official-tests.ts'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { guestStatus, runDriver } from './run.ts'

const forks = { Cancun: 0n, Prague: 1n, Osaka: 2n } as const
const [alice, bob] = testAccounts as [TestAccount, TestAccount]

const run = (fork: keyof typeof forks, chainId: bigint, transactions: readonly Uint8Array[]): string[] =>
  runDriver('transaction', RLP.encode([forks[fork], chainId, [...transactions]]))

describe.skipIf(!hasCompiler())('transactions in the guest', () => {
  it.skipIf(!hasOfficialTests)('are judged as ethereum/tests says', () => {
    const Result = z.union([
      z.object({ exception: z.string() }),
      z.object({ hash: z.string(), sender: z.string(), intrinsicGas: z.string() }),
    ])
    const Tests = z.record(z.string(), z.object({ result: z.record(z.string(), Result), txbytes: z.templateLiteral(['0x', z.string()]) }))
    for (const fork of ['Cancun', 'Prague', 'Osaka'] as const) {
      const cases: { name: string; bytes: Uint8Array; expected: string }[] = []
      let skipped = 0
      for (const [file, content] of officialTests('TransactionTests')) {
        const tests = Tests.safeParse(content)
        for (const [name, { result, txbytes }] of tests.success ? Object.entries(tests.data) : []) {
          const expected = result[fork]
          if (expected === undefined) {
            skipped++
            continue
          }
          const line = 'exception' in expected ? 'failed' : `${expected.sender} ${BigInt(expected.intrinsicGas)}`
          cases.push({ name: `${file} ${name}`, bytes: hexToBytes(txbytes), expected: line })
        }
        if (!tests.success) skipped++
      }
      if (cases.length === 0) continue
      const lines = run(
        fork,
        1n,
        cases.map(({ bytes }) => bytes),
      )
      const judged = Object.fromEntries(cases.map(({ name }, i) => [name, lines[i]?.startsWith('failed') ? 'failed' : lines[i]]))
      expect(judged).toEqual(Object.fromEntries(cases.map(({ name, expected }) => [name, expected])))
      console.info(`official transaction tests on the guest, ${fork}: ${cases.length} ran, ${skipped} skipped`)
    }
  })
  if (!hasOfficialTests) console.info(`official transaction tests on the guest: 0 ran: ${officialTestsArchive} does not exist`)

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
