/** The power of two that holds so many rows. */
export function heightFor(rows: number): { readonly height: number; readonly logHeight: number } {
  const logHeight = Math.max(1, Math.ceil(Math.log2(Math.max(1, rows))))
  return { logHeight, height: 2 ** logHeight }
}
