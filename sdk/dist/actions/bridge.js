import { encodeFunctionData, parseEventLogs, } from 'viem';
import { readContract, sendTransaction } from 'viem/actions';
import { baseTokenAbi, baseTokenAddress, bridgeAbi } from '../contracts.js';
import { DepositNotFoundError, MessageNotFoundError, WithdrawalNotFinalError } from '../errors.js';
import { getBatchOfTransaction } from './batches.js';
import { getDevnetInfo, getMessageProofs } from './messages.js';
/** Sends ether from L1 to L2. `inboxIndexOf` the receipt is what to wait for. Returns the hash of the L1 transaction. */
export async function depositEther(l1, { client, amount, to }) {
    const { contracts } = await getDevnetInfo(client);
    const data = encodeFunctionData({ abi: bridgeAbi, functionName: 'depositETH', args: [to ?? l1.account.address] });
    return await send(l1, { to: contracts.bridge, data, value: amount });
}
/** Inbox index of the (first) deposit that an L1 transaction made. @throws DepositNotFoundError */
export function inboxIndexOf(receipt) {
    const [deposit] = parseEventLogs({ abi: bridgeAbi, eventName: 'DepositInitiated', logs: receipt.logs });
    if (deposit === undefined)
        throw new DepositNotFoundError(receipt.transactionHash);
    return deposit.args.inboxIndex;
}
/** Sends ether from L2 to L1, where it can be claimed when its batch is executed. Returns the hash of the L2 transaction. */
export async function withdrawEther(l2, { amount, to }) {
    const data = encodeFunctionData({ abi: baseTokenAbi, functionName: 'withdraw', args: [to ?? l2.account.address] });
    return await send(l2, { to: baseTokenAddress, data, value: amount });
}
/**
 * Claims a withdrawal on L1. Anybody may; the receiver that the withdrawal names is paid. Returns the hash of the L1 transaction.
 * @throws WithdrawalNotFinalError, MessageNotFoundError, TransactionNotSealedError
 */
export async function claimWithdrawal(l1, { client, hash, index = 0 }) {
    const batch = await getBatchOfTransaction(client, { hash });
    if (batch?.status !== 'executed')
        throw new WithdrawalNotFinalError({ hash, status: batch?.status ?? 'open' });
    const { batchNumber, id, txNumberInBatch, message, proof } = await messageProof(client, { hash, index });
    const { contracts } = await getDevnetInfo(client);
    const args = [batchNumber, id, txNumberInBatch, message, proof];
    return await send(l1, { to: contracts.bridge, data: encodeFunctionData({ abi: bridgeAbi, functionName: 'finalizeWithdrawal', args }) });
}
/** Whether a withdrawal was claimed. @throws MessageNotFoundError, TransactionNotSealedError */
export async function isWithdrawalClaimed(l1, { client, hash, index = 0 }) {
    const batch = await getBatchOfTransaction(client, { hash });
    if (batch === null)
        return false;
    const { batchNumber, id } = await messageProof(client, { hash, index });
    const { contracts } = await getDevnetInfo(client);
    const args = [batchNumber, id];
    return await readContract(l1, { address: contracts.bridge, abi: bridgeAbi, functionName: 'isWithdrawalFinalized', args });
}
async function messageProof(client, { hash, index }) {
    const proofs = (await getMessageProofs(client, { hash })) ?? [];
    const proof = proofs[index];
    if (proof === undefined)
        throw new MessageNotFoundError({ hash, index, count: proofs.length });
    return proof;
}
/** `chain: null`: the wallet may be on a chain that its client does not know by name. */
function send(wallet, call) {
    return sendTransaction(wallet, { ...call, account: wallet.account, chain: null });
}
