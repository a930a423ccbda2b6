import { hexToBigInt } from 'viem';
const batchStatuses = ['sealed', 'committed', 'proven', 'executed'];
export function formatBatch(json) {
    const { status, proofType, lastBlockHash, stateRoot, messagesRoot, digest, programId } = json;
    return {
        ...{ status, proofType, lastBlockHash, stateRoot, messagesRoot, digest, programId },
        number: hexToBigInt(json.number),
        devReasons: json.devReasons.map(({ kind, blockNumber, detail }) => ({ kind, blockNumber: hexToBigInt(blockNumber), detail })),
        firstBlock: hexToBigInt(json.firstBlock),
        lastBlock: hexToBigInt(json.lastBlock),
        lastTimestamp: hexToBigInt(json.lastTimestamp),
        transactionCount: hexToBigInt(json.transactionCount),
        messageCount: hexToBigInt(json.messageCount),
        depositCount: hexToBigInt(json.depositCount),
        stateDiffBytes: hexToBigInt(json.stateDiffBytes),
        cycles: json.cycles && hexToBigInt(json.cycles),
        commit: formatStep(json.commit),
        prove: formatStep(json.prove),
        execute: formatStep(json.execute),
        provingMs: json.provingMs && hexToBigInt(json.provingMs),
    };
}
function formatStep(json) {
    return json && { txHash: json.txHash, timestamp: hexToBigInt(json.timestamp), gasUsed: hexToBigInt(json.gasUsed) };
}
/** Whether a batch is at least that far. */
export function hasReached(batch, status) {
    return batchStatuses.indexOf(batch.status) >= batchStatuses.indexOf(status);
}
