import { hexToBigInt, numberToHex } from 'viem';
import { formatBatch, hasReached } from '../batch.js';
import { TransactionNotSealedError } from '../errors.js';
import { waitFor } from '../wait.js';
/** The client's `request`, which knows nothing of our methods, with their types. */
export function requestOf(client) {
    return client.request;
}
/** A batch by number; null where it is not sealed yet. */
export async function getBatch(client, { number }) {
    const json = await requestOf(client)({ method: 'zkdevnet_getBatch', params: [numberToHex(number)] });
    return json && formatBatch(json);
}
/** Number of the newest batch with at least that status (`sealed` by default). */
export async function getBatchNumber(client, { status = 'sealed' } = {}) {
    return hexToBigInt(await requestOf(client)({ method: 'zkdevnet_batchNumber', params: [status] }));
}
/**
 * The batch of a transaction; null while it is open.
 * @throws TransactionNotSealedError
 */
export async function getBatchOfTransaction(client, { hash }) {
    const receipt = await requestOf(client)({ method: 'eth_getTransactionReceipt', params: [hash] });
    if (receipt === null)
        throw new TransactionNotSealedError(hash);
    return receipt.l1BatchNumber === null ? null : await getBatch(client, { number: hexToBigInt(receipt.l1BatchNumber) });
}
/** The batch of a block; null while it is open, or the block not there. */
export async function getBatchOfBlock(client, { blockNumber }) {
    const block = await requestOf(client)({ method: 'eth_getBlockByNumber', params: [numberToHex(blockNumber), false] });
    return block?.l1BatchNumber == null ? null : await getBatch(client, { number: hexToBigInt(block.l1BatchNumber) });
}
/** Closes the open batch now; null where it has no block. */
export async function sealBatch(client) {
    const number = await requestOf(client)({ method: 'zkdevnet_sealBatch' });
    return number && hexToBigInt(number);
}
/**
 * Waits until a batch is that far, and returns it.
 * @throws WaitTimeoutError, TransactionNotSealedError
 */
export async function waitForBatch(client, { status, ...parameters }) {
    const read = async () => {
        const batch = await findBatch(client, parameters);
        return batch !== null && hasReached(batch, status) ? batch : undefined;
    };
    return await waitFor(`${describe(parameters)} is ${status}`, read, parameters);
}
/** Waits until L1 has executed the batch, and returns it. @throws as `waitForBatch` */
export async function waitForFinalized(client, parameters) {
    return await waitForBatch(client, { ...parameters, status: 'executed' });
}
function findBatch(client, { number, hash, blockNumber }) {
    if (number !== undefined)
        return getBatch(client, { number });
    return hash === undefined ? getBatchOfBlock(client, { blockNumber }) : getBatchOfTransaction(client, { hash });
}
function describe({ number, hash, blockNumber }) {
    if (number !== undefined)
        return `batch ${number}`;
    return hash === undefined ? `the batch of block ${blockNumber}` : `the batch of transaction ${hash}`;
}
