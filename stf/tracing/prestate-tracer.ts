import type { InterpreterStep } from '@ethereumjs/evm'
import {
  type AccountState,
  bigintToBytes,
  bytesToHex,
  type Hex,
  type Prestate,
  type PrestateAccount,
  type PrestateDiff,
  type Tracer,
} from '../../core/index.ts'
import { contractAddress, create2Address } from '../execution/contract-address.ts'
import type { ObservedStart } from '../execution/observer.ts'
import type { StateNow } from '../state/state-now.ts'
import type { TraceBudget } from './budget.ts'
import type { TransactionTracer } from './tracer.ts'

type PrestateTracerOptions = Extract<Tracer, { name: 'prestateTracer' }>

/** An account as it was when the transaction first met it, which is before it changed anything of it. */
interface SeenAccount extends Pick<AccountState, 'balance' | 'nonce'> {
  readonly code: Uint8Array
  readonly slots: Map<bigint, bigint>
}

const op = {
  balance: 0x31,
  extcodesize: 0x3b,
  extcodecopy: 0x3c,
  extcodehash: 0x3f,
  sload: 0x54,
  sstore: 0x55,
  create: 0xf0,
  call: 0xf1,
  callcode: 0xf2,
  delegatecall: 0xf4,
  create2: 0xf5,
  staticcall: 0xfa,
  selfdestruct: 0xff,
} as const
const accountReads = new Set<number>([op.balance, op.extcodesize, op.extcodecopy, op.extcodehash, op.selfdestruct])
const calls = new Set<number>([op.call, op.callcode, op.delegatecall, op.staticcall])

const accountBytes = 300
const slotBytes = 300

