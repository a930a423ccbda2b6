import { RLP } from '@ethereumjs/rlp'
import {
  bytesToHex,
  concatBytes,
  decodeProverInput,
  encodeDepositPayload,
  encodeProverInput,
  hexToBytes,
  InvalidProverInputError,
  keccak256Hex,
  type ProverInput,
} from '../../core/index.ts'
import { VectorRandom } from './random.ts'

type Item = Uint8Array | bigint | Item[]

const random = new VectorRandom('zkdevnet prover input vectors 1')
const small: ProverInput = {
  l1ChainId: 31_337n,
  rollup: random.hex(20),
  l2ChainId: 313_372n,
  rulesVersion: 1n,
  batchNumber: 1n,
  stateRootBefore: random.hex(32),
  inboxCountBefore: 0n,
  parentHeader: random.bytes(100),
  blocks: [random.bytes(100)],
  nodes: [],
  codes: [],
  frontier: [],
  items: [],
}
const full: ProverInput = {
  ...small,
  batchNumber: 300n,
  inboxCountBefore: 5n,
  blocks: [random.bytes(700), random.bytes(5), random.bytes(56)],
  nodes: [random.bytes(532), random.bytes(33), random.bytes(1)],
  codes: [random.bytes(300), random.bytes(1)],
  frontier: [random.hex(32), random.hex(32)],
  items: [
    {
      kind: 0,
      sender: random.hex(20),
      payload: encodeDepositPayload({ to: random.hex(20), amountGwei: 1_000_000n }),
      l1Time: 1_767_225_600n,
    },
    { kind: 0, sender: random.hex(20), payload: encodeDepositPayload({ to: random.hex(20), amountGwei: 1n }), l1Time: 1_767_225_612n },
  ],
}

const constants = (): Item[] => [small.l1ChainId, hexToBytes(small.rollup), small.l2ChainId, 1n, 1n, hexToBytes(small.stateRootBefore), 0n]
const fields = (): Item[] => [2n, constants(), small.parentHeader, [...small.blocks], [], [], [], []]
const withField = (index: number, value: Item): Uint8Array => RLP.encode(fields().with(index, value))
const withConstant = (index: number, value: Item): Uint8Array => withField(1, constants().with(index, value))
const byHash = (values: Uint8Array[]): Uint8Array[] => values.sort((a, b) => (keccak256Hex(a) < keccak256Hex(b) ? -1 : 1))
const [first, second] = byHash([random.bytes(40), random.bytes(40)]) as [Uint8Array, Uint8Array]
const sender = hexToBytes(random.hex(20))

function nested(depth: number): Uint8Array {
  let item: Item = []
  for (let level = 0; level < depth; level++) item = [item]
  return RLP.encode(item)
}

const invalid: Record<string, Uint8Array> = {
  'no bytes': new Uint8Array(),
  'not RLP': Uint8Array.of(0xff, 0xff),
  'a string': RLP.encode(new Uint8Array(100)),
  'an empty list': Uint8Array.of(0xc0),
  'lists in lists': nested(200),
  'bytes after the list': concatBytes(encodeProverInput(small), Uint8Array.of(0)),
  cut: encodeProverInput(small).slice(0, -1),
  'a field too few': RLP.encode(fields().slice(0, -1)),
  'a field too many': RLP.encode([...fields(), []]),
  'version 0': withField(0, 0n),
  'version 1': withField(0, 1n),
  'version as a list': withField(0, []),
  'version with a leading zero': withField(0, Uint8Array.of(0, 1)),
  'constants as a string': withField(1, new Uint8Array(7)),
  'a constant too few': withField(1, constants().slice(1)),
  'chain id with a leading zero': withConstant(0, Uint8Array.of(0, 5)),
  'chain id of 33 bytes': withConstant(0, new Uint8Array(33).fill(1)),
  'rollup of 19 bytes': withConstant(1, new Uint8Array(19)),
  'rollup of 32 bytes': withConstant(1, new Uint8Array(32)),
  'batch number of 9 bytes': withConstant(4, 2n ** 64n),
  'state root of 31 bytes': withConstant(5, new Uint8Array(31)),
  'Inbox count beyond the tree': withConstant(6, 2n ** 32n),
  'parent header as a list': withField(2, []),
  'no block': withField(3, []),
  'blocks as a string': withField(3, new Uint8Array(3)),
  'block as a list': withField(3, [[]]),
  'node as a list': withField(4, [[]]),
  'nodes descending': withField(4, [second, first]),
  'node twice': withField(4, [first, first]),
  'codes descending': withField(5, [second, first]),
  'code twice': withField(5, [first, first]),
  'frontier hash of 31 bytes': withField(6, [new Uint8Array(31)]),
  'frontier without items': withField(6, [new Uint8Array(32)]),
  'item with three fields': withField(7, [[0n, sender, new Uint8Array()]]),
  'item with five fields': withField(7, [[0n, sender, new Uint8Array(), 1n, 1n]]),
  'kind of two bytes': withField(7, [[256n, sender, new Uint8Array(), 1n]]),
  'sender of 19 bytes': withField(7, [[0n, sender.slice(1), new Uint8Array(), 1n]]),
  'time of 9 bytes': withField(7, [[0n, sender, new Uint8Array(), 2n ** 64n]]),
  'payload as a list': withField(7, [[0n, sender, [], 1n]]),
}

export function proverInputVectors(): object {
  return {
    format: 'docs/formats.md §6, version 2. Integers are decimal.',
    valid: Object.entries({ small, full }).map(([name, input]) => {
      const encoded = encodeProverInput(input)
      return { name, encoded: bytesToHex(encoded), input: plain(decodeProverInput(encoded)) }
    }),
    invalid: Object.entries(invalid).map(([name, encoded]) => ({ name, encoded: bytesToHex(encoded), reason: reasonOf(encoded, name) })),
  }
}

function plain(input: ProverInput): object {
  const decimal = (value: unknown): unknown =>
    typeof value === 'bigint' ? String(value) : value instanceof Uint8Array ? bytesToHex(value) : value
  return JSON.parse(
    JSON.stringify(input, function (this: Record<string, unknown>, key) {
      return decimal(this[key])
    }),
  )
}

function reasonOf(encoded: Uint8Array, name: string): string {
  try {
    decodeProverInput(encoded)
  } catch (error) {
    if (error instanceof InvalidProverInputError) return error.message
    throw error
  }
  throw new Error(`the invalid prover input "${name}" was accepted`)
}
