import fc from 'fast-check'
import { BaseError, ContractFunctionRevertedError, encodeFunctionData, parseEventLogs } from 'viem'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Hex, hexToBytes, keccak256Hex, type StoredBatch, storedBatchHash } from '../../core/index.ts'
import { reentrantVerifierAbi, reentrantVerifierBytecode } from '../generated/testing/ReentrantVerifier.ts'
import { attestedVerifierAbi, attestedVerifierBytecode, rollupAbi, rollupBytecode } from '../index.ts'
import { accounts } from './l1-fixture.ts'
import { createRollup, genesis, hashOf, nextBatch, programId, type RollupFixture, signAttestation, zeroHash } from './rollup-fixture.ts'

const { deployer, sequencer, stranger, attester } = accounts
const week = 7n * 86_400n
const newProgram = hashOf('new program')
const zeroAddress: Hex = `0x${'00'.repeat(20)}`

let fixture: RollupFixture
let newVerifier: Hex
let snapshot: Hex | undefined
beforeAll(async () => {
  fixture = await createRollup()
  newVerifier = await fixture.l1.deploy(attestedVerifierAbi, attestedVerifierBytecode, [attester.address])
})
beforeEach(async () => {
  if (snapshot) await fixture.l1.client.revert({ id: snapshot })
  snapshot = await fixture.l1.client.snapshot()
})

const read = (functionName: 'verifier' | 'programId') =>
  fixture.l1.client.readContract({ address: fixture.rollup, abi: rollupAbi, functionName })
const pendingUpgrade = () => fixture.l1.client.readContract({ address: fixture.rollup, abi: rollupAbi, functionName: 'pendingUpgrade' })
const current = async () => [await read('programId'), String(await read('verifier')).toLowerCase()]
const scheduling = (from: Hex = deployer.address, program = newProgram, verifier = newVerifier) =>
  fixture.call('scheduleUpgrade', [program, verifier], from)
const cancelling = (from: Hex = deployer.address) => fixture.call('cancelUpgrade', [], from)
const executing = () => fixture.call('executeUpgrade', [], stranger.address)
const schedule = () => fixture.l1.send(scheduling())
const pass = async (seconds: bigint) => {
  await fixture.l1.client.increaseTime({ seconds: Number(seconds) })
  await fixture.l1.client.mine({ blocks: 1 })
}
const upgrade = async () => {
  await schedule()
  await pass(week)
  return fixture.l1.send(executing())
}

/** Registers the fact with a verifier, whoever asks for it. */
async function attest(verifier: Hex, program: Hex, digest: Hex) {
  const signature = await signAttestation({ verifier, digest, program })
  const call = { address: verifier, abi: attestedVerifierAbi, functionName: 'attest', args: [program, [digest], [signature]] }
  await fixture.l1.send({ from: stranger.address, ...call })
}

/** The creation code of a contract that has that runtime code (at most 32 bytes), which in turn was compiled by nobody. */
const creating = (runtime: Hex): Hex =>
  `0x7f${runtime.slice(2).padEnd(64, '0')}60005260${(runtime.length / 2 - 1).toString(16).padStart(2, '0')}6000f3`
/** Answers every call with the word 1. */
const yesSayer = creating('0x600160005260206000f3')

