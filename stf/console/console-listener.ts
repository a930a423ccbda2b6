import type { Message } from '@ethereumjs/evm'
import type { VM } from '@ethereumjs/vm'
import { hexToBytes } from '../../core/index.ts'
import { consoleText } from './decode.ts'

/** Where Hardhat's and Foundry's `console` libraries send what they log. It is an account without code: nothing happens there. */
const consoleAddress = hexToBytes('0x000000000000000000636f6e736f6c652e6c6f67')
// A transaction has gas for hundreds of thousands.
const maxLines = 1_000

/** What is logged while `work` runs on the machine, also in calls that are reverted, as far as it has room. */
export async function withConsole<T>(vm: VM, lines: string[], work: () => Promise<T>): Promise<T> {
  const { events } = vm.evm
  if (events === undefined) throw new TypeError('The machine has no events.')
  const onEnter = ({ to, data }: Message): void => {
    if (to === undefined || Buffer.compare(to.bytes, consoleAddress) !== 0) return
    if (lines.length > maxLines) return
    const text = lines.length === maxLines ? `(more than ${maxLines} lines)` : consoleText(data)
    if (text !== undefined) lines.push(text)
  }
  events.on('beforeMessage', onEnter)
  try {
    return await work()
  } finally {
    events.off('beforeMessage', onEnter)
  }
}
