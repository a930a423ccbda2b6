import type { Expression } from '../../air/expression.ts'
import { defineTable } from '../../air/table.ts'
import { chiBus, scheduleBus, stateBus } from './buses.ts'
import { blockRows, five, laneLength, modulo5, moves, slots, stateWords, wordOf } from './lanes.ts'

/** Weights of the flags in a tuple of the schedule. */
export const rowFlags = { constant0: 1, constant1: 2, isInput: 4, isOutput: 8 } as const

/** README.md. A row is two slices, i and i + 32, of the state before a round, or of the state after the last one. */
export const keccakTable = defineTable('keccak', (b) => {
  const isReal = b.main('isReal')
  const timestamp = b.main('timestamp')
  const round = b.main('round')
  const flags = {
    constant0: b.main('constant0'),
    constant1: b.main('constant1'),
    isInput: b.main('isInput'),
    isOutput: b.main('isOutput'),
  }
  const { isInput, isOutput } = flags
  const bits = five.map((x) => five.map((y) => slots.map((s) => b.main(`a${x}${y}.${s}`))))
  const parities = five.map((x) => slots.map((s) => b.main(`c${x}.${s}`)))
  const digits = five.map((row) => slots.map((s) => b.main(`p${row}.${s}`)))
  const bit = (x: number, y: number, s: number): Expression => bits[x]?.[y]?.[s] ?? b.constant(0)
  const parity = (x: number, s: number): Expression => parities[modulo5(x)]?.[s] ?? b.constant(0)
  const digitsOf = (row: number, s: number): Expression => digits[row]?.[s] ?? b.constant(0)

  const repeated = (value: (index: number) => bigint): Expression =>
    b.periodic(Array.from({ length: blockRows }, (_, index) => value(index)))
  const isBlockFirst = repeated((index) => (index === 0 ? 1n : 0n))
  const isBlockLast = repeated((index) => (index === blockRows - 1 ? 1n : 0n))
  const slice = repeated(BigInt)
  const binaryWeight = repeated((index) => 1n << BigInt(index))

  // Place in the permutation. `continues` is 1 on the blocks that another one of the same permutation follows.
  b.bool('KECCAK-REAL', isReal)
  for (const [name, flag] of Object.entries(flags)) b.bool(`KECCAK-BOOL-${name}`, flag)
  b.zero('KECCAK-IDLE-IN', isInput.mul(isReal.not()))
  b.zero('KECCAK-IDLE-OUT', isOutput.mul(isReal.not()))
  const continues = isReal.sub(isOutput)
  const flagged = b.sum(Object.entries(rowFlags).map(([name, weight]) => flags[name as keyof typeof flags].mul(weight)))
  for (const [name, column] of Object.entries({ isReal, timestamp, round })) {
    b.zero(`KECCAK-BLOCK-${name}`, isBlockLast.not().mul(column.next().sub(column)))
  }
  const blockContinues = isBlockLast.mul(continues)
  b.when(blockContinues).equal('KECCAK-NEXT-REAL', isReal.next(), 1)
  b.when(blockContinues).equal('KECCAK-NEXT-TIME', timestamp.next(), timestamp)
  b.when(blockContinues).equal('KECCAK-NEXT-ROUND', round.next(), round.add(1))
  // The first row follows the last one, of which nothing continues.
  b.when(b.isLast).zero('KECCAK-WHOLE', continues)
  b.zero('KECCAK-BEGINS', isBlockLast.mul(continues.not()).mul(isReal.next().sub(isInput.next())))

  // Bits, and the parities of their columns: what is left of a sum of five without its parity is even.
  for (const x of five) {
    for (const s of slots) {
      for (const y of five) b.bool(`KECCAK-BIT-${x}${y}.${s}`, bit(x, y, s))
      const rest = b.sum(five.map((y) => bit(x, y, s))).sub(parity(x, s))
      b.bool(`KECCAK-PARITY-BOOL-${x}.${s}`, parity(x, s))
      b.zero(`KECCAK-PARITY-${x}.${s}`, rest.mul(rest.sub(2)).mul(rest.sub(4)))
    }
  }

  // Theta, rho and pi: digit `column` of row `row` is a bit and the parities of two columns, all moved by the lane's rotation.
  const tauPowers = Array.from({ length: laneLength }, (_, shift) =>
    b.periodicPowers(
      'tau',
      Array.from({ length: blockRows }, (_, index) => (index + shift) % laneLength),
    ),
  )
  const tauPower = (shift: number): Expression => tauPowers[shift % laneLength] ?? b.constant(0)
  const delta = b.challenge('delta')
  const movedTo = (row: number): Expression => {
    const terms = moves.filter((move) => move.row === row)
    return b.sum(
      slots.flatMap((s) => [
        b.constant(0).sub(tauPower(blockRows * s).mul(digitsOf(row, s))),
        ...terms.flatMap(({ x, y, rotation, column }) => {
          const shift = rotation + blockRows * s
          return [
            tauPower(shift).mul(
              bit(x, y, s)
                .add(parity(x - 1, s))
                .mul(4 ** column),
            ),
            tauPower(shift + 1).mul(parity(x + 1, s).mul(4 ** column)),
          ]
        }),
      ]),
    )
  }
  const moved = five.reduceRight<Expression>((sum, row) => sum.mul(delta).add(movedTo(row)), b.constant(0))
  const keep = isBlockFirst.not()
  const theta = b.accumulate('KECCAK-THETA', { keep, term: moved })
  b.zero('KECCAK-MOVED', isBlockLast.mul(theta.next()))

  // Chi and iota: the next block's bits.
  for (const row of five) {
    for (const s of slots) {
      const after = b.sum(
        five.map((x) =>
          bit(x, row, s)
            .at(blockRows)
            .mul(2 ** x),
        ),
      )
      const constant = row > 0 ? b.constant(0) : s === 0 ? flags.constant0 : flags.constant1
      b.send(`KECCAK-CHI-${row}.${s}`, chiBus, [digitsOf(row, s), after.add(constant.mul(32))], continues)
    }
  }

  // Words of the first and the last state: bit i of each in row i.
  const tau = b.challenge('tau')
  const powers = [b.constant(1)]
  while (powers.length < stateWords) powers.push((powers.at(-1) ?? tau).mul(tau))
  const words = moves.flatMap(({ x, y }) => slots.map((s) => bit(x, y, s).mul(powers[stateWords - 1 - wordOf(x, y, s)] ?? 0)))
  const state = b.accumulate('KECCAK-WORDS', { keep, term: binaryWeight.mul(b.sum(words)) })
  b.send('KECCAK-SCHEDULE', scheduleBus, [round, slice, flagged], isReal)
  b.receive('KECCAK-STATE', stateBus, [timestamp, isOutput, state.next()], isBlockLast.mul(isInput.add(isOutput)))
})
