import { createAddressFromString } from '@ethereumjs/util'
import { ExecutionRevertedError, InvalidTransactionError } from '../../core/index.ts'
import { revertReason } from './revert-reason.ts'
import { type SimulateCallOptions, simulateCall } from './simulate.ts'

/** EIP-7825: no transaction may ask for more. */
const maxTransactionGas = 2n ** 24n

/**
 * The smallest gas limit with which the call succeeds.
 * @throws ExecutionRevertedError, InvalidTransactionError where no limit makes it succeed
 */
export async function estimateGas(options: SimulateCallOptions): Promise<bigint> {
  const gasCap = options.gasCap === undefined || options.gasCap > maxTransactionGas ? maxTransactionGas : options.gasCap
  const limit = options.call.gas === undefined || options.call.gas > gasCap ? gasCap : options.call.gas
  let most = await affordableGas(options, limit)
  const { console: _, ...silent } = options
  const run = (gas: bigint) => simulateCall({ ...silent, gasCap, call: { ...options.call, gas } })
  const outcome = await simulateCall({ ...options, gasCap, call: { ...options.call, gas: most } })
  if (outcome.status === 'revert') throw new ExecutionRevertedError(outcome.returnData, revertReason(outcome.returnData))
  if (outcome.status === 'halt') {
    throw outcome.error === 'out of gas'
      ? new InvalidTransactionError(`gas required exceeds allowance (${most})`, 'GAS_EXCEEDS_ALLOWANCE')
      : new InvalidTransactionError(outcome.error ?? 'execution failed')
  }
  const succeeds = async (gas: bigint): Promise<boolean> => {
    try {
      return (await run(gas)).status === 'success'
    } catch (error) {
      if (error instanceof InvalidTransactionError && error.code === 'INTRINSIC_GAS') return false
      throw error
    }
  }
  // Less than what it used is never enough. Most calls need exactly that, or what calls keep back (EIP-150) and refunds on top.
  let tooLittle = outcome.gasUsed - 1n
  for (const guess of [outcome.gasUsed, (outcome.gasUsed * 64n) / 63n + 2300n]) {
    if (guess <= tooLittle || guess >= most) continue
    if (await succeeds(guess)) {
      most = guess
      break
    }
    tooLittle = guess
  }
  while (tooLittle + 1n < most) {
    const middle = (tooLittle + most) / 2n
    if (await succeeds(middle)) most = middle
    else tooLittle = middle
  }
  return most
}

/** The gas that the sender can pay for at the price it names. */
async function affordableGas({ state, call, stateOverrides }: SimulateCallOptions, limit: bigint): Promise<bigint> {
  const price = call.gasPrice ?? call.maxFeePerGas ?? 0n
  if (price === 0n || call.from === undefined) return limit
  const overridden = stateOverrides?.get(call.from)?.balance
  const balance = overridden ?? (await state.getAccount(createAddressFromString(call.from)))?.balance ?? 0n
  const value = call.value ?? 0n
  if (balance < value) throw new InvalidTransactionError('insufficient funds for transfer', 'INSUFFICIENT_FUNDS')
  const affordable = (balance - value) / price
  return affordable < limit ? affordable : limit
}
