import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { findCreation } from '../../otterscan/call-list.ts'
import { firstBlock } from '../../otterscan/transaction-search.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { AddressResult, HashResult } from '../../schemas/results.ts'

export const ots_getContractCreator = defineMethod({
  name: 'ots_getContractCreator',
  summary: 'The transaction that created a contract, and who did; null for what is no contract, or was there from the beginning.',
  params: z.tuple([param('address', Address)]),
  result: z.strictObject({ hash: HashResult, creator: AddressResult }).nullable(),
  async handle([address], { chain, state, simulator, request }) {
    const block = firstBlock(chain, (number) => state.stateAt(number).code(address).length > 0)
    if (block === undefined || block.transactions.length === 0) return null
    const calls = { name: 'callTracer', onlyTopCall: false, withLog: false } as const
    for (const { txHash, result } of await simulator.traceBlock(block.header.number, calls, request.signal)) {
      const creation = findCreation(result, address)
      if (creation !== undefined) return { hash: txHash, creator: creation.from }
    }
    return null
  },
})
