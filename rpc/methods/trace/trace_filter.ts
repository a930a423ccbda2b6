import { z } from 'zod'
import type { FlatFrame, Hex } from '../../../core/index.ts'
import { requireBlockNumber } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { BlockNumberOrTag, latestRef } from '../../schemas/block-ref.ts'
import { Address, LooseNumber, param } from '../../schemas/primitives.ts'
import { callsOfBlock } from '../../traces/block-calls.ts'
import { flatFrameToJson } from '../../traces/parity-replay.ts'
import { FlatTraceResult } from '../../traces/parity-schemas.ts'
import { InvalidParamsError } from '../../transport/errors.ts'

const maxBlocks = 1_000n
const maxResults = 20_000

const TraceFilter = z.object({
  fromBlock: BlockNumberOrTag.nullish(),
  toBlock: BlockNumberOrTag.nullish(),
  fromAddress: z.array(Address).max(1_000).nullish(),
  toAddress: z.array(Address).max(1_000).nullish(),
  mode: z.enum(['union', 'intersection']).nullish(),
  after: LooseNumber.nullish(),
  count: LooseNumber.nullish(),
})

export const trace_filter = defineMethod({
  name: 'trace_filter',
  summary:
    'Calls, creations and destructions of up to 1,000 blocks by the addresses that they come from and go to, at most 20,000 at once.',
  params: z.tuple([param('filter', TraceFilter)]),
  result: z.array(FlatTraceResult),
  async handle([filter], context) {
    const { chain } = context
    const from = requireBlockNumber(filter.fromBlock ?? latestRef, chain)
    const to = requireBlockNumber(filter.toBlock ?? latestRef, chain)
    if (from > to) throw new InvalidParamsError('invalid block range params')
    if (to - from >= maxBlocks) throw new InvalidParamsError(`block range too large: at most ${maxBlocks} blocks are allowed`)
    const matches = matcherOf(filter)
    const count = Math.min(filter.count ?? maxResults, maxResults)
    const found: FlatFrame[] = []
    let toSkip = filter.after ?? 0
    for (let number = from; number <= to && found.length < count; number++) {
      const block = chain.blockByNumber(number)
      if (block === undefined) continue
      const matching = (await callsOfBlock(block, context)).filter(matches)
      found.push(...matching.slice(toSkip))
      toSkip = Math.max(0, toSkip - matching.length)
    }
    return found.slice(0, count).map(flatFrameToJson)
  },
})

function matcherOf({ fromAddress, toAddress, mode }: z.output<typeof TraceFilter>): (frame: FlatFrame) => boolean {
  const matchesAny = (addresses: readonly Hex[], address: string | undefined): boolean => addresses.some((wanted) => wanted === address)
  return ({ action, result }) => {
    const isFrom = fromAddress == null || matchesAny(fromAddress, action.from ?? action.address)
    const isTo = toAddress == null || matchesAny(toAddress, action.to ?? action.refundAddress ?? result?.address)
    // With one of both, either mode means that one.
    return mode === 'union' && fromAddress != null && toAddress != null ? isFrom || isTo : isFrom && isTo
  }
}
