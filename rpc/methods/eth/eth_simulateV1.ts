import { z } from 'zod'
import { simulationContext } from '../../blocks/resolve-block.ts'
import { simulatedBlockToJson } from '../../encoding/simulated-block-json.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { param } from '../../schemas/primitives.ts'
import { SimulatedBlockResult, SimulationParam, toSimulationError } from '../../schemas/simulation.ts'

export const eth_simulateV1 = defineMethod({
  name: 'eth_simulateV1',
  summary:
    'Simulates blocks of calls on top of each other, with overridden state and block fields; the blocks with the results of the calls.',
  params: z.tuple([param('simulation', SimulationParam), param('block', BlockRefParam.nullish())]),
  result: z.array(SimulatedBlockResult),
  async handle([{ returnFullTransactions, ...simulation }, ref], { chain, simulator, request }) {
    try {
      const blocks = await simulator.simulateBlocks(simulation, simulationContext(ref ?? latestRef, chain), request.signal)
      return blocks.map((block) => simulatedBlockToJson(block, returnFullTransactions ? 'full' : 'hashes'))
    } catch (error) {
      throw toSimulationError(error)
    }
  },
})
