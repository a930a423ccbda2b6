import type { InterpreterStep } from '@ethereumjs/evm'
import { type AccessListResult, bigintToBytes, bytesToHex, type Hex } from '../../core/index.ts'
import { contractAddress } from '../execution/contract-address.ts'
import { assertNotAborted, type ExecutionObserver, type ObservedStart } from '../execution/observer.ts'
import { type SimulateCallOptions, simulateCall } from '../execution/simulate.ts'

type AccessList = AccessListResult['accessList']

const sload = 0x54
const sstore = 0x55
// BALANCE, EXTCODESIZE, EXTCODECOPY, EXTCODEHASH, SELFDESTRUCT: the address is on top of the stack.
const addressReads = new Set([0x31, 0x3b, 0x3c, 0x3f, 0xff])
// CALL, CALLCODE, DELEGATECALL, STATICCALL: it is below the gas.
const calls = new Set([0xf1, 0xf2, 0xf4, 0xfa])
// A list that makes the call take another path, which needs another list, may never come to rest.
const maxRounds = 16

const addressOf = (word: bigint | undefined): Hex => bytesToHex(bigintToBytes((word ?? 0n) & (2n ** 160n - 1n), 20))

/** Notes what an execution touches beyond what is warm from the start. */
class AccessRecorder implements ExecutionObserver {
  readonly ignoresSteps = false
  readonly #touched = new Map<Hex, Set<Hex>>()
  #warm: ReadonlySet<Hex> = new Set()

  begin({ state, sender, to, authorities, precompiles }: ObservedStart): void {
    const target = to ?? contractAddress(sender, state.account(sender)?.nonce ?? 0n)
    this.#warm = new Set([sender, target, ...authorities, ...precompiles])
  }

  step({ opcode: { code }, stack, address }: InterpreterStep): void {
    if ((code === sload || code === sstore) && stack.length >= 1) {
      const self = bytesToHex(address.bytes)
      const slots = this.#touched.get(self) ?? new Set()
      this.#touched.set(self, slots.add(bytesToHex(bigintToBytes(stack.at(-1) ?? 0n, 32))))
    } else if (addressReads.has(code) && stack.length >= 1) this.#touch(addressOf(stack.at(-1)))
    else if (calls.has(code) && stack.length >= 5) this.#touch(addressOf(stack.at(-2)))
  }

  enter(): void {}
  exit(): void {}
  end(): void {}

  list(): AccessList {
    return [...this.#touched]
      .filter(([address, slots]) => slots.size > 0 || !this.#warm.has(address))
      .map(([address, slots]) => ({ address, storageKeys: [...slots].sort() }))
      .sort((a, b) => (a.address < b.address ? -1 : 1))
  }

  #touch(address: Hex): void {
    if (!this.#touched.has(address)) this.#touched.set(address, new Set())
  }
}

/**
 * The access list with which a call touches nothing that is not in it: eth_createAccessList.
 * @throws InvalidTransactionError where there is nothing to execute, TraceAbortedError
 */
export async function createAccessList(options: Omit<SimulateCallOptions, 'observer'>): Promise<AccessListResult> {
  let accessList: AccessList = options.call.accessList ?? []
  for (let round = 1; ; round++) {
    assertNotAborted(options.signal)
    const observer = new AccessRecorder()
    const { gasUsed, error } = await simulateCall({ ...options, call: { ...options.call, accessList }, observer })
    const touched = observer.list()
    if (round === maxRounds || sameList(touched, accessList)) return { accessList, gasUsed, ...(error !== undefined && { error }) }
    accessList = touched
  }
}

function sameList(a: AccessList, b: AccessList): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
