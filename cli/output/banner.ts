import { formatEther, getAddress } from 'viem'
import type { NodeInfo } from '../../core/index.ts'
import type { DevAccount } from '../accounts.ts'
import { paint } from './style.ts'
import { formatTable } from './table.ts'

export interface BannerContent {
  readonly info: NodeInfo
  readonly accounts: readonly DevAccount[]
  readonly balanceWei: bigint
  readonly mnemonic: string
  readonly brokerUrl: string
  readonly startedInMs: number
  /** Null on a fresh devnet. */
  readonly resumedAtBlock: bigint | null
}

export const proofNotice = {
  attested: "attested: trust in the prover's key, not a validity proof",
  stark: 'stark: each batch is proven, and a contract on L1 verifies the proof',
} as const

export function formatBanner({ info, accounts, balanceWei, mnemonic, brokerUrl, startedInMs, resumedAtBlock }: BannerContent): string {
  const title = (text: string) => paint('bold', text)
  const labels = (rows: readonly (readonly string[])[]) =>
    indent(formatTable(rows, (cell, _row, column) => (column === 0 ? paint('dim', cell) : cell)))
  const state = resumedAtBlock === null ? 'new devnet' : `goes on at block ${resumedAtBlock}`
  return [
    `${paint(['bold', 'cyan'], 'zkdevnet')} ${info.version}  ${paint('dim', `ready in ${(startedInMs / 1000).toFixed(1)} s, ${state}, data in ${info.dataDir}`)}`,
    '',
    title(`Accounts (${formatEther(balanceWei)} ETH each on both layers)`),
    ...(accounts.length === 0
      ? ['  none']
      : [
          indent(formatTable(accounts.map(({ address, privateKey }, index) => [`(${index})`, getAddress(address), privateKey]))),
          paint('yellow', '  These keys are public. Never send anything of value to them.'),
          labels([['Mnemonic', mnemonic]]),
        ]),
    '',
    title('Contracts on L1'),
    labels([
      ['Rollup', getAddress(info.contracts.rollup)],
      ['Inbox', getAddress(info.contracts.inbox)],
      ['Bridge', getAddress(info.contracts.bridge)],
      ['Verifier', getAddress(info.contracts.verifier)],
    ]),
    '',
    title('Endpoints'),
    labels([
      ['L1', `${info.l1Url}  chain id ${info.l1ChainId}`],
      ['L2', `${info.l2Url}  chain id ${info.l2ChainId}  (HTTP and WebSocket)`],
      ['Prover jobs', brokerUrl],
      ['Proofs', proofNotice[info.proofType]],
    ]),
    '',
    `Listening on ${info.l2Url}`,
  ].join('\n')
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
