const wide = /\p{Extended_Pictographic}/u

/** Columns padded to their widest cell, two spaces apart; the last one is left ragged. Cells are plain text. */
export function formatTable(
  rows: readonly (readonly string[])[],
  paintCell: (cell: string, row: number, column: number) => string = (cell) => cell,
): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, width(cell))
  }
  return rows
    .map((row, rowIndex) =>
      row
        .map((cell, column) => {
          const padding = column === row.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - width(cell))
          return paintCell(cell, rowIndex, column) + padding
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function width(cell: string): number {
  return [...cell].reduce((total, character) => total + (wide.test(character) ? 2 : 1), 0)
}