describe('an upgrade', () => {
  it('is announced, waits, is executed by anybody, and proves what comes after it', async () => {
    const announced = await schedule()
    const earliest = (await fixture.l1.now()) + week
    const verifierCodeHash = await codeHash(newVerifier)
    const announcement = { programId: newProgram, verifier: newVerifier, verifierCodeHash, earliest }
    expect(eventsOf(announced)).toEqual([['UpgradeScheduled', announcement]])
    expect(lower(await pendingUpgrade())).toEqual(announcement)
    expect(await current()).toEqual([programId, fixture.verifier])

    await pass(week)
    const executed = await fixture.l1.send(executing())
    expect(eventsOf(executed)).toEqual([['ProgramSet', { programId: newProgram, verifier: newVerifier }]])
    expect(await current()).toEqual([newProgram, newVerifier])
    expect(await pendingUpgrade()).toMatchObject({ programId: zeroHash, earliest: 0n })

    const batch = nextBatch(genesis)
    const stored = { ...fixture.storedOf(genesis, batch), programId: newProgram }
    await fixture.commit(genesis, batch)
    expect(await fixture.read.storedBatchHash(1n)).toBe(storedBatchHash(stored))
    await attest(newVerifier, newProgram, stored.digest)
    await fixture.prove(stored)
    await fixture.execute(stored)
    expect(await fixture.read.heads()).toEqual([1n, 1n, 1n])
  })

  it('is told from the first program by events: the constructor emits one', async () => {
    const { rollup, deployBlock, verifier, l1 } = fixture
    const first = await l1.client.getContractEvents({ address: rollup, abi: rollupAbi, eventName: 'ProgramSet', fromBlock: deployBlock })
    expect(first.map(({ args }) => lower(args))).toEqual([{ programId, verifier }])
  })

  it('works while the rollup is paused: that is when a broken verifier has to go', async () => {
    await schedule()
    await fixture.l1.send(fixture.call('pause', [], deployer.address))
    await pass(week)
    await fixture.l1.send(executing())
    expect(await current()).toEqual([newProgram, newVerifier])
  })

  it('can be given up, and announced anew with the whole delay', async () => {
    await schedule()
    await pass(week)
    expect(eventsOf(await fixture.l1.send(cancelling()))).toEqual([['UpgradeCancelled', { programId: newProgram, verifier: newVerifier }]])
    await fixture.l1.expectRevert(executing(), 'UpgradeTimelock__NothingScheduled')
    await schedule()
    await fixture.l1.expectRevert(executing(), 'UpgradeTimelock__TooEarly')
  })

  it('leaves executed batches and their messages as they are', async () => {
    const stored = await fixture.finalize(genesis, { messagesRoot: hashOf('messages') })
    await upgrade()
    expect(await fixture.read.messagesRoot(1n)).toBe(hashOf('messages'))
    expect(await fixture.read.stateRoot(1n)).toBe(stored.stateRoot)
  })

  it('lets a batch be executed that was proven before it', async () => {
    const batch = nextBatch(genesis)
    const stored = fixture.storedOf(genesis, batch)
    await fixture.commit(genesis, batch)
    await fixture.attest(stored.digest)
    await fixture.prove(stored)
    await upgrade()
    await fixture.execute(stored)
    expect(await fixture.read.heads()).toEqual([1n, 1n, 1n])
  })
})

