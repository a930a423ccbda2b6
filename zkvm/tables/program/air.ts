import { defineTable } from '../../air/table.ts'
import { programBus } from '../buses.ts'

/** The program's instructions, and how often each was executed. Rows past the last one have class 0, which no executed instruction has. */
export const programTable = defineTable('program', (b) => {
  const names = ['pc', 'class', 'operation', 'rd', 'rs1', 'rs2', 'immediate', 'target']
  const tuple = names.map((name) => b.fixed(name))
  b.receive('PROGRAM-RAN', programBus, tuple, b.main('count'))
})