const toAddress = (word: bigint | undefined): Hex => bytesToHex(bigintToBytes((word ?? 0n) & (2n ** 160n - 1n), 20))
const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`
const quantity = (value: bigint): Hex => `0x${value.toString(16)}`
const isEmpty = ({ nonce, balance, code }: SeenAccount): boolean => nonce === 0n && balance === 0n && code.length === 0
const isDelegation = (code: Uint8Array): boolean => code.length === 23 && code[0] === 0xef && code[1] === 0x01

/** The accounts and slots that a transaction looked at, as they were before it, or what it changed of them: geth's prestateTracer. */
export class PrestateTracer implements TransactionTracer {
  readonly ignoresSteps = false
  readonly #options: PrestateTracerOptions
  readonly #budget: TraceBudget
  readonly #seen = new Map<Hex, SeenAccount>()
  readonly #created = new Set<Hex>()
  readonly #destroyed = new Set<Hex>()
  #state: StateNow | undefined
  #diff: PrestateDiff = { pre: {}, post: {} }

  constructor(options: PrestateTracerOptions, budget: TraceBudget) {
    this.#options = options
    this.#budget = budget
  }

  begin({ state, sender, to, coinbase, authorities }: ObservedStart): void {
    this.#state = state
    const { nonce } = this.#meet(sender)
    if (to === null) this.#meetCreated(contractAddress(sender, nonce))
    else this.#meetCallee(to)
    this.#meet(coinbase)
    for (const authority of authorities) this.#meet(authority)
  }

  step({ opcode: { code }, stack, address, memory }: InterpreterStep): void {
    const self = bytesToHex(address.bytes)
    if ((code === op.sload || code === op.sstore) && stack.length >= 1) this.#meetSlot(self, stack.at(-1) ?? 0n)
    else if (accountReads.has(code) && stack.length >= 1) {
      this.#meet(toAddress(stack.at(-1)))
      if (code === op.selfdestruct && this.#created.has(self)) this.#destroyed.add(self)
    } else if (calls.has(code) && stack.length >= 5) this.#meetCallee(toAddress(stack.at(-2)))
    else if (code === op.create) this.#meetCreated(contractAddress(self, this.#state?.account(self)?.nonce ?? 0n))
    else if (code === op.create2 && stack.length >= 4) {
      const [salt = 0n, size = 0n, offset = 0n] = stack.slice(-4, -1)
      // Init code above EIP-3860's bound creates nothing.
      if (size > 0xc000n) return
      const init = new Uint8Array(Number(size))
      init.set(memory.subarray(Number(offset), Number(offset + size)))
      this.#meetCreated(create2Address(self, salt, init))
    }
  }

  enter(): void {}
  exit(): void {}

  end(): void {
    if (this.#options.diffMode && this.#state !== undefined) this.#diff = this.#difference(this.#state)
  }

  result(): Prestate | PrestateDiff {
    if (this.#options.diffMode) return this.#diff
    const shown = [...this.#seen].filter(([, account]) => this.#options.includeEmpty || !isEmpty(account))
    return Object.fromEntries(shown.map(([address, account]) => [address, this.#show(account, account.slots)]))
  }

  #meet(address: Hex): SeenAccount {
    const known = this.#seen.get(address)
    if (known !== undefined) return known
    const { nonce = 0n, balance = 0n } = this.#state?.account(address) ?? {}
    const code = this.#state?.code(address) ?? new Uint8Array(0)
    this.#budget.spend(accountBytes + 3 * code.length)
    const account = { nonce, balance, code, slots: new Map() }
    this.#seen.set(address, account)
    return account
  }

  /** Where code runs on behalf of another account, that account is looked at too (EIP-7702). */
  #meetCallee(address: Hex): void {
    const { code } = this.#meet(address)
    if (isDelegation(code)) this.#meet(bytesToHex(code.subarray(3)))
  }

  #meetCreated(address: Hex): void {
    this.#meet(address)
    this.#created.add(address)
  }

  #meetSlot(address: Hex, slot: bigint): void {
    const { slots } = this.#meet(address)
    if (slots.has(slot)) return
    this.#budget.spend(slotBytes)
    slots.set(slot, this.#state?.slot(address, slot) ?? 0n)
  }

  #difference(state: StateNow): PrestateDiff {
    const pre: Prestate = {}
    const post: Prestate = {}
    for (const [address, before] of this.#seen) {
      if (this.#destroyed.has(address)) {
        if (!isEmpty(before)) pre[address] = this.#show(before, before.slots)
        continue
      }
      const changed = [...before.slots].filter(([slot, value]) => state.slot(address, slot) !== value)
      const after = this.#changedFields(address, before, state)
      const storage = changed.map(([slot]): [bigint, bigint] => [slot, state.slot(address, slot)]).filter(([, value]) => value !== 0n)
      const isChanged = Object.keys(after).length > 0 || (!this.#options.disableStorage && changed.length > 0)
      if (!isChanged) continue
      post[address] = { ...after, ...this.#storage(storage) }
      if (this.#options.includeEmpty || !isEmpty(before))
        pre[address] = this.#show(
          before,
          changed.filter(([, value]) => value !== 0n),
        )
    }
    return { pre, post }
  }

  #changedFields(address: Hex, before: SeenAccount, state: StateNow): PrestateAccount {
    const { nonce = 0n, balance = 0n } = state.account(address) ?? {}
    const code = state.code(address)
    return {
      ...(balance !== before.balance && { balance: quantity(balance) }),
      ...(nonce !== before.nonce && { nonce: Number(nonce) }),
      ...(!this.#options.disableCode && Buffer.compare(code, before.code) !== 0 && { code: bytesToHex(code) }),
    }
  }

  #show({ balance, nonce, code }: SeenAccount, slots: Iterable<[bigint, bigint]>): PrestateAccount {
    return {
      balance: quantity(balance),
      ...(nonce !== 0n && { nonce: Number(nonce) }),
      ...(!this.#options.disableCode && code.length > 0 && { code: bytesToHex(code) }),
      ...this.#storage(slots),
    }
  }

  #storage(slots: Iterable<[bigint, bigint]>): Pick<PrestateAccount, 'storage'> {
    if (this.#options.disableStorage) return {}
    const storage: Record<Hex, Hex> = {}
    for (const [slot, value] of slots) storage[word(slot)] = word(value)
    return Object.keys(storage).length === 0 ? {} : { storage }
  }
}
