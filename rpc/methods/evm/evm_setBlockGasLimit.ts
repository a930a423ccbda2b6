import { z } from 'zod'
import { rules } from '../../../core/index.ts'
import { defineMethod } from '../../method.ts'
import { LooseQuantity64 } from '../../schemas/loose-quantity.ts'
import { param } from '../../schemas/primitives.ts'
import { InvalidParamsError } from '../../transport/errors.ts'

export const evm_setBlockGasLimit = defineMethod({
  name: 'evm_setBlockGasLimit',
  aliases: ['anvil_setBlockGasLimit'],
  summary: `Sets the gas limit of coming blocks. Each makes its batch a dev batch, until it is ${rules.blockGasLimit} again.`,
  params: z.tuple([param('gasLimit', LooseQuantity64)]),
  result: z.literal(true),
  async handle([gasLimit], { dev }) {
    if (gasLimit === 0n) throw new InvalidParamsError('Block gas limit must be greater than 0.')
    await dev.setBlock({ gasLimit: gasLimit === rules.blockGasLimit ? null : gasLimit })
    return true as const
  },
})
