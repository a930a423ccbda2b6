import type { EventSink, EventSource, NodeEvents } from './ports/events.ts'

/** In-process events. A listener that throws never disturbs the emitter or other listeners. */
export class EventBus implements EventSource, EventSink {
  readonly #listeners = new Map<keyof NodeEvents, Set<(payload: never) => void>>()
  readonly #onError: (error: unknown) => void

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  on<E extends keyof NodeEvents>(event: E, listener: (payload: NodeEvents[E]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  emit<E extends keyof NodeEvents>(event: E, payload: NodeEvents[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        // The set under `event` holds only listeners of that event's payload: `on` is the only way in.
        ;(listener as (payload: NodeEvents[E]) => void)(payload)
      } catch (error) {
        this.#onError(error)
      }
    }
  }
}
