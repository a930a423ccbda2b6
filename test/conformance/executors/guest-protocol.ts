import { RLP } from '@ethereumjs/rlp'
import { type Case, failed, type Outcome, passed, type StateCase } from '../cases.ts'
import { chainInputs, judgeChains } from './guest-chains.ts'
import { forkNumber, type Item, minimal } from './guest-encoding.ts'

/** The program in guest/test that takes cases of a kind: a line of answer to each input. */
export const drivers: Readonly<Record<Case['kind'], string>> = {
  state: 'evm-state',
  chain: 'chain',
  transaction: 'transaction',
  trie: 'trie',
  rlp: 'rlp',
}

const empty = new Uint8Array(0)
const isTrue = minimal(1n)

function stateInput({ fork, block, accounts, transaction }: StateCase): Item {
  const environment = [
    ...[block.number, block.timestamp, block.gasLimit, block.chainId].map(minimal),
    block.coinbase,
    block.prevRandao,
    ...[block.baseFee, block.excessBlobGas].map(minimal),
  ]
  const state = accounts.map(({ address, nonce, balance, code, storage }) => [
    address,
    minimal(nonce),
    minimal(balance),
    code,
    storage.map((slot) => slot.map(minimal)),
  ])
  return [forkNumber(fork), isTrue, environment, state, empty, [], transaction]
}

function items(test: Case): Item[] {
  switch (test.kind) {
    case 'state':
      return [stateInput(test)]
    case 'chain':
      return chainInputs(test)
    case 'transaction':
      return [[forkNumber(test.fork), isTrue, test.transaction]]
    case 'trie':
      return [[empty, [], test.changes]]
    case 'rlp':
      return [test.bytes]
  }
}

/** The driver's inputs for a case, each as RLP, of which a list is what the driver reads. */
export const guestInputs = (test: Case): Uint8Array[] => items(test).map((item) => RLP.encode(item as Uint8Array))

/** A list of items that are RLP already. */
export function encodeList(inputs: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(inputs)
  if (content.length < 56) return Buffer.concat([Uint8Array.of(0xc0 + content.length), content])
  const length = minimal(BigInt(content.length))
  return Buffer.concat([Uint8Array.of(0xf7 + length.length), length, content])
}

const equal = (expected: string, actual = ''): Outcome =>
  actual === expected ? passed : failed(`expected "${expected}", answered "${actual}"`)

/** Exit code of the guest for what is not canonical RLP (guest/src/base/status.h). */
const rlpStatus = '12'

/** Exit code of the guest where its memory does not suffice. */
const outOfMemory = '1'
const tooLarge: Outcome = { result: 'skipped', reason: 'it takes more memory than there is' }

/** What the answers to a case's inputs say of it. */
export function judge(test: Case, answers: readonly string[]): Outcome {
  const [answer = ''] = answers
  switch (test.kind) {
    case 'state': {
      const [status, , , , root, logs] = answer.split(' ')
      if (status === outOfMemory) return tooLarge
      const { stateRoot, logsHash, isValid } = test.expected
      return equal(`${isValid ? 'valid' : 'refused'} ${stateRoot} ${logsHash}`, `${status === '0' ? 'valid' : 'refused'} ${root} ${logs}`)
    }
    case 'chain':
      return answers.some((text) => text.includes(`failed ${outOfMemory} `)) ? tooLarge : judgeChains(test, answers)
    case 'transaction':
      return test.expected === null
        ? equal('failed', answer.split(' ')[0])
        : equal(`${test.expected.sender} ${test.expected.intrinsicGas}`, answer)
    case 'trie':
      return equal(test.root, answer.trim())
    case 'rlp':
      return equal(test.isValid ? '0' : rlpStatus, answer)
  }
}
