import { accessSync, constants, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { getSystemErrorMessage } from 'node:util'
import { DevnetError } from '../core/index.ts'

/** A file named on the command line cannot be read. */
class FileNotReadableError extends DevnetError {
  override name = 'FileNotReadableError'
  constructor(path: string, cause: unknown) {
    super(`${path} cannot be read: ${reasonOf(cause)}.`, { code: 'FILE_NOT_READABLE', exitCode: 2, cause })
  }
}

/** A file named on the command line cannot be written. */
class FileNotWritableError extends DevnetError {
  override name = 'FileNotWritableError'
  constructor(path: string, cause: unknown) {
    super(`${path} cannot be written: ${reasonOf(cause)}.`, { code: 'FILE_NOT_WRITABLE', exitCode: 2, cause })
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Error && 'errno' in cause && typeof cause.errno === 'number') return getSystemErrorMessage(cause.errno)
  return cause instanceof Error ? cause.message : String(cause)
}

/** Throws FileNotReadableError. */
export function readInputFile(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new FileNotReadableError(path, error)
  }
}

/** Throws FileNotWritableError where `writeOutputFile` would, as far as that is known before. */
export function assertWritable(path: string): void {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats?.isDirectory()) throw new Error('it is a directory')
    accessSync(stats === undefined || stats.isFile() ? dirname(path) : path, constants.W_OK)
    if (stats !== undefined) accessSync(path, constants.W_OK)
  } catch (error) {
    throw new FileNotWritableError(path, error)
  }
}

/** Replaces a file as a whole: whoever reads it, or ends this process, finds the old one or the new one. Throws FileNotWritableError. */
export function writeOutputFile(path: string, bytes: Uint8Array): void {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats !== undefined && !stats.isFile()) {
      writeFileSync(path, bytes)
      return
    }
    const target = stats === undefined ? path : realpathSync(path)
    const temporary = `${target}.${process.pid}`
    writeFileSync(temporary, bytes)
    renameSync(temporary, target)
  } catch (error) {
    throw new FileNotWritableError(path, error)
  }
}
