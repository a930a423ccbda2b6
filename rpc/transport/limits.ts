/** Bounds on what a client can make the server do. */
export interface ServerLimits {
  readonly maxBodyBytes: number
  readonly maxBatchRequests: number
  /** Of one response, and of all responses to a batch together. */
  readonly maxResponseBytes: number
  readonly requestTimeoutMs: number
  /** Sent but not yet read by a WebSocket client; past it the connection is closed. */
  readonly maxWebSocketBufferBytes: number
  /** Requests of one WebSocket that are being answered; past it the socket is not read. */
  readonly maxWebSocketRequests: number
  readonly maxWebSockets: number
}

export const defaultLimits: ServerLimits = {
  maxBodyBytes: 10 * 1024 * 1024,
  maxBatchRequests: 1_000,
  maxResponseBytes: 100 * 1024 * 1024,
  requestTimeoutMs: 120_000,
  maxWebSocketBufferBytes: 16 * 1024 * 1024,
  maxWebSocketRequests: 256,
  maxWebSockets: 1_000,
}
