import { DevnetError } from '../../core/index.ts'

/** The L1 took back or changed an item that an L2 block has consumed: no later block can be accepted by the Rollup contract. */
export class InboxRewrittenError extends DevnetError {
  override name = 'InboxRewrittenError'
  constructor({ index, consumed }: { index: bigint; consumed: bigint }) {
    super(`A reorganisation of the L1 changed Inbox item ${index}, but the L2 has consumed ${consumed} items.`, {
      code: 'INBOX_REWRITTEN',
      metaMessages: [
        'Rebuild into a new data directory from what L1 has: `zkdevnet recover --help`.',
        'On an L1 that reorganises, wait for more confirmations: `--l1-confirmations <n>`.',
      ],
    })
  }
}

/** What the L1 says of its Inbox does not fit together. */
export class InboxMismatchError extends DevnetError {
  override name = 'InboxMismatchError'
  constructor({ index, reason }: { index: bigint; reason: string }) {
    super(`The L1 Inbox is inconsistent at item ${index}: ${reason}.`, {
      code: 'INBOX_MISMATCH',
      metaMessages: ['Is the URL given with `--l1-url` that of a complete and honest Ethereum node?'],
    })
  }
}
