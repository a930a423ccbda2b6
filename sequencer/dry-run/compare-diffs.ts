import { type AccountDiff, bytesToHex, decodeStateDiff, type Hex, keccak256Hex } from '../../core/index.ts'

/** Accounts and slots at which two state diffs of the same blocks differ: a line each. */
export function compareDiffs(guest: Uint8Array, own: Uint8Array): string[] {
  const [theirs, ours] = [byAddress(guest), byAddress(own)]
  const addresses = [...new Set([...theirs.keys(), ...ours.keys()])].sort()
  return addresses.flatMap((address) => compareAccounts(address, theirs.get(address), ours.get(address)))
}

function byAddress(diff: Uint8Array): ReadonlyMap<Hex, AccountDiff> {
  return new Map(decodeStateDiff(diff).accounts.map((account) => [account.address, account]))
}

function compareAccounts(address: Hex, guest: AccountDiff | undefined, own: AccountDiff | undefined): string[] {
  const [theirs, ours] = [fieldsOf(guest), fieldsOf(own)]
  return [...new Set([...theirs.keys(), ...ours.keys()])].flatMap((name) => {
    const [a, b] = [theirs.get(name) ?? 'unchanged', ours.get(name) ?? 'unchanged']
    return a === b ? [] : [`account ${address}, ${name}: ${a} (guest), ${b} (sequencer)`]
  })
}

/** What an account holds after the blocks, by the name of the field or slot. */
function fieldsOf(account: AccountDiff | undefined): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  if (account === undefined) return fields
  if (account.absent) return fields.set('existence', 'deleted')
  if (account.nonce !== undefined) fields.set('nonce', String(account.nonce))
  if (account.balance !== undefined) fields.set('balance', String(account.balance))
  if (account.code !== undefined) fields.set('code', account.code.length === 0 ? 'empty' : codeText(account.code))
  for (const { key, value } of account.slots ?? []) fields.set(`slot 0x${key.toString(16)}`, `0x${value.toString(16)}`)
  return fields
}

const maxShownBytes = 32

function codeText(code: Uint8Array): string {
  return code.length <= maxShownBytes ? bytesToHex(code) : `${code.length} bytes with hash ${keccak256Hex(code)}`
}