describe('who wants to cheat with an upgrade', () => {
  it.each([
    ['a stranger', stranger.address],
    ['the sequencer', sequencer.address],
    ['the attester', attester.address],
  ])('cannot announce or cancel one as %s', async (_, from) => {
    await fixture.l1.expectRevert(scheduling(from), 'AccessControlUnauthorizedAccount', [from, zeroHash])
    await schedule()
    await fixture.l1.expectRevert(cancelling(from), 'AccessControlUnauthorizedAccount', [from, zeroHash])
    expect(await pendingUpgrade()).toMatchObject({ programId: newProgram })
  })

  it('cannot execute one that nobody announced, a second before its time, or twice', async () => {
    await fixture.l1.expectRevert(executing(), 'UpgradeTimelock__NothingScheduled')
    await fixture.l1.expectRevert(cancelling(), 'UpgradeTimelock__NothingScheduled')
    await schedule()
    const { earliest } = await pendingUpgrade()
    await fixture.l1.expectRevert(executing(), 'UpgradeTimelock__TooEarly')
    await fixture.l1.client.setNextBlockTimestamp({ timestamp: earliest - 1n })
    await fixture.l1.client.mine({ blocks: 1 })
    // A simulated call runs in the latest block.
    await fixture.l1.expectRevert(executing(), 'UpgradeTimelock__TooEarly', [earliest, earliest - 1n])
    await fixture.l1.client.setNextBlockTimestamp({ timestamp: earliest })
    await fixture.l1.send(executing())
    await fixture.l1.expectRevert(executing(), 'UpgradeTimelock__NothingScheduled')
  })

  it('cannot put another upgrade into the place, and the time, of one that waits', async () => {
    await schedule()
    const waiting = await pendingUpgrade()
    const { earliest } = waiting
    await pass(week)
    await fixture.l1.expectRevert(scheduling(deployer.address, hashOf('other program')), 'UpgradeTimelock__AlreadyScheduled', [earliest])
    await fixture.l1.expectRevert(scheduling(), 'UpgradeTimelock__AlreadyScheduled', [earliest])
    expect(await pendingUpgrade()).toEqual(waiting)
  })

  it('cannot name the program zero, whose batches pass without a proof', async () => {
    await fixture.l1.expectRevert(scheduling(deployer.address, zeroHash), 'UpgradeTimelock__ProgramIdZero')
  })

  it('cannot name a verifier that is no contract, is no verifier, or takes everything', async () => {
    const named = (verifier: Hex) => scheduling(deployer.address, newProgram, verifier)
    for (const empty of [zeroAddress, stranger.address])
      await fixture.l1.expectRevert(named(empty), 'UpgradeTimelock__VerifierHasNoCode', [empty])
    await expect(fixture.l1.send(named(fixture.bridge))).rejects.toThrow()
    expect(await pendingUpgrade()).toMatchObject({ earliest: 0n })
    const liar = await fixture.l1.deploy([], yesSayer)
    await fixture.l1.expectRevert(named(liar), 'UpgradeTimelock__VerifierProvesAnything', [liar])
  })

  it('cannot exchange the code of the announced verifier, nor take it away', async () => {
    await schedule()
    await pass(week)
    const announced = await codeHash(newVerifier)
    for (const code of ['0x600160005260206000f3', '0x'] as const) {
      await fixture.l1.client.setCode({ address: newVerifier, bytecode: code })
      await fixture.l1.expectRevert(executing(), 'UpgradeTimelock__VerifierCodeChanged', [announced, await codeHash(newVerifier)])
    }
  })

  it('cannot let a batch that is committed slip from one program to the other', async () => {
    const batch = nextBatch(genesis)
    const stored = fixture.storedOf(genesis, batch)
    await schedule()
    await pass(week)
    await fixture.commit(genesis, batch)
    await fixture.l1.expectRevert(executing(), 'UpgradeTimelock__BatchesUnproven', [0n, 1n])
    // The way out of a program that cannot prove it: it is taken back, and committed again under the new one.
    await fixture.l1.send(fixture.call('revertBatches', [0n], deployer.address))
    await fixture.l1.send(executing())
    await fixture.l1.expectRevert(fixture.call('proveBatches', [[stored]]), 'Rollup__BatchNotCommitted')
    await fixture.commit(genesis, batch)
    expect(await fixture.read.storedBatchHash(1n)).toBe(storedBatchHash({ ...stored, programId: newProgram }))
  })

  it('cannot prove a batch with the old program, or with the old verifier, after the switch', async () => {
    await upgrade()
    const batch = nextBatch(genesis)
    const old = fixture.storedOf(genesis, batch)
    const stored = { ...old, programId: newProgram }
    await fixture.commit(genesis, batch)
    const proving = fixture.call('proveBatches', [[stored]], stranger.address)
    const missing = ['Rollup__FactNotRegistered', [newProgram, stored.digest]] as const
    await fixture.l1.expectRevert(proving, ...missing)
    // Facts of the old program in both verifiers, and of the new one in the old verifier.
    await attest(fixture.verifier, programId, stored.digest)
    await attest(newVerifier, programId, stored.digest)
    await attest(fixture.verifier, newProgram, stored.digest)
    await fixture.l1.expectRevert(proving, ...missing)
    await fixture.l1.expectRevert(fixture.call('proveBatches', [[old]], stranger.address), 'Rollup__StoredBatchMismatch')
  })

  it('cannot prove a batch with the new program, or with the new verifier, before the switch', async () => {
    await schedule()
    const batch = nextBatch(genesis)
    const stored = fixture.storedOf(genesis, batch)
    await fixture.commit(genesis, batch)
    await pass(week)
    await attest(newVerifier, newProgram, stored.digest)
    await attest(newVerifier, programId, stored.digest)
    await attest(fixture.verifier, newProgram, stored.digest)
    const proving = fixture.call('proveBatches', [[stored]], stranger.address)
    await fixture.l1.expectRevert(proving, 'Rollup__FactNotRegistered', [programId, stored.digest])
    const early = { ...stored, programId: newProgram }
    await fixture.l1.expectRevert(fixture.call('proveBatches', [[early]], stranger.address), 'Rollup__StoredBatchMismatch')
  })

  it('cannot prove batches with a program that has another version of the digest', async () => {
    await upgrade()
    const batch = nextBatch(genesis)
    const stored = { ...fixture.storedOf(genesis, batch), programId: newProgram }
    await fixture.commit(genesis, batch)
    // What such a program outputs is no digest that the rollup computes.
    const other = hashOf('digest of rules version 2')
    await attest(newVerifier, newProgram, other)
    const proving = (digest: Hex) => fixture.call('proveBatches', [[{ ...stored, digest }]], stranger.address)
    await fixture.l1.expectRevert(proving(stored.digest), 'Rollup__FactNotRegistered', [newProgram, stored.digest])
    await fixture.l1.expectRevert(proving(other), 'Rollup__StoredBatchMismatch')
  })

  it('cannot come back from within a verifier: it is asked without the power to change anything', async () => {
    const first = nextBatch(genesis)
    const storedFirst = fixture.storedOf(genesis, first)
    await fixture.commit(genesis, first)
    await fixture.attest(storedFirst.digest)
    await fixture.prove(storedFirst)
    const reentrant = await fixture.l1.deploy(reentrantVerifierAbi, reentrantVerifierBytecode)
    await fixture.l1.send(scheduling(deployer.address, newProgram, reentrant))
    await pass(week)
    await fixture.l1.send(executing())

    // Anybody may execute batch 1, but not while batch 2 is being proven.
    const back = encodeFunctionData({ abi: rollupAbi, functionName: 'executeBatches', args: [[storedFirst]] })
    const setCall = { address: reentrant, abi: reentrantVerifierAbi, functionName: 'setCall', args: [back] }
    await fixture.l1.send({ from: stranger.address, ...setCall })
    const second = nextBatch(storedFirst)
    const stored = { ...fixture.storedOf(storedFirst, second), programId: newProgram }
    await fixture.commit(storedFirst, second)
    const proving = fixture.call('proveBatches', [[stored]], stranger.address)
    await fixture.l1.expectRevert(proving, 'Rollup__FactNotRegistered', [newProgram, stored.digest])
    expect(await fixture.read.heads()).toEqual([2n, 1n, 0n])
    await fixture.execute(storedFirst)
  })

  it.each([0n, 86_399n])('cannot deploy a rollup with a delay of %i seconds', async (upgradeDelay) => {
    const config = {
      ...{ owner: deployer.address, sequencer: sequencer.address, inbox: fixture.inbox, verifier: fixture.verifier, programId },
      ...{ l2ChainId: 1n, inboxDeadline: 1n, maxTimestampLead: 1n, upgradeDelay, allowDevBatches: true },
    }
    await expect(fixture.l1.deploy(rollupAbi, rollupBytecode, [config])).rejects.toThrow('UpgradeTimelock__DelayTooShort')
  })
})

