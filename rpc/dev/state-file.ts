import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import { type AccountDump, type AccountEdit, bytesToHex, type Hex, hexToBytes } from '../../core/index.ts'
import { ParamProblem } from '../schemas/primitives.ts'

/** Unpacked; what a request may hold, times what text of this kind shrinks to. */
const maxTextBytes = 256 * 2 ** 20
/** One account's slots are spread over edits of this many: each has to fit a block. */
const slotsPerEdit = 1_000

const Word = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/)
  .transform((hex) => BigInt(hex))
const SmallNumber = z.union([z.number().int().min(0), Word]).transform((value) => BigInt(value))
const Accounts = z.record(
  z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  z.object({
    nonce: SmallNumber.pipe(z.bigint().max(2n ** 64n - 1n)),
    balance: Word,
    code: z.string().regex(/^0x([0-9a-fA-F]{2})*$/),
    storage: z.record(z.string(), Word).optional(),
  }),
)
const StateFile = z.object({ accounts: Accounts })

/** The state in the form of `anvil --dump-state`: JSON, packed with gzip. Blocks and transactions are not in it. */
export function encodeStateFile(accounts: readonly AccountDump[]): Uint8Array {
  const entries = accounts.map(({ address, nonce, balance, code, slots }) => [
    address,
    {
      nonce: Number(nonce),
      balance: `0x${balance.toString(16)}`,
      code: bytesToHex(code),
      storage: Object.fromEntries(slots.map(({ key, value }) => [word(key), word(value)])),
    },
  ])
  // With a number anvil would look for that block.
  const file = { block: null, accounts: Object.fromEntries(entries), best_block_number: null, blocks: [], transactions: [] }
  return gzipSync(JSON.stringify(file))
}

/**
 * The accounts of a state file, ours or anvil's, packed or not.
 * @throws ParamProblem
 */
export function decodeStateFile(bytes: Uint8Array): readonly AccountEdit[] {
  const parsed = StateFile.safeParse(parseJson(unpack(bytes)))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ParamProblem(`not a dumped state: ${issue?.path.map(String).join('.')}: ${issue?.message}`)
  }
  return Object.entries(parsed.data.accounts).flatMap(([address, { nonce, balance, code, storage }]) => {
    const slots = Object.entries(storage ?? {}).map(([key, value]) => ({ key: slotKey(key), value }))
    const edits: AccountEdit[] = [
      { address: lowerCase(address), nonce, balance, code: hexToBytes(lowerCase(code)), slots: slots.slice(0, slotsPerEdit) },
    ]
    for (let from = slotsPerEdit; from < slots.length; from += slotsPerEdit) {
      edits.push({ address: lowerCase(address), slots: slots.slice(from, from + slotsPerEdit) })
    }
    return edits
  })
}

function unpack(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: maxTextBytes })
  } catch {
    throw new ParamProblem(`not a dumped state: it cannot be unpacked, or to more than ${maxTextBytes} bytes`)
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw new ParamProblem('not a dumped state: it is not JSON')
  }
}

function slotKey(hex: string): bigint {
  const key = Word.safeParse(hex)
  if (!key.success) throw new ParamProblem(`not a dumped state: slot ${hex.slice(0, 80)}`)
  return key.data
}

const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`

function lowerCase(hex: string): Hex {
  return `0x${hex.slice(2).toLowerCase()}`
}
