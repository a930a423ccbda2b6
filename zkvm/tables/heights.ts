import { defaultParameters } from '../stark/parameters.ts'

/** The power of two that holds so many rows. */
export function heightFor(rows: number): { readonly height: number; readonly logHeight: number } {
  const logHeight = Math.max(1, Math.ceil(Math.log2(Math.max(1, rows))))
  return { logHeight, height: 2 ** logHeight }
}

/** Tables with fixed columns are never lower than this, so that the same columns go with a tallest table of any height. */
const minFixedLogHeight = defaultParameters.maxLogHeight - defaultParameters.maxLogPack

export function fixedHeightFor(rows: number): { readonly height: number; readonly logHeight: number } {
  return heightFor(Math.max(rows, 2 ** minFixedLogHeight))
}
