import { getAddress } from 'viem'
import { readSettings } from '../../core/index.ts'
import { deriveDevAccounts } from '../accounts.ts'
import type { GlobalFlags } from '../flags.ts'
import { formatTable } from '../output/table.ts'

/** `zkdevnet accounts`: needs no running devnet. */
export function accounts(flags: GlobalFlags & Record<string, unknown>): void {
  const { mnemonic, accounts: count } = readSettings(flags, process.env)
  const derived = deriveDevAccounts(mnemonic, count)
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify(derived, null, 2)}\n`
      : `${formatTable(derived.map(({ address, privateKey }, index) => [`(${index})`, getAddress(address), privateKey]))}\nThese keys are public. Never send anything of value to them.\n`,
  )
}
