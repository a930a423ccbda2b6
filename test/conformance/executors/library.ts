import { RLP } from '@ethereumjs/rlp'
import { bytesToHex } from '../../../core/index.ts'
import { NodeCache, Trie } from '../../../stf/index.ts'
import { type Case, failed, type Outcome, passed, type RlpCase, type TrieCase } from '../cases.ts'
import { runChainCase } from './library-chain.ts'
import { runStateCase, runTransactionCase } from './library-state.ts'

function runTrieCase({ changes, root }: TrieCase): Outcome {
  const trie = new Trie(new NodeCache({ maxBytes: 0 }, { node: () => undefined }))
  for (const [key, value] of changes) trie.put(key, value)
  const actual = bytesToHex(trie.commit().root)
  return actual === root ? passed : failed(`expected ${root}, is ${actual}`)
}

function isCanonical(bytes: Uint8Array): boolean {
  try {
    return bytes.length > 0 && Buffer.compare(RLP.encode(RLP.decode(bytes)), bytes) === 0
  } catch {
    return false
  }
}

function runRlpCase({ bytes, isValid }: RlpCase): Outcome {
  return isCanonical(bytes) === isValid ? passed : failed(`expected ${isValid ? 'valid' : 'refused'}`)
}

async function run(test: Case): Promise<Outcome> {
  switch (test.kind) {
    case 'state':
      return runStateCase(test)
    case 'chain':
      return runChainCase(test)
    case 'transaction':
      return runTransactionCase(test)
    case 'trie':
      return runTrieCase(test)
    case 'rlp':
      return runRlpCase(test)
  }
}

/** @ethereumjs/vm as the node configures it, and the node's own trie and RLP. Says which case it begins. */
export async function runInLibrary(cases: readonly Case[], begins?: (index: number) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const [index, test] of cases.entries()) {
    begins?.(index)
    outcomes.push(await run(test).catch((error: unknown) => failed(`it threw: ${error instanceof Error ? error.message : error}`)))
  }
  return outcomes
}
