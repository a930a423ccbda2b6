import { z } from 'zod'
import { requireBlockNumber } from '../../blocks/resolve-block.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { Address, param, Slot } from '../../schemas/primitives.ts'
import { AddressResult, DataResult, HashResult, QuantityResult } from '../../schemas/results.ts'

export const eth_getProof = defineMethod({
  name: 'eth_getProof',
  summary: 'Merkle proof of an account and some of its slots against the state root of a block (EIP-1186).',
  params: z.tuple([param('address', Address), param('slots', z.array(Slot).max(1_024)), param('block', BlockRefParam.nullish())]),
  result: z.strictObject({
    address: AddressResult,
    accountProof: z.array(DataResult).readonly(),
    balance: QuantityResult,
    codeHash: HashResult,
    nonce: QuantityResult,
    storageHash: HashResult,
    storageProof: z.array(z.strictObject({ key: QuantityResult, value: QuantityResult, proof: z.array(DataResult).readonly() })),
  }),
  handle([address, slots, ref], { chain, state }) {
    const proof = state.sealedStateAt(requireBlockNumber(ref ?? latestRef, chain)).proof(address, slots)
    return {
      address,
      accountProof: proof.accountProof,
      balance: toQuantity(proof.balance),
      codeHash: proof.codeHash,
      nonce: toQuantity(proof.nonce),
      storageHash: proof.storageRoot,
      storageProof: proof.storageProof.map((entry) => ({
        key: toQuantity(BigInt(entry.key)),
        value: toQuantity(entry.value),
        proof: entry.proof,
      })),
    }
  },
})
