import { hexToBigInt } from 'viem';
const batchStatuses = ['sealed', 'committed', 'proven', 'executed'];
export function formatBatch(json) {
    return {
        ...json,
        number: hexToBigInt(json.number),
        firstBlock: hexToBigInt(json.firstBlock),
        lastBlock: hexToBigInt(json.lastBlock),
        lastTimestamp: hexToBigInt(json.lastTimestamp),
        transactionCount: hexToBigInt(json.transactionCount),
        messageCount: hexToBigInt(json.messageCount),
        depositCount: hexToBigInt(json.depositCount),
        stateDiffBytes: hexToBigInt(json.stateDiffBytes),
        commit: formatStep(json.commit),
        prove: formatStep(json.prove),
        execute: formatStep(json.execute),
        provingMs: json.provingMs === null ? null : hexToBigInt(json.provingMs),
    };
}
function formatStep(json) {
    return json && { txHash: json.txHash, timestamp: hexToBigInt(json.timestamp), gasUsed: hexToBigInt(json.gasUsed) };
}
/** Whether a batch is at least that far. */
export function hasReached(batch, status) {
    return batchStatuses.indexOf(batch.status) >= batchStatuses.indexOf(status);
}
