import { DevnetError } from '../../core/index.ts'

/** Bytes that are not a block or header of this chain. */
export class BlockFormatError extends DevnetError {
  override name = 'BlockFormatError'
  constructor(reason: string, cause?: unknown) {
    super(`These bytes are not a block: ${reason}.`, { code: 'BLOCK_FORMAT', cause })
  }
}
