import type { Expression } from '../../air/expression.ts'
import { defineTable } from '../../air/table.ts'
import { aluBus, bytePairBus, halfBus, loadStoreBus, memoryBus, pcBus, programBus, publicBus, space, systemBus } from '../buses.ts'
import { highPart } from '../limbs.ts'
import { instructionClasses } from '../program/instruction.ts'
import { publicKind } from '../public-values.ts'
import { haltNumber, startTimestamp, timestampsPerCycle } from '../time.ts'

const wordSize = 1n << 32n

/**
 * A row is an executed instruction, in order; after the last one of the segment there are only empty rows. A segment that does not end with the halt says
 * in the first of them where the next one goes on.
 */
export const cpuTable = defineTable('cpu', (b) => {
  const pc = b.main('pc')
  const timestamp = b.main('timestamp')
  const classes = Object.fromEntries(instructionClasses.map((name) => [name, b.main(`is_${name}`)])) as Record<
    (typeof instructionClasses)[number],
    Expression
  >
  const isHalt = b.main('isHalt')
  const isExit = b.main('isExit')
  const operation = b.main('operation')
  const immediate = b.main('immediate')
  const target = b.main('target')
  /** The accesses to rs1, rs2 and rd: register, value, when it was accessed before, low half of the time since. */
  const [rs1, rs2, rd] = ['rs1', 'rs2', 'rd'].map((name) => ({
    register: b.main(`${name}.register`),
    value: b.main(`${name}.value`),
    previous: b.main(`${name}.previous`),
    since: b.main(`${name}.since`),
  })) as [Access, Access, Access]
  const replaced = b.main('rd.replaced')
  const sum = b.main('sum')
  const sumLow = b.main('sumLow')
  const carry = b.main('carry')
  const isTaken = b.main('isTaken')
  const isOdd = b.main('isOdd')

  const all = instructionClasses.map((name) => classes[name])
  const isReal = b.sum(all)
  const nextIsReal = b.sum(all.map((flag) => flag.next()))
  for (const name of instructionClasses) b.bool(`CPU-CLASS-${name}`, classes[name])
  b.bool('CPU-ONE-CLASS', isReal)

  // Time and order. After the last real row, which either halts or is followed by the exit, there is no other; so one of both there is, and once.
  b.bool('CPU-HALT-BOOL', isHalt)
  b.zero('CPU-HALT-ECALL', isHalt.mul(classes.ecall.not()))
  b.when(b.isFirst).equal('CPU-FIRST', isReal, 1)
  b.bool('CPU-EXIT-BOOL', isExit)
  b.zero('CPU-EXIT-IDLE', isExit.mul(isReal))
  b.when(b.isTransition).zero('CPU-ENDS', isReal.sub(nextIsReal).sub(isHalt).sub(isExit.next()))
  b.when(b.isLast).zero('CPU-HALT-LAST', isReal.sub(isHalt))
  b.when(b.isFirst).equal('CPU-TIME-START', timestamp, startTimestamp)
  b.when(b.isTransition).equal('CPU-TIME', timestamp.next(), timestamp.add(timestampsPerCycle))
  b.when(isHalt).equal('CPU-HALT-NUMBER', rs1.value, haltNumber)
  b.receive('CPU-BEGINS', pcBus, [b.segmentIndex, pc], b.isFirst)
  b.send('CPU-GOES-ON', pcBus, [b.segmentIndex.add(1), pc], isExit)
  b.receive('CPU-EXIT', publicBus, [publicKind.exitCode, 0, rs2.value], isHalt)

  const packed = b.sum(instructionClasses.map((name, index) => classes[name].mul(1n << BigInt(index))))
  b.send('CPU-PROGRAM', programBus, [pc, packed, operation, rd.register, rs1.register, rs2.register, immediate, target], isReal)

  // Registers: a read sends on what it received.
  const accesses = [
    { tag: 'RS1', access: rs1, before: rs1.value, at: timestamp },
    { tag: 'RS2', access: rs2, before: rs2.value, at: timestamp.add(1) },
    { tag: 'RD', access: rd, before: replaced, at: timestamp.add(3) },
  ]
  const highsOfSince = accesses.map(({ tag, access, before, at }) => {
    b.receive(`CPU-${tag}-BEFORE`, memoryBus, [space.register, access.register, before, access.previous], isReal)
    b.send(`CPU-${tag}-AFTER`, memoryBus, [space.register, access.register, access.value, at], isReal)
    b.send(`CPU-${tag}-SINCE`, halfBus, [access.since], isReal)
    return highPart(at.sub(access.previous).sub(1), access.since)
  })
  const [since1 = b.constant(0), since2 = b.constant(0), since3 = b.constant(0)] = highsOfSince
  b.send('CPU-SINCE-HIGH-12', bytePairBus, [since1, since2], isReal)
  b.send('CPU-SINCE-HIGH-3', bytePairBus, [since3, 0], isReal)

  // The sum modulo 2^32: of add and jal with the second operand, of an address with the offset; of sub it is what b must be added to.
  b.bool('CPU-CARRY', carry)
  const reduced = sum.add(carry.mul(wordSize))
  b.when(classes.add.add(classes.jal)).equal('CPU-ADD', rs1.value.add(rs2.value).add(immediate), reduced)
  b.when(classes.sub).equal('CPU-SUB', sum.add(rs2.value), rs1.value.add(carry.mul(wordSize)))
  b.when(classes.loadStore.add(classes.jalr)).equal('CPU-ADDRESS', rs1.value.add(immediate), reduced)
  b.send('CPU-SUM-LOW', halfBus, [sumLow], isReal)
  b.send('CPU-SUM-HIGH', halfBus, [highPart(sum, sumLow)], isReal)

  // What is written to rd: the results of the other classes come over buses.
  b.when(classes.add.add(classes.sub).add(classes.jal)).equal('CPU-WRITE-SUM', rd.value, sum)
  b.when(classes.jalr).equal('CPU-WRITE-LINK', rd.value, target)
  b.when(classes.branch).zero('CPU-WRITE-NOTHING', rd.value)
  const second = rs2.value.add(immediate)
  b.send('CPU-ALU', aluBus, [operation, rs1.value, second, rd.value.add(isTaken)], classes.alu.add(classes.branch))
  b.send('CPU-LOAD-STORE', loadStoreBus, [operation, sum, rs2.value, rd.value, timestamp.add(2)], classes.loadStore)
  b.send('CPU-SYSTEM', systemBus, [rs1.value, rs2.value, rd.value, timestamp], classes.ecall.sub(isHalt))
  b.when(isHalt).equal('CPU-HALT-KEEPS', rd.value, rs2.value)

  // Where it goes on. `jalr` clears the lowest bit; that what remains is an instruction's address is for the program table to see.
  b.bool('CPU-TAKEN', isTaken)
  b.bool('CPU-ODD', isOdd)
  b.when(classes.jal).equal('CPU-TAKEN-JAL', isTaken, 1)
  b.zero('CPU-TAKEN-ONLY', isTaken.mul(classes.branch.add(classes.jal).not()))
  const following = pc.add(4)
  const next = following.add(isTaken.mul(target.sub(following))).add(classes.jalr.mul(sum.sub(isOdd).sub(following)))
  b.when(b.isTransition).equal('CPU-NEXT', pc.next(), next)
})

interface Access {
  readonly register: Expression
  readonly value: Expression
  readonly previous: Expression
  readonly since: Expression
}
