import type { Logger } from '../../../core/index.ts'

export const silentLog: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
