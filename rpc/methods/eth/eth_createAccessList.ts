import { z } from 'zod'
import { simulationContext } from '../../blocks/resolve-block.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { CallParam, StateOverridesParam } from '../../schemas/call-request.ts'
import { param } from '../../schemas/primitives.ts'
import { AccessListResult, QuantityResult } from '../../schemas/results.ts'

export const eth_createAccessList = defineMethod({
  name: 'eth_createAccessList',
  summary: 'Access list (EIP-2930) of what a call touches, with the gas it takes then, and why it fails if it does.',
  params: z.tuple([
    param('transaction', CallParam),
    param('block', BlockRefParam.nullish()),
    param('stateOverrides', StateOverridesParam.nullish()),
  ]),
  result: z.strictObject({ accessList: AccessListResult, gasUsed: QuantityResult, error: z.string().optional() }),
  async handle([call, ref, stateOverrides], { chain, simulator, request }) {
    const context = { ...simulationContext(ref ?? latestRef, chain), ...(stateOverrides != null && { stateOverrides }) }
    const { accessList, gasUsed, error } = await simulator.accessList(call, context, request.signal)
    return { accessList, gasUsed: toQuantity(gasUsed), ...(error !== undefined && { error }) }
  },
})
