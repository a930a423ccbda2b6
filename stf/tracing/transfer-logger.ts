import type { CallFrame, Hex, Log } from '../../core/index.ts'
import { TraceBudget } from './budget.ts'
import { CallTracer } from './call-tracer.ts'

type PlainLog = Pick<Log, 'address' | 'topics' | 'data'>

/** The address that eth_simulateV1 gives for the contract of ETH. */
const ether: Hex = '0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee'
/** keccak256 of Transfer(address,address,uint256). */
const transferTopic: Hex = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
const word = (hex: Hex): Hex => `0x${hex.slice(2).padStart(64, '0')}`
// DELEGATECALL and CALLCODE move nothing to anybody else.
const movesValue = new Set(['CALL', 'CREATE', 'CREATE2', 'SELFDESTRUCT'])

/** The logs of an execution with its transfers of ETH among them, as logs of ERC-20 transfers, in the order in which they happened. */
export class TransferLogger extends CallTracer {
  constructor() {
    super({ name: 'callTracer', onlyTopCall: false, withLog: true }, new TraceBudget())
  }

  logs(): readonly PlainLog[] {
    const root = this.result()
    const list: PlainLog[] = []
    if (root !== undefined) collect(root, list)
    return list
  }
}

function collect(frame: CallFrame, list: PlainLog[]): void {
  // What failed moved nothing.
  if (frame.error !== undefined) return
  const { type, from, to, value = '0x0', calls = [], logs = [] } = frame
  if (movesValue.has(type) && value !== '0x0' && to !== undefined) {
    list.push({ address: ether, topics: [transferTopic, word(from), word(to)], data: word(value) })
  }
  let next = 0
  const collectLogs = (before: number): void => {
    for (let log = logs[next]; log !== undefined && Number(log.position) < before; log = logs[++next]) {
      list.push({ address: log.address, topics: log.topics, data: log.data })
    }
  }
  for (const [index, call] of calls.entries()) {
    collectLogs(index + 1)
    collect(call, list)
  }
  collectLogs(Number.POSITIVE_INFINITY)
}
