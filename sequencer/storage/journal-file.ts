import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, writevSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { DataDirectoryError, DataDiskFullError } from '../../database/index.ts'

/** Which writing of a journal: places in another one mean nothing. */
export interface JournalVersion {
  /** Counts the rewinds of the chain: what an earlier one wrote was cut off. */
  readonly epoch: number
  /** Counts the files of an epoch. */
  readonly generation: number
}

/** A part of a journal: from the beginning of a frame to the end of one. */
export interface JournalRange extends JournalVersion {
  readonly from: number
  readonly to: number
}

/** What a frame holds: the rows of a block (`encodeRows`), or a transaction that was answered before its block was there. */
export type FrameKind = 'block' | 'transaction'

export interface Frame {
  readonly kind: FrameKind
  readonly payload: Uint8Array
}

const magic = 0x7a6b646a
const layoutVersion = 1
const kinds: readonly FrameKind[] = ['block', 'transaction']
/** Magic and layout (uint32), epoch and generation (float64), big endian. */
const headerBytes = 24
/** Length of the payload, CRC-32 of kind and payload (uint32, big endian), kind (a byte). */
const frameBytes = 9

/**
 * A file to which frames are appended: a single write each, without waiting for the disk, so what was written outlives the process. A power cut
 * may take the end of it; a torn frame ends what is read.
 *
 * No byte of a frame is ever written again, not even when the file begins anew: that is another file in its place, and whoever reads the one
 * before is not disturbed.
 */
export class JournalFile {
  readonly #path: string
  readonly #fd: number
  readonly version: JournalVersion
  #end = headerBytes

  private constructor(path: string, fd: number, version: JournalVersion) {
    this.#path = path
    this.#fd = fd
    this.version = version
  }

  /**
   * Makes a journal, with these frames as they lie in another one, in the place of what is there.
   * @throws DataDiskFullError, DataDirectoryError
   */
  static create(path: string, version: JournalVersion, frames: Uint8Array = new Uint8Array()): JournalFile {
    const fresh = `${path}.new`
    return onDisk(path, () => {
      const file = new JournalFile(path, openSync(fresh, 'w+'), version)
      try {
        const header = Buffer.alloc(headerBytes)
        header.writeUInt32BE(magic, 0)
        header.writeUInt32BE(layoutVersion, 4)
        header.writeDoubleBE(version.epoch, 8)
        header.writeDoubleBE(version.generation, 16)
        writeAll(file.#fd, [header, frames], 0)
        file.#end += frames.length
        renameSync(fresh, path)
        return file
      } catch (error) {
        file.close()
        rmSync(fresh, { force: true })
        throw error
      }
    })
  }

  /** Where the next frame begins. */
  get end(): number {
    return this.#end
  }

  get start(): number {
    return headerBytes
  }

  /** Returns where the payload's frame ends. @throws DataDiskFullError, DataDirectoryError; then nothing was appended */
  append(kind: FrameKind, payload: Uint8Array): number {
    const head = Buffer.allocUnsafe(frameBytes)
    head.writeUInt32BE(payload.length, 0)
    head[8] = kinds.indexOf(kind)
    head.writeUInt32BE(checksum(head.subarray(8), payload), 4)
    // What a failed write leaves behind this end is not a whole frame, and the next one begins over it.
    onDisk(this.#path, () => writeAll(this.#fd, [head, payload], this.#end))
    this.#end += frameBytes + payload.length
    return this.#end
  }

  range(from: number, to: number): JournalRange {
    return { ...this.version, from, to }
  }

  frames(from: number, to: number): Frame[] {
    return framesOf(readAt(this.#fd, from, to))
  }

  /** A new file with what follows from this place on. The caller closes the old one. */
  successor(from: number): JournalFile {
    const { epoch, generation } = this.version
    return JournalFile.create(this.#path, { epoch, generation: generation + 1 }, readAt(this.#fd, from, this.#end))
  }

  close(): void {
    closeSync(this.#fd)
  }
}

/** The frames of a part of a journal, or undefined where another one lies there by now. */
export function readRange(path: string, { from, to, ...version }: JournalRange): Frame[] | undefined {
  return withFile(path, (fd) => {
    const found = versionOf(fd)
    if (found?.epoch !== version.epoch || found.generation !== version.generation) return undefined
    return framesOf(readAt(fd, from, to))
  })
}

/** All whole frames of an epoch's journal: what a process that was killed left. */
export function readLeft(path: string, epoch: number): Frame[] {
  const left = withFile(path, (fd) => (versionOf(fd)?.epoch === epoch ? framesOf(readAt(fd, headerBytes, fstatSync(fd).size)) : []))
  return left ?? []
}

function withFile<T>(path: string, work: (fd: number) => T): T | undefined {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw new DataDirectoryError({ path, cause: error })
  }
  try {
    return work(fd)
  } finally {
    closeSync(fd)
  }
}

function versionOf(fd: number): JournalVersion | undefined {
  const header = readAt(fd, 0, headerBytes)
  if (header.length < headerBytes || header.readUInt32BE(0) !== magic || header.readUInt32BE(4) !== layoutVersion) return undefined
  return { epoch: header.readDoubleBE(8), generation: header.readDoubleBE(16) }
}

/** Ends at the first frame that is not whole. */
function framesOf(bytes: Buffer): Frame[] {
  const frames: Frame[] = []
  for (let at = 0; at + frameBytes <= bytes.length; ) {
    const start = at + frameBytes
    const end = start + bytes.readUInt32BE(at)
    const kind = kinds[bytes[at + 8] ?? kinds.length]
    if (end > bytes.length || kind === undefined) break
    const payload = bytes.subarray(start, end)
    if (checksum(bytes.subarray(at + 8, start), payload) !== bytes.readUInt32BE(at + 4)) break
    frames.push({ kind, payload })
    at = end
  }
  return frames
}

const checksum = (kind: Uint8Array, payload: Uint8Array): number => crc32(payload, crc32(kind))

function readAt(fd: number, from: number, to: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(to - from)
  let length = 0
  while (length < bytes.length) {
    const read = readSync(fd, bytes, length, bytes.length - length, from + length)
    if (read === 0) break
    length += read
  }
  return bytes.subarray(0, length)
}

function writeAll(fd: number, parts: readonly Uint8Array[], at: number): void {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  let written = writevSync(fd, parts, at)
  // A disk that is nearly full takes a part; the rest then fails with the reason.
  while (written < length) written += writevSync(fd, [Buffer.concat(parts).subarray(written)], at + written)
}

function onDisk<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (isFull(cause)) throw new DataDiskFullError({ path, cause })
    throw new DataDirectoryError({ path, cause })
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT'
const isFull = (error: unknown): boolean => codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT'