describe('whatever happens in whatever order', () => {
  const actions = ['commit', 'prove', 'execute', 'revert', 'schedule', 'cancel', 'upgrade', 'wait'] as const

  /** Whether the call works; it is sent if so. */
  async function works(call: Parameters<typeof fixture.l1.send>[0]): Promise<boolean> {
    try {
      await fixture.l1.client.simulateContract({ ...call, account: call.from })
    } catch (error) {
      if (error instanceof BaseError && error.walk((cause) => cause instanceof ContractFunctionRevertedError)) return false
      throw error
    }
    await fixture.l1.send(call)
    return true
  }

  it('every batch that waits for a proof is of the current program, and no upgrade comes early', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...actions), { minLength: 20, maxLength: 40 }), async (walk) => {
        const before = await fixture.l1.client.snapshot()
        await walkThrough(walk)
        await fixture.l1.client.revert({ id: before })
      }),
      { numRuns: 12 },
    )
  })

  async function walkThrough(walk: readonly (typeof actions)[number][]): Promise<void> {
    const chain: StoredBatch[] = [genesis]
    let [proven, executed, upgrades] = [0, 0, 0]
    let program = programId
    let waiting: { readonly program: Hex; readonly earliest: bigint } | undefined
    for (const action of walk) {
      const last = chain.at(-1) ?? genesis
      const next = chain[proven + 1]
      if (action === 'commit') {
        const batch = nextBatch(last)
        expect(await works(fixture.call('commitBatches', [last, [batch]]))).toBe(true)
        chain.push({ ...fixture.storedOf(last, batch), programId: program })
      } else if (action === 'prove' && next !== undefined) {
        await attest(fixture.verifier, program, next.digest)
        expect(await works(fixture.call('proveBatches', [[next]]))).toBe(true)
        proven++
      } else if (action === 'execute' && executed < proven) {
        expect(await works(fixture.call('executeBatches', [[chain[executed + 1]]]))).toBe(true)
        executed++
      } else if (action === 'revert') {
        expect(await works(fixture.call('revertBatches', [BigInt(executed)]))).toBe(true)
        chain.length = executed + 1
        proven = executed
      } else if (action === 'schedule') {
        const announced = hashOf(`program ${++upgrades}`)
        expect(await works(scheduling(deployer.address, announced, fixture.verifier))).toBe(waiting === undefined)
        waiting ??= { program: announced, earliest: (await fixture.l1.now()) + week }
      } else if (action === 'cancel') {
        expect(await works(cancelling())).toBe(waiting !== undefined)
        waiting = undefined
      } else if (action === 'wait') {
        await pass(week / 2n)
      } else if (action === 'upgrade') {
        const isDue = waiting !== undefined && (await fixture.l1.now()) >= waiting.earliest
        const mayPass = isDue && proven === chain.length - 1
        expect(await works(executing())).toBe(mayPass)
        if (mayPass && waiting !== undefined) program = waiting.program
        if (mayPass) waiting = undefined
      }
      expect(await read('programId')).toBe(program)
      for (const [number, stored] of chain.entries()) {
        expect(await fixture.read.storedBatchHash(BigInt(number))).toBe(storedBatchHash(stored))
        if (number > proven) expect(stored.programId).toBe(program)
      }
    }
  }
})

async function codeHash(address: Hex): Promise<Hex> {
  return keccak256Hex(hexToBytes((await fixture.l1.client.getCode({ address })) ?? '0x'))
}

/** Addresses in lower case, as core has them. */
function lower(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value.toLowerCase() : value]))
}

function eventsOf({ logs }: { readonly logs: Parameters<typeof parseEventLogs>[0]['logs'] }): unknown[] {
  return parseEventLogs({ abi: rollupAbi, logs }).map(({ eventName, args }) => [eventName, lower(args)])
}
