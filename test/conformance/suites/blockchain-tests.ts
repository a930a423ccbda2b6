import { RLP } from '@ethereumjs/rlp'
import { z } from 'zod'
import { type ArchiveEntry, isFork } from '../cases.ts'
import { Accounts, Bytes, malformed, Quantity } from './json.ts'

const ChainTest = z.object({
  network: z.string(),
  genesisRLP: Bytes,
  pre: Accounts,
  lastblockhash: z.string(),
  config: z.object({ chainid: Quantity.default(1n) }).default({ chainid: 1n }),
  blocks: z.array(
    z.object({
      rlp: Bytes,
      expectException: z.string().optional(),
      blockHeader: z.object({ requestsHash: z.string().optional() }).optional(),
    }),
  ),
})

/** sha256 of nothing (EIP-7685). */
const noRequests = '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

function headerOf(block: Uint8Array): Uint8Array | undefined {
  try {
    const [header] = RLP.decode(block)
    return Array.isArray(header) ? RLP.encode(header) : undefined
  } catch {
    return undefined
  }
}

/** https://ethereum-tests.readthedocs.io/en/latest/test_types/blockchain_tests.html: a case per chain. */
export function readBlockchainTest(file: string, name: string, json: unknown): ArchiveEntry[] {
  const skipped = (reason: string): ArchiveEntry[] => [{ file, name, content: { kind: 'skipped', reason } }]
  const network = z.object({ network: z.string() }).safeParse(json)
  if (network.success && !isFork(network.data.network)) return skipped(`the fork ${network.data.network} is not supported`)
  const test = ChainTest.safeParse(json)
  if (!test.success) return skipped(malformed(test.error))
  const { network: fork, genesisRLP, pre, lastblockhash, config, blocks } = test.data
  const genesisHeader = headerOf(genesisRLP)
  if (!isFork(fork)) return skipped(`the fork ${fork} is not supported`)
  if (genesisHeader === undefined) return skipped('malformed: genesisRLP: it is not RLP of a block')
  const hasRequests = blocks.some(({ blockHeader }) => (blockHeader?.requestsHash ?? noRequests) !== noRequests)
  if (hasRequests) return skipped('its blocks make requests of EIP-6110, 7002 or 7251, which the L2 does not have')
  return [
    {
      file,
      name,
      content: {
        kind: 'chain',
        fork,
        chainId: config.chainid,
        genesisHeader,
        accounts: pre,
        blocks: blocks.map(({ rlp, expectException, blockHeader }) => ({
          rlp,
          isValid: expectException === undefined && blockHeader !== undefined,
        })),
        head: lastblockhash,
      },
    },
  ]
}
