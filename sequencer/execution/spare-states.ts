import { type Hex, hexToBytes } from '../../core/index.ts'
import { type StateStore, WorldState } from '../../stf/index.ts'

const maxSpares = 8

/** States to execute on, used again and again: making a state's machine takes longer than most calls. */
export class SpareStates {
  readonly #store: StateStore
  readonly #spares: WorldState[] = []

  constructor(store: StateStore) {
    this.#store = store
  }

  /** Runs `work` alone on a state with that root. */
  async use<T>(root: Hex, work: (state: WorldState) => Promise<T>): Promise<T> {
    const state = this.#spares.pop() ?? WorldState.at(root, this.#store)
    await state.setStateRoot(hexToBytes(root))
    const result = await work(state)
    // Where the work threw, the machine may be in the middle of something.
    if (this.#spares.length < maxSpares) this.#spares.push(state)
    return result
  }
}
