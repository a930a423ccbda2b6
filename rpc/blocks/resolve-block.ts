import type { ChainReader, SealedBlock, SimulationContext } from '../../core/index.ts'
import type { BlockRef, BlockTag } from '../schemas/block-ref.ts'
import { JsonRpcError, rpcErrorCode } from '../transport/errors.ts'

/** The sealed block that a reference names; `pending` is the newest one. Undefined where there is none. */
export function findBlock(ref: BlockRef, chain: ChainReader): SealedBlock | undefined {
  switch (ref.kind) {
    case 'hash':
      return chain.blockByHash(ref.hash)
    case 'number':
      return chain.blockByNumber(ref.number)
    case 'tag':
      return ref.tag === 'latest' || ref.tag === 'pending' ? chain.head() : chain.blockByNumber(tagNumber(ref.tag, chain))
  }
}

/**
 * The sealed block that a reference names; `pending` is the newest one.
 * @throws JsonRpcError in geth's words where there is none
 */
export function requireBlock(ref: BlockRef, chain: ChainReader): SealedBlock {
  const block = findBlock(ref, chain)
  if (block === undefined) throw blockNotFound(ref)
  return block
}

function blockNotFound(ref: BlockRef): JsonRpcError {
  const which = ref.kind === 'number' ? `block #${ref.number}` : ref.kind === 'hash' ? `block ${ref.hash}` : `block ${ref.tag}`
  return new JsonRpcError(rpcErrorCode.serverError, `${which} not found`)
}

/**
 * Number of the block whose state is asked for.
 * @throws JsonRpcError in geth's words where there is no such block
 */
export function requireBlockNumber(ref: BlockRef, chain: ChainReader): bigint {
  switch (ref.kind) {
    case 'tag':
      return tagNumber(ref.tag, chain)
    case 'number':
      if (ref.number > chain.head().header.number) throw new JsonRpcError(rpcErrorCode.serverError, 'header not found')
      return ref.number
    case 'hash': {
      const block = chain.blockByHash(ref.hash)
      if (block === undefined) throw new JsonRpcError(rpcErrorCode.serverError, 'header for hash not found')
      return block.header.number
    }
  }
}

/** Where a call runs. */
export function simulationContext(ref: BlockRef, chain: ChainReader): SimulationContext {
  const blockNumber = requireBlockNumber(ref, chain)
  return isPending(ref) ? { blockNumber, pending: true } : { blockNumber }
}

export function isPending(ref: BlockRef): boolean {
  return ref.kind === 'tag' && ref.tag === 'pending'
}

function tagNumber(tag: BlockTag, chain: ChainReader): bigint {
  switch (tag) {
    case 'latest':
    case 'pending':
      return chain.head().header.number
    case 'safe':
      return chain.safe()
    case 'finalized':
      return chain.finalized()
    case 'earliest':
      return chain.historyStart()
  }
}
