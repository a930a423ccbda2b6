import type { Address } from 'viem'
import { createL1Client, rollupAbi } from '../../contracts/index.ts'
import { DevnetError, type Hex, type L1Contracts, type ProofType } from '../../core/index.ts'
import { type Attempt, foreignChainId, proofAttempts, rollupAttempts, upgradeAttempts } from '../attack/attempts.ts'
import { findRecordedBatch, NothingToAttackError } from '../attack/recorded-batch.ts'
import { Sandbox } from '../attack/sandbox.ts'
import type { GlobalFlags } from '../flags.ts'
import { createHttpProvider } from '../http-provider.ts'
import { callNode } from '../node-client.ts'
import type { BatchJson } from '../output/batch-view.ts'
import { paint } from '../output/style.ts'

interface InfoJson {
  readonly l1ChainId: Hex
  readonly l1Url: string
  readonly contracts: L1Contracts
  readonly proofType: ProofType
}

/** L1 accepted what is false, or refused what is true. */
class AttackSucceededError extends DevnetError {
  override name = 'AttackSucceededError'
  constructor(names: readonly string[]) {
    super(`L1 gave the wrong answer to: ${names.join('; ')}.`, {
      code: 'ATTACK_SUCCEEDED',
      metaMessages: ['This is a bug in the contracts or in this command. Please report it.'],
    })
  }
}

const searchedBatches = 50
/** Of no guest: what its owner could prove with it is the attacker's choice. */
const foreignProgram: Hex = `0x${'bad1'.repeat(16)}`

/** `zkdevnet attack`: tries to cheat a private copy of the running devnet's L1 with the transactions of a batch that L1 verified. */
export async function attack({ url, json }: GlobalFlags & { readonly url: string }): Promise<void> {
  const info = await callNode<InfoJson>(url, 'zkdevnet_nodeInfo')
  if (info.proofType !== 'stark')
    throw new NothingToAttackError(`this devnet's proofs are ${info.proofType}`, 'Start one with `zkdevnet --proofs stark`.')
  const { rollup, verifier } = info.contracts
  const batches = await callNode<BatchJson[]>(url, 'zkdevnet_listBatches', [null, searchedBatches])
  const l1 = createL1Client(createHttpProvider(info.l1Url))
  const batch = await findRecordedBatch(l1, verifier, batches)
  const originalChainId = Number(info.l1ChainId)
  const sequencer = await senderOf(l1, batches, batch.number)
  const { owner, delaySeconds } = await upgradesOf(l1, rollup)
  const place = { url: info.l1Url, originalChainId, rollup, verifier, sequencer, owner }
  const upgrade = { programId: foreignProgram, verifier, delaySeconds }
  const sandbox = await Sandbox.open(place)
  const foreign = await Sandbox.open({ ...place, chainId: foreignChainId })
  if (json !== true) process.stdout.write(`batch ${batch.number}, on a private copy of ${info.l1Url}\n\n`)
  const results: { readonly name: string; readonly answer: string; readonly isAccepted: boolean; readonly isRight: boolean }[] = []
  try {
    const attempts = [
      ...rollupAttempts(batch, sandbox, foreign),
      ...upgradeAttempts(batch, upgrade, sandbox),
      ...proofAttempts(batch, sandbox),
    ]
    for (const attempt of attempts) {
      const { isAccepted, text } = await attempt.run()
      const isRight = isAccepted === attempt.mustBeAccepted
      results.push({ name: attempt.name, answer: text, isAccepted, isRight })
      if (json !== true) process.stdout.write(`${lineOf(attempt, isRight, text)}\n`)
    }
  } finally {
    await sandbox.close()
    await foreign.close()
  }
  if (json === true) process.stdout.write(`${JSON.stringify({ batch: Number(batch.number), attempts: results }, null, 2)}\n`)
  else
    process.stdout.write(
      `\n${results.filter(({ isAccepted }) => !isAccepted).length} attempts refused, ${results.filter(({ isAccepted }) => isAccepted).length} honest ones accepted\n`,
    )
  const wrong = results.filter(({ isRight }) => !isRight)
  if (wrong.length > 0) throw new AttackSucceededError(wrong.map(({ name }) => name))
}

/** Who may announce upgrades: whom the deployment made the owner. */
async function upgradesOf(l1: ReturnType<typeof createL1Client>, address: Address): Promise<{ owner: Address; delaySeconds: bigint }> {
  const contract = { address, abi: rollupAbi } as const
  const args = { role: `0x${'00'.repeat(32)}` } as const
  const [granted] = await l1.getContractEvents({ ...contract, eventName: 'RoleGranted', args, fromBlock: 0n })
  if (granted?.args.account === undefined) throw new RangeError('the rollup has no owner')
  return { owner: granted.args.account, delaySeconds: await l1.readContract({ ...contract, functionName: 'upgradeDelay' }) }
}

async function senderOf(l1: ReturnType<typeof createL1Client>, batches: readonly BatchJson[], number: bigint): Promise<Address> {
  const commit = batches.find((batch) => BigInt(batch.number) === number)?.commit
  if (commit === undefined || commit === null) throw new RangeError('the batch is not committed')
  return (await l1.getTransaction({ hash: commit.txHash })).from
}

const nameWidth = 62

function lineOf({ name, mustBeAccepted }: Attempt, isRight: boolean, answer: string): string {
  const mark = isRight ? paint('green', mustBeAccepted ? 'accepted' : 'refused ') : paint('red', 'WRONG   ')
  return `${mark}  ${name.padEnd(nameWidth)}  ${paint('dim', answer)}`
}
