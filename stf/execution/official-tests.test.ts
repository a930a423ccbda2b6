import { createBlock } from '@ethereumjs/block'
import { RLP } from '@ethereumjs/rlp'
import { createTxFromRLP } from '@ethereumjs/tx'
import { Account, createAddressFromString } from '@ethereumjs/util'
import { runTx } from '@ethereumjs/vm'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bytesToHex, type Hex, hexToBytes, keccak256Hex } from '../../core/index.ts'
import { createL2Common } from '../chain-config.ts'
import { StateStore } from '../state/state-store.ts'
import { WorldState } from '../state/world-state.ts'
import { MemoryStore } from '../testing/memory-store.ts'
import { hasOfficialTests, officialTests, officialTestsArchive } from '../testing/official-tests.ts'
import { emptyTrieRoot } from '../trie/trie.ts'
import { vmFor } from './vm.ts'

const HexString = z.templateLiteral(['0x', z.string()])
const StateTests = z.record(
  z.string(),
  z.object({
    env: z.object({
      currentCoinbase: HexString,
      currentGasLimit: HexString,
      currentNumber: HexString,
      currentTimestamp: HexString,
      currentRandom: HexString,
      currentBaseFee: HexString,
    }),
    pre: z.record(HexString, z.object({ nonce: HexString, balance: HexString, code: HexString, storage: z.record(HexString, HexString) })),
    post: z.object({ Osaka: z.array(z.object({ hash: HexString, logs: HexString, txbytes: HexString })).optional() }),
  }),
)
type StateTest = z.infer<typeof StateTests>[string]

const common = createL2Common(1n)
const word = (value: Hex): Uint8Array => hexToBytes(`0x${BigInt(value).toString(16).padStart(64, '0')}`)

async function preState(pre: StateTest['pre']): Promise<WorldState> {
  const store = new MemoryStore()
  const state = WorldState.at(bytesToHex(emptyTrieRoot), new StateStore({}, store))
  for (const [address, { nonce, balance, code, storage }] of Object.entries(pre)) {
    const target = createAddressFromString(address)
    await state.putAccount(target, new Account(BigInt(nonce), BigInt(balance)))
    if (code !== '0x') await state.putCode(target, hexToBytes(code))
    for (const [slot, value] of Object.entries(storage)) await state.putStorage(target, word(slot as Hex), word(value))
  }
  store.add(state.commitBlock())
  return state
}

async function execute({ env, pre }: StateTest, raw: Hex): Promise<{ root: Hex; logs: Hex }> {
  const state = await preState(pre)
  const block = createBlock(
    {
      header: {
        number: BigInt(env.currentNumber),
        timestamp: BigInt(env.currentTimestamp),
        coinbase: env.currentCoinbase,
        gasLimit: BigInt(env.currentGasLimit),
        baseFeePerGas: BigInt(env.currentBaseFee),
        mixHash: word(env.currentRandom),
      },
    },
    { common, skipConsensusFormatValidation: true },
  )
  const vm = await vmFor(common, state)
  const logs = await Promise.resolve()
    .then(() => runTx(vm, { tx: createTxFromRLP(hexToBytes(raw), { common }), block, skipHardForkValidation: true }))
    .then(
      ({ receipt }) => receipt.logs,
      // An invalid transaction changes nothing.
      () => [],
    )
  return { root: state.commitBlock().stateRoot, logs: keccak256Hex(RLP.encode(logs)) }
}

describe('official state tests', () => {
  it.skipIf(!hasOfficialTests)('has the state roots and logs of execution-spec-tests for Osaka', { timeout: 60_000 }, async () => {
    let ran = 0
    let skipped = 0
    for (const [file, content] of officialTests('OsakaStateTests')) {
      for (const [name, test] of Object.entries(StateTests.parse(content))) {
        for (const { hash, logs, txbytes } of test.post.Osaka ?? []) {
          // This chain has no blob transactions.
          if (txbytes.startsWith('0x03')) {
            skipped++
            continue
          }
          expect(await execute(test, txbytes), `${file} ${name}`).toEqual({ root: hash, logs })
          ran++
        }
      }
    }
    console.info(`official Osaka state tests: ${ran} ran, ${skipped} skipped (blob transactions)`)
    expect(ran).toBeGreaterThan(100)
  })

  if (!hasOfficialTests) console.info(`official Osaka state tests: 0 ran, all skipped: ${officialTestsArchive} does not exist`)
})
