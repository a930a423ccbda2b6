export interface CodeSymbol {
  readonly name: string
  readonly address: number
  /** Bytes; 0 where the file does not say, then it reaches to the next symbol. */
  readonly size: number
}

/** Functions of a program by address. */
export class SymbolTable {
  readonly #symbols: readonly CodeSymbol[]

  constructor(symbols: Iterable<CodeSymbol>) {
    // Of several names for one address the sized one wins, then the first: a function before the label of its section.
    const byAddress = new Map<number, CodeSymbol>()
    for (const symbol of symbols) {
      const known = byAddress.get(symbol.address)
      if (known === undefined || (known.size === 0 && symbol.size > 0)) byAddress.set(symbol.address, symbol)
    }
    this.#symbols = [...byAddress.values()].sort((a, b) => a.address - b.address)
  }

  get size(): number {
    return this.#symbols.length
  }

  /** The function that `address` lies in. */
  at(address: number): string | undefined {
    let low = 0
    let high = this.#symbols.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const symbol = this.#symbols[middle]
      if (symbol !== undefined && symbol.address <= address) low = middle + 1
      else high = middle
    }
    const symbol = this.#symbols[low - 1]
    if (symbol === undefined || (symbol.size > 0 && address >= symbol.address + symbol.size)) return undefined
    return symbol.name
  }

  [Symbol.iterator](): Iterator<CodeSymbol> {
    return this.#symbols[Symbol.iterator]()
  }
}
