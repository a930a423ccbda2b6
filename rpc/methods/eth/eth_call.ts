import { z } from 'zod'
import { bytesToHex, ExecutionRevertedError } from '../../../core/index.ts'
import { simulationContext } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { BlockOverridesParam, CallParam, StateOverridesParam } from '../../schemas/call-request.ts'
import { param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'
import { JsonRpcError, rpcErrorCode } from '../../transport/errors.ts'

export const eth_call = defineMethod({
  name: 'eth_call',
  summary: 'Return data of a call that changes nothing, optionally with overridden state and block fields.',
  params: z.tuple([
    param('transaction', CallParam),
    param('block', BlockRefParam.nullish()),
    param('stateOverrides', StateOverridesParam.nullish()),
    param('blockOverrides', BlockOverridesParam.nullish()),
  ]),
  result: DataResult,
  async handle([call, ref, stateOverrides, blockOverrides], { chain, simulator, log }) {
    const outcome = await simulator.call(call, {
      ...simulationContext(ref ?? latestRef, chain),
      ...(stateOverrides != null && { stateOverrides }),
      ...(blockOverrides != null && { blockOverrides }),
      console: (text) => log.info({ method: 'eth_call', text }, 'console.log'),
    })
    if (outcome.status === 'revert') throw new ExecutionRevertedError(outcome.returnData)
    if (outcome.status === 'halt') throw new JsonRpcError(rpcErrorCode.serverError, outcome.error ?? 'execution halted')
    return bytesToHex(outcome.returnData)
  },
})
