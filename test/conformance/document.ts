import { failedList, folderTable, type Summary, skippedList } from './table.ts'

/** docs/conformance.md. */
export const conformanceDocument = (summary: Summary): string => `# Conformance

Official Ethereum test data (ethereum/tests, execution-spec-tests), run by both executors of the node. Written by \`npm run test:conformance -- --write\`, checked in CI by \`--check\`.

- **@ethereumjs/vm** with the node's configuration, state, trie and transaction checks (\`stf/\`).
- **guest**: the C program that is proven (\`guest/\`), built for the host.
- **guest in the machine**: its RV32IM code in the emulator (\`zkvm/\`), on a sample that is spread evenly over all cases that ran.

Both run in a test mode: at the fork and the chain id of the case, with blob transactions, blob gas and point evaluation, and the gas limit moving as on Ethereum. The L2 itself is Osaka without blobs. A case is a transaction on a state, a chain of blocks with its invalid ones, a transaction's bytes at a fork, a trie, or RLP. State roots, hashes of logs, block hashes, refusals of what is invalid, senders and intrinsic gas are compared; why something is refused is not.

Archive: sha256 \`${summary.archive}\`. ${summary.total.cases} cases, ${summary.total.skipped} skipped.

## By folder

How many passed. Where not all that ran did, \`x of y\`.

${folderTable(summary)}

## Skipped

${skippedList(summary)}

## Failed

${failedList(summary)}
`
