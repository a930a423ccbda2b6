import { encodeDeployData, encodeFunctionData, type Hex, parseAbi } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { compile } from '../examples/viem/compile.ts'

const account = mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex: 4 })
const tokenAbi = parseAbi([
  'function transfer(address to, uint256 value) returns (bool)',
  'function balanceOf(address) view returns (uint256)',
])
const token = compile('Token.sol', 'Token')
const fees = { maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n, type: 'eip1559' as const }

/** Whose tokens are sent. */
export const holder = account.address

export interface Place {
  readonly chainId: number
  readonly nonce: number
}

export function signDeployment(place: Place): Promise<Hex> {
  const data = encodeDeployData({ abi: token.abi, bytecode: token.bytecode, args: [10n ** 24n] })
  return account.signTransaction({ ...fees, ...place, gas: 3_000_000n, data })
}

/** ERC-20 transfers, each to an address that has none. */
export async function signTransfers({ chainId, nonce, to, count }: Place & { readonly to: Hex; readonly count: number }): Promise<Hex[]> {
  const signed: Hex[] = []
  for (let index = 0; index < count; index++) {
    const recipient: Hex = `0x${(0xc0ffee0000n + BigInt(index)).toString(16).padStart(40, '0')}`
    const data = encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args: [recipient, 1n] })
    signed.push(await account.signTransaction({ ...fees, chainId, to, nonce: nonce + index, gas: 100_000n, data }))
  }
  return signed
}

/** Parameters of a call that reads what the holder has. */
export function balanceCall(to: Hex): { readonly to: Hex; readonly data: Hex } {
  return { to, data: encodeFunctionData({ abi: tokenAbi, functionName: 'balanceOf', args: [account.address] }) }
}
