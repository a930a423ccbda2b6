import { bytesToHex as toHex } from 'viem'
import { mnemonicToAccount, privateKeyToAddress } from 'viem/accounts'
import { DevnetError, type Hex, type Settings } from '../core/index.ts'

export interface DevAccount {
  readonly address: Hex
  readonly privateKey: Hex
}

/** Keys that the devnet itself uses on L1. */
export interface ServiceKeys {
  readonly deployer: Hex
  readonly sequencer: Hex
  readonly attester: Hex
}

class InvalidMnemonicError extends DevnetError {
  override name = 'InvalidMnemonicError'
  constructor(cause: unknown) {
    super('The mnemonic is not a valid seed phrase.', {
      code: 'INVALID_MNEMONIC',
      exitCode: 2,
      cause,
      metaMessages: ['Give 12 to 24 BIP-39 words with --mnemonic, or leave it out.'],
    })
  }
}

function derive(mnemonic: string, accountIndex: number, addressIndex: number): DevAccount {
  try {
    const key = mnemonicToAccount(mnemonic, { accountIndex, addressIndex }).getHdKey().privateKey
    if (key === null) throw new Error('no private key at this path')
    const privateKey = toHex(key)
    return { privateKey, address: privateKeyToAddress(privateKey).toLowerCase() as Hex }
  } catch (cause) {
    throw new InvalidMnemonicError(cause)
  }
}

/** Accounts m/44'/60'/0'/0/i. */
export function deriveDevAccounts(mnemonic: string, count: number): readonly DevAccount[] {
  return Array.from({ length: count }, (_, index) => derive(mnemonic, 0, index))
}

export type ServiceKeySettings = Pick<Settings, 'mnemonic' | 'deployerKey' | 'sequencerKey' | 'attesterKey'>

/** The keys that the settings name, or else m/44'/60'/1'/0/0…2: apart from the dev accounts, so that a user's nonces are the user's. */
export function serviceKeys({ mnemonic, deployerKey, sequencerKey, attesterKey }: ServiceKeySettings): ServiceKeys {
  const derived = (index: number) => derive(mnemonic, 1, index).privateKey
  return { deployer: deployerKey ?? derived(0), sequencer: sequencerKey ?? derived(1), attester: attesterKey ?? derived(2) }
}

export function addressOfKey(privateKey: Hex): Hex {
  return privateKeyToAddress(privateKey).toLowerCase() as Hex
}
