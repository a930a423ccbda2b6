/** What the digits look like to whoever drew them. */
const drawn = [
  ['..####..', '.##..##.', '.##..##.', '.##..##.', '.##..##.', '.##..##.', '..####..', '........'],
  ['...##...', '..###...', '.####...', '...##...', '...##...', '...##...', '.######.', '........'],
  ['..####..', '.##..##.', '.....##.', '....##..', '..##....', '.##.....', '.######.', '........'],
  ['..####..', '.##..##.', '.....##.', '...###..', '.....##.', '.##..##.', '..####..', '........'],
  ['....##..', '...###..', '..#.##..', '.#..##..', '.######.', '....##..', '....##..', '........'],
  ['.######.', '.##.....', '.#####..', '.....##.', '.....##.', '.##..##.', '..####..', '........'],
  ['...###..', '..##....', '.##.....', '.#####..', '.##..##.', '.##..##.', '..####..', '........'],
  ['.######.', '.....##.', '....##..', '....##..', '...##...', '...##...', '...##...', '........'],
  ['..####..', '.##..##.', '.##..##.', '..####..', '.##..##.', '.##..##.', '..####..', '........'],
  ['..####..', '.##..##.', '.##..##.', '..#####.', '.....##.', '....##..', '..###...', '........'],
] as const

export const side = 8
export const digits = drawn.length
/** Of a pixel, by the character that stands for it. */
export const ink: Readonly<Record<string, number>> = { '.': 0, '+': 64, '#': 127 }

/** xorshift32: the same numbers everywhere. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** A digit as somebody may draw it: moved by up to a pixel, with spots and faint places. Lines end in newlines. */
export function drawDigit(digit: number, random: (below: number) => number): string {
  const picture = Array.from({ length: side }, () => Array.from({ length: side }, () => '.'))
  const [right, down] = [random(3) - 1, random(2)]
  drawn[digit]?.forEach((line, y) => {
    ;[...line].forEach((character, x) => {
      const row = picture[y + down]
      if (row !== undefined && character === '#' && x + right >= 0 && x + right < side) row[x + right] = random(8) === 0 ? '+' : '#'
    })
  })
  for (let spot = random(5); spot > 0; spot--) {
    const row = picture[random(side)] ?? []
    const x = random(side)
    row[x] = row[x] === '.' ? '+' : '.'
  }
  return picture.map((row) => `${row.join('')}\n`).join('')
}

export function pixelsOf(picture: string): number[] {
  return [...picture].flatMap((character) => ink[character] ?? [])
}
