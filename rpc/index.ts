export { createNodeHandler } from './node-handler.ts'
export { createEip1193Handler } from './transport/eip1193-handler.ts'
export type { JsonRpcHandler } from './transport/request.ts'
export { startJsonRpcServer } from './transport/server.ts'
