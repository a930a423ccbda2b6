import { z } from 'zod'
import { simulationContext } from '../../blocks/resolve-block.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { BlockOverridesParam, CallParam, StateOverridesParam } from '../../schemas/call-request.ts'
import { param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_estimateGas = defineMethod({
  name: 'eth_estimateGas',
  summary: 'Smallest gas limit with which a transaction succeeds.',
  params: z.tuple([
    param('transaction', CallParam),
    param('block', BlockRefParam.nullish()),
    param('stateOverrides', StateOverridesParam.nullish()),
    param('blockOverrides', BlockOverridesParam.nullish()),
  ]),
  result: QuantityResult,
  async handle([call, ref, stateOverrides, blockOverrides], { chain, simulator, log }) {
    const gas = await simulator.estimateGas(call, {
      ...simulationContext(ref ?? latestRef, chain),
      ...(stateOverrides != null && { stateOverrides }),
      ...(blockOverrides != null && { blockOverrides }),
      console: (text) => log.info({ method: 'eth_estimateGas', text }, 'console.log'),
    })
    return toQuantity(gas)
  },
})
