import { z } from 'zod'
import { bytesToHex } from '../../../core/index.ts'
import { encodeStateFile } from '../../dev/state-file.ts'
import { defineMethod } from '../../method.ts'
import { param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const anvil_dumpState = defineMethod({
  name: 'anvil_dumpState',
  aliases: ['hardhat_dumpState'],
  summary: "All accounts of the newest state, in anvil's form (JSON, gzip). Blocks and transactions are not in it.",
  params: z.tuple([param('preserveHistoricalStates', z.boolean().nullish())]),
  result: DataResult,
  async handle(_params, { dev }) {
    return bytesToHex(encodeStateFile(await dev.dump()))
  },
})
