import { hexToBigInt, hexToNumber, numberToHex } from 'viem';
import { waitFor } from '../wait.js';
import { requestOf } from './batches.js';
/** What the node says of itself: URLs, chain ids, contracts on L1. */
export function getDevnetInfo(client) {
    return requestOf(client)({ method: 'zkdevnet_nodeInfo' });
}
/** Proofs of the messages that a transaction sent to L1; null while its batch is open. */
export async function getMessageProofs(client, { hash }) {
    const proofs = await requestOf(client)({ method: 'zkdevnet_getMessageProofs', params: [hash] });
    return proofs?.map(formatProof) ?? null;
}
/** Null where the node has not seen the deposit yet. */
export async function getDeposit(client, { inboxIndex }) {
    const deposit = await requestOf(client)({ method: 'zkdevnet_getDeposit', params: [numberToHex(inboxIndex)] });
    return deposit && formatDeposit(deposit);
}
/** Waits until an L2 block has credited the deposit. @throws WaitTimeoutError */
export async function waitForDeposit(client, { inboxIndex, ...options }) {
    const read = async () => {
        const deposit = await getDeposit(client, { inboxIndex });
        return deposit?.credited === true ? deposit : undefined;
    };
    return await waitFor(`deposit ${inboxIndex} is credited on L2`, read, options);
}
function formatProof({ batchNumber, id, txNumberInBatch, ...rest }) {
    return { ...rest, batchNumber: hexToBigInt(batchNumber), id: hexToBigInt(id), txNumberInBatch: hexToNumber(txNumberInBatch) };
}
function formatDeposit({ inboxIndex, amountGwei, l2BlockNumber, ...rest }) {
    return {
        ...rest,
        inboxIndex: hexToBigInt(inboxIndex),
        amount: hexToBigInt(amountGwei) * 1000000000n,
        l2BlockNumber: l2BlockNumber === null ? null : hexToBigInt(l2BlockNumber),
    };
}
