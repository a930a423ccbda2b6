import { bytesToHex, DevnetError } from '../../core/index.ts'

/** A trie node is needed that the reader does not have: an incomplete witness, or a state that this node does not keep. */
export class MissingTrieNodeError extends DevnetError {
  override name = 'MissingTrieNodeError'
  readonly hash: Uint8Array
  /** Nibbles from the root of its trie, one hexadecimal digit each. */
  readonly path: string

  constructor({ hash, path }: { hash: Uint8Array; path: string }) {
    super(`The trie node ${bytesToHex(hash)} at path "${path}" is missing.`, { code: 'MISSING_TRIE_NODE' })
    this.hash = hash
    this.path = path
  }
}

export class InvalidTrieNodeError extends DevnetError {
  override name = 'InvalidTrieNodeError'
  constructor(reason: string) {
    super(`These bytes are not a trie node: ${reason}.`, { code: 'INVALID_TRIE_NODE' })
  }
}

/** The store of nodes and codes failed, for instance because the disk did. Says nothing about the transaction that needed them. */
class StateUnreadableError extends DevnetError {
  override name = 'StateUnreadableError'
  constructor(cause: unknown) {
    super(`The state cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { code: 'STATE_UNREADABLE', cause })
  }
}

/** The result of a read of the store; whatever it throws comes out as `StateUnreadableError`. */
export function readStore<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new StateUnreadableError(cause)
  }
}
