import { type Hex, parseAbi } from 'viem'
import { afterAll, expect, it } from 'vitest'
import { transactionLimits } from '../../contracts/index.ts'
import { type DevnetProcess, removeDirectory, runCli, scratchDirectory, startDevnet } from '../testing/devnet-process.ts'
import { askNode, patientClient, sendWei } from '../testing/proving-devnet.ts'

const dataDir = scratchDirectory()
afterAll(() => removeDirectory(dataDir))

const verifierAbi = parseAbi(['function isProven(bytes32 programId, bytes32 digest) view returns (bool)'])
/** Proving a batch takes some 20 s of processor time where the kernels are native, a minute where they are not. */
const timeoutMs = 900_000
const args = ['--proofs', 'stark', '--batch-max-age-ms', '100']

const receiver: Hex = '0x00000000000000000000000000000000decaf000'

interface BatchJson {
  readonly status: string
  readonly proofType: string
  readonly programId: Hex
  readonly digest: Hex
  readonly proofSegments: Hex | null
  readonly proofBytes: Hex | null
  readonly verification: readonly { readonly txHash: Hex; readonly gasUsed: Hex }[]
  readonly prove: { readonly txHash: Hex } | null
}

async function executed(devnet: DevnetProcess): Promise<BatchJson> {
  for (;;) {
    const batch = await askNode<BatchJson>(devnet, 'zkdevnet_getBatch', ['0x1'])
    if (batch.status === 'executed') return batch
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

it(
  'finalizes a transaction with a STARK that L1 verified, also when the node dies in the middle of it',
  async () => {
    // At the second transaction of the proof's session.
    const env = { KILL_AT: 'prove sent', KILL_AFTER: '2' }
    const faulty = await startDevnet({ dataDir, entry: 'test/testing/faulty-node.ts', args, env })
    expect(await askNode(faulty, 'zkdevnet_nodeInfo')).toMatchObject({ proofType: 'stark' })
    await sendWei(faulty, receiver)
    expect((await faulty.exited).signal).toBe('SIGKILL')

    const devnet = await startDevnet({ dataDir, args })
    const batch = await executed(devnet)
    expect(batch).toMatchObject({ proofType: 'stark', proofSegments: '0x1' })
    expect(Number(batch.proofBytes)).toBeGreaterThan(100_000)
    const l1 = patientClient(devnet.ready.l1Url)
    const { verifier } = devnet.ready.contracts
    const fact = { address: verifier, abi: verifierAbi, functionName: 'isProven' } as const
    expect(await l1.readContract({ ...fact, args: [batch.programId, batch.digest] })).toBe(true)
    expect(await l1.readContract({ ...fact, args: [batch.programId, batch.programId] })).toBe(false)
    expect(batch.verification.length).toBeGreaterThan(0)
    for (const { txHash, gasUsed } of batch.verification) {
      expect(BigInt(gasUsed)).toBeLessThanOrEqual(transactionLimits.gas)
      const { input, to } = await l1.getTransaction({ hash: txHash })
      expect(to).toBe(verifier)
      expect(input.length / 2 - 1).toBeLessThanOrEqual(transactionLimits.bytes)
    }

    const attack = await runCli(['attack', '--json', '--url', devnet.ready.l2Url])
    expect(attack).toMatchObject({ code: 0, stderr: '' })
    const { attempts } = JSON.parse(attack.stdout) as { attempts: { name: string; answer: string; isAccepted: boolean }[] }
    expect(attempts.filter(({ isAccepted }) => isAccepted).map(({ name }) => name)).toEqual([
      'the batch as it is, with its proof',
      'the owner’s upgrade, after its delay',
      'the session as it was begun',
      'the session but for its last transaction',
      'the whole session',
      'and its fact',
    ])
    const answerTo = (wanted: string) => attempts.find(({ name }) => name === wanted)?.answer
    expect(answerTo('a wrong state root, committed by the sequencer')).toMatch(/^Rollup__FactNotRegistered/)
    expect(answerTo('the same batch and proof on another chain id')).toMatch(/^Rollup__FactNotRegistered/)
    expect(answerTo('an upgrade, announced by the sequencer')).toMatch(/^AccessControlUnauthorizedAccount/)
    expect(answerTo('an upgrade that nobody announced')).toMatch(/^UpgradeTimelock__NothingScheduled/)
    expect(answerTo('the owner’s upgrade, executed early')).toMatch(/^UpgradeTimelock__TooEarly/)
    expect(answerTo('the owner’s upgrade, under a batch that waits for its proof')).toMatch(/^UpgradeTimelock__BatchesUnproven/)
    expect(answerTo('another program, with this proof')).toMatch(/^StarkVerifier__Constraints/)
    expect(answerTo('a fact from a session without its last transaction')).toMatch(/^StarkVerifier__SegmentsMissing/)
    expect(
      attempts.filter(({ isAccepted, answer }) => !isAccepted && !/^(Rollup|StarkVerifier|AccessControl|UpgradeTimelock)/.test(answer)),
    ).toEqual([])
    await devnet.kill()
  },
  timeoutMs,
)

it('refuses a data directory whose proofs are of another kind', async () => {
  await expect(startDevnet({ dataDir, args: ['--proofs', 'attested'] })).rejects.toThrow(/PROGRAM_MISMATCH|guest program/)
}, 60_000)
