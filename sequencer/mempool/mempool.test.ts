import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { account, gwei, sign, testChainId } from '../testing/test-chain.ts'
import { type DecodedTransaction, decodeTransaction } from './decode.ts'
import { Mempool } from './mempool.ts'

interface Wanted {
  readonly sender?: number
  readonly nonce: number
  readonly tip?: bigint
  readonly fee?: bigint
}

const transaction = ({ sender = 0, nonce, tip = 1n, fee = 10n }: Wanted): DecodedTransaction =>
  decodeTransaction(sign({ from: account(sender), nonce, maxFeePerGas: fee * gwei, maxPriorityFeePerGas: tip * gwei }), testChainId)

function add(pool: Mempool, wanted: Wanted): DecodedTransaction {
  const added = transaction(wanted)
  pool.apply(pool.plan(added, 0n), 0n)
  return added
}

const hashes = (entries: readonly { readonly hash: string }[]): string[] => entries.map(({ hash }) => hash)

describe('Mempool', () => {
  it('keeps what is behind a gap until the gap is filled', () => {
    const pool = new Mempool()
    const second = add(pool, { nonce: 1 })
    expect(hashes(pool.queued())).toEqual([second.hash])
    expect(pool.nextNonce(second.sender)).toBe(0n)
    const first = add(pool, { nonce: 0 })
    expect(hashes(pool.pending(gwei))).toEqual([first.hash, second.hash])
    expect(pool.queued()).toEqual([])
    expect(pool.nextNonce(second.sender)).toBe(2n)
  })

  it('replaces only for ten percent more of both fees', () => {
    const pool = new Mempool()
    const old = add(pool, { nonce: 0, tip: 10n, fee: 100n })
    for (const weak of [
      { tip: 11n, fee: 109n },
      { tip: 10n, fee: 120n },
      { tip: 10n, fee: 100n },
    ]) {
      const underpriced = () => pool.plan(transaction({ nonce: 0, ...weak }), 0n)
      expect(underpriced).toThrow(weak.tip === 10n && weak.fee === 100n ? 'already known' : 'replacement transaction underpriced')
    }
    const better = add(pool, { nonce: 0, tip: 11n, fee: 110n })
    expect(pool.find(old.hash)).toBeUndefined()
    expect(hashes(pool.all())).toEqual([better.hash])
    expect(pool.costOfOthers(better.sender, 1n)).toBe(better.maxCost)
  })

  it('orders by tip at the base fee, then by arrival, and keeps each sender in sequence', () => {
    const pool = new Mempool()
    const cheapFirst = add(pool, { sender: 0, nonce: 0, tip: 1n })
    const dearSecond = add(pool, { sender: 0, nonce: 1, tip: 9n })
    const middle = add(pool, { sender: 1, nonce: 0, tip: 3n })
    const alsoMiddle = add(pool, { sender: 2, nonce: 0, tip: 3n })
    // Its cap leaves it a tip of 1 at a base fee of 7.
    const capped = add(pool, { sender: 3, nonce: 0, tip: 8n, fee: 8n })
    expect(hashes(pool.pending(gwei))).toEqual(hashes([capped, middle, alsoMiddle, cheapFirst, dearSecond]))
    expect(hashes(pool.pending(7n * gwei))).toEqual(hashes([middle, alsoMiddle, cheapFirst, dearSecond, capped]))
  })

  it('leaves out who cannot pay the base fee, and what comes after it', () => {
    const pool = new Mempool()
    add(pool, { sender: 0, nonce: 0, fee: 2n })
    add(pool, { sender: 0, nonce: 1, fee: 50n })
    const other = add(pool, { sender: 1, nonce: 0, fee: 5n })
    const order = pool.order(3n * gwei)
    expect(order.peek()?.hash).toBe(other.hash)
    order.advance()
    expect(order.peek()).toBeUndefined()
    expect(pool.pending(3n * gwei)).toHaveLength(3)
  })

  it('makes room for what pays more by dropping ends of sequences, waiting ones first', () => {
    const pool = new Mempool({ transactions: 3, bytes: 1e6 })
    add(pool, { sender: 0, nonce: 0, tip: 5n })
    const waiting = add(pool, { sender: 1, nonce: 7, tip: 9n })
    const tail = add(pool, { sender: 0, nonce: 1, tip: 2n })
    expect(() => pool.plan(transaction({ sender: 2, nonce: 4, tip: 9n }), 0n)).toThrow('txpool is full')
    add(pool, { sender: 2, nonce: 0, tip: 1n })
    expect(pool.find(waiting.hash)).toBeUndefined()
    add(pool, { sender: 3, nonce: 0, tip: 3n })
    expect(pool.size).toBe(3)
    expect(pool.find(tail.hash)).toBeDefined()
    add(pool, { sender: 4, nonce: 0, tip: 4n })
    expect(pool.find(tail.hash)).toBeUndefined()
    expect(() => pool.plan(transaction({ sender: 5, nonce: 0, tip: 1n }), 0n)).toThrow('txpool is full')
  })

  it('bounds the bytes too', () => {
    const size = transaction({ nonce: 0 }).raw.length
    const pool = new Mempool({ transactions: 100, bytes: 2 * size })
    add(pool, { sender: 0, nonce: 0 })
    add(pool, { sender: 1, nonce: 0 })
    expect(() => pool.plan(transaction({ sender: 2, nonce: 0 }), 0n)).toThrow('txpool is full')
  })

  it('drops what a new account nonce makes impossible, also when it jumps or goes back', () => {
    const pool = new Mempool()
    for (const nonce of [0, 1, 2, 5]) add(pool, { nonce })
    const { address } = account(0)
    expect(pool.setAccountNonce(address, 2n).map(({ nonce }) => nonce)).toEqual([0n, 1n])
    expect(pool.nextNonce(address)).toBe(3n)
    pool.setAccountNonce(address, 1n)
    expect([pool.nextNonce(address), pool.pending(gwei).length]).toEqual([1n, 0])
    pool.setAccountNonce(address, 4n)
    add(pool, { nonce: 4 })
    expect(pool.nextNonce(address)).toBe(6n)
    expect(pool.setAccountNonce(address, 9n)).toHaveLength(2)
    expect([pool.size, pool.nextNonce(address)]).toEqual([0, undefined])
  })

  // Signed once: the property draws from these.
  const choices = [0, 1].flatMap((sender) =>
    [0, 1, 2, 3].flatMap((nonce) => [1n, 2n].map((tip) => transaction({ sender, nonce, tip, fee: 10n * tip }))),
  )

  it('agrees with a plain list of what is known', () => {
    const step = fc.oneof(
      fc.record({ add: fc.nat(choices.length - 1) }),
      fc.record({ remove: fc.nat(choices.length - 1) }),
      fc.record({ sender: fc.nat(1), nonce: fc.bigInt(0n, 4n) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const pool = new Mempool()
        let model: DecodedTransaction[] = []
        const nonces = [0n, 0n]
        const senderIndex = ({ sender }: DecodedTransaction) => (sender === account(0).address ? 0 : 1)
        for (const next of steps) {
          if ('add' in next) {
            const entry = choices[next.add]
            if (entry === undefined || entry.nonce < (nonces[senderIndex(entry)] ?? 0n)) continue
            const rival = model.find(({ sender, nonce }) => sender === entry.sender && nonce === entry.nonce)
            const accountNonce = nonces[senderIndex(entry)] ?? 0n
            if (rival !== undefined && rival.maxFeePerGas >= entry.maxFeePerGas) {
              expect(() => pool.plan(entry, accountNonce)).toThrow(/already known|underpriced/)
              continue
            }
            pool.apply(pool.plan(entry, accountNonce), accountNonce)
            model = [...model.filter((other) => other !== rival), entry]
          } else if ('remove' in next) {
            const found = pool.find(choices[next.remove]?.hash ?? '0x')
            if (found !== undefined) pool.remove(found)
            model = model.filter(({ hash }) => hash !== choices[next.remove]?.hash)
          } else {
            nonces[next.sender] = next.nonce
            pool.setAccountNonce(account(next.sender).address, next.nonce)
            model = model.filter((entry) => senderIndex(entry) !== next.sender || entry.nonce >= next.nonce)
          }
          const isPending = (entry: DecodedTransaction): boolean => {
            const own = model.filter(({ sender }) => sender === entry.sender).map(({ nonce }) => nonce)
            for (let nonce = nonces[senderIndex(entry)] ?? 0n; nonce < entry.nonce; nonce++) if (!own.includes(nonce)) return false
            return true
          }
          expect(new Set(hashes(pool.all()))).toEqual(new Set(hashes(model)))
          expect(new Set(hashes(pool.pending(gwei)))).toEqual(new Set(hashes(model.filter(isPending))))
          expect(new Set(hashes(pool.queued()))).toEqual(new Set(hashes(model.filter((entry) => !isPending(entry)))))
        }
      }),
      { numRuns: 300 },
    )
  })
})
