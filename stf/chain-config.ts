import { type ChainConfig, Common, type CustomCrypto, type HardforkTransitionConfig, type ParamsDict } from '@ethereumjs/common'
import secp256k1 from 'secp256k1'
import { keccak256 } from '../core/index.ts'

const blockForks = [
  'chainstart',
  'homestead',
  'tangerineWhistle',
  'spuriousDragon',
  'byzantium',
  'constantinople',
  'petersburg',
  'istanbul',
  'berlin',
  'london',
  'paris',
]
const timeForks = ['shanghai', 'cancun', 'prague', 'osaka']

// No DAO fork, and no blob-parameter forks: they would fire at mainnet's block numbers and times.
const hardforks: HardforkTransitionConfig[] = [
  ...blockForks.map((name) => ({ name, block: 0 })),
  ...timeForks.map((name) => ({ name, block: null, timestamp: 0 })),
]

const chainConfig = (chainId: bigint, fork: string): ChainConfig => ({
  name: 'zkdevnet',
  chainId: chainId.toString(),
  defaultHardfork: fork,
  consensus: { type: 'pos', algorithm: 'casper' },
  genesis: { gasLimit: 30_000_000, difficulty: 0, nonce: '0x0000000000000000', extraData: '0x' },
  hardforks: hardforks.slice(0, hardforks.findIndex(({ name }) => name === fork) + 1),
  bootstrapNodes: [],
})

function recoveryId(v: bigint, chainId: bigint | undefined): number {
  if (v < 2n) return Number(v)
  if (v > 34n && chainId !== undefined) return Number(v - chainId * 2n - 35n)
  return Number(v - 27n)
}

// Native code reads and writes these where they are; arrays in V8's heap it would have moved out, 1 µs each.
const signature = new Uint8Array(new ArrayBuffer(64))
const message = new Uint8Array(new ArrayBuffer(32))
const publicKey = new Uint8Array(new ArrayBuffer(65))

/** Public key (64 bytes) that signed `hash`; native, 15 times faster than the library's own. */
function ecrecover(hash: Uint8Array, v: bigint, r: Uint8Array, s: Uint8Array, chainId?: bigint): Uint8Array {
  if (hash.length !== message.length) throw new RangeError(`a hash of ${hash.length} bytes`)
  signature.fill(0)
  signature.set(r, 32 - r.length)
  signature.set(s, 64 - s.length)
  message.set(hash)
  return secp256k1.ecdsaRecover(signature, recoveryId(v, chainId), message, false, publicKey).slice(1)
}

export interface CommonOptions {
  readonly chainId: bigint
  readonly fork: 'cancun' | 'prague' | 'osaka'
  /** For blob transactions, which the L2 does not have. */
  readonly kzg?: NonNullable<CustomCrypto['kzg']>
}

/**
 * A chain's configuration. One fork for ever, so it is immutable once the libraries have added their parameters, and
 * `copy()`, which they call for each transaction and header (8 % of a transaction's time), gives the same object.
 * The overridden look-ups are asked many times per EVM step; the base class searches lists for them.
 */
class OneForkCommon extends Common {
  // Not `#private`: the base constructor already calls the overridden methods.
  private readonly mergedParams: Set<ParamsDict> | undefined = new Set()
  private readonly paramValues: Map<string, bigint> | undefined = new Map()
  private readonly forkAnswers: Map<string, boolean> | undefined = new Map()
  private readonly activeEips: Set<number> | undefined
  private readonly id: bigint

  constructor({ chainId, fork, kzg }: CommonOptions) {
    super({ chain: chainConfig(chainId, fork), customCrypto: { keccak256, ecrecover, ...(kzg && { kzg }) } })
    this.id = chainId
    this.activeEips = new Set(this._activatedEIPsCache)
  }

  override chainId(): bigint {
    return this.id
  }

  override copy(): Common {
    return this
  }

  override setHardfork(hardfork: string): void {
    if (hardfork !== this.hardfork()) throw new TypeError(`This chain has no fork ${hardfork}.`)
  }

  override isActivatedEIP(eip: number): boolean {
    return this.activeEips === undefined ? super.isActivatedEIP(eip) : this.activeEips.has(eip)
  }

  override gteHardfork(hardfork: string): boolean {
    const known = this.forkAnswers?.get(hardfork)
    if (known !== undefined) return known
    const answer = super.gteHardfork(hardfork)
    this.forkAnswers?.set(hardfork, answer)
    return answer
  }

  override updateParams(params: ParamsDict): void {
    if (this.mergedParams?.has(params)) return
    this.mergedParams?.add(params)
    this.paramValues?.clear()
    super.updateParams(params)
  }

  override param(name: string): bigint {
    const known = this.paramValues?.get(name)
    if (known !== undefined) return known
    const value = super.param(name)
    this.paramValues?.set(name, value)
    return value
  }
}

/** The configuration of a chain like the L2, of another fork or with point evaluation: for official tests. */
export function createCommon(options: CommonOptions): Common {
  return new OneForkCommon(options)
}

const commons = new Map<bigint, Common>()

/** The chain configuration of the L2 with this id: Osaka from genesis (architecture.md §1). Shared, never changed. */
export function createL2Common(chainId: bigint): Common {
  const known = commons.get(chainId)
  if (known !== undefined) return known
  const common = createCommon({ chainId, fork: 'osaka' })
  commons.set(chainId, common)
  return common
}
