import { describe, expect, it } from 'vitest'
import { textBase } from '../isa/testing/make-elf.ts'
import { realFlags } from './dont-care.ts'
import { type Forgery, first, halt, noticed, setPublic } from './forgery.ts'

const controlFlow: readonly Forgery[] = [
  ['pc is forged', (run) => run.add('cpu', 'pc', 20, 4), { tags: ['CPU-NEXT'], buses: ['program'] }],
  [
    'another instruction is executed',
    (run) => run.add('cpu', 'immediate', first(run.executions('xori')), 1),
    { tags: [], buses: ['alu', 'program'] },
  ],
  ['the entry is another', (run) => setPublic(run, 0, BigInt(textBase + 4)), { tags: [], buses: ['pc'] }],
  ['it begins at another instruction', (run) => run.add('cpu', 'pc', 0, 4), { tags: ['CPU-NEXT'], buses: ['pc', 'program'] }],
  ['the exit code is another', (run) => setPublic(run, 1, 8n), { tags: [], buses: ['public'] }],
  [
    'the halt returns another exit code',
    (run) => {
      run.add('cpu', 'rs2.value', halt, 1).add('cpu', 'rd.value', halt, 1)
      setPublic(run, 1, 8n)
    },
    { tags: [], buses: ['memory'] },
  ],
  ['the halt is skipped', (run) => run.set('cpu', 'isHalt', halt, 0), { tags: ['CPU-ENDS'], buses: ['public', 'system'] }],
  [
    'another call halts, too',
    (run) => run.set('cpu', 'isHalt', first(run.executions('ecall')), 1),
    { tags: ['CPU-ENDS', 'CPU-HALT-NUMBER'], buses: ['public', 'system'] },
  ],
  [
    'the run is cut at a call that does not halt',
    (run) => {
      const call = first(run.executions('ecall'))
      run.set('cpu', 'isHalt', call, 1)
      for (let row = call + 1; row <= halt; row++) for (const flag of [...(realFlags.cpu ?? []), 'isHalt']) run.set('cpu', flag, row, 0)
    },
    { tags: ['CPU-HALT-NUMBER'], buses: ['load-store', 'memory', 'public', 'system'] },
  ],
  [
    'an instruction follows the halt',
    (run) =>
      run.assign('cpu', halt + 1, {
        ...run.row('cpu', 10),
        pc: run.get('cpu', 'pc', halt + 1),
        timestamp: run.get('cpu', 'timestamp', halt + 1),
      }),
    { tags: ['CPU-ENDS'], buses: ['byte-pair', 'memory', 'program'] },
  ],
  [
    'the last row of the table is an instruction',
    (run) => run.set('cpu', 'is_add', run.height('cpu') - 1, 1),
    { tags: ['CPU-ENDS', 'CPU-HALT-LAST'], buses: ['byte-pair', 'memory', 'program'] },
  ],
  [
    'there is no instruction at all',
    (run) => {
      for (let row = 0; row <= halt; row++) for (const flag of [...(realFlags.cpu ?? []), 'isHalt']) run.set('cpu', flag, row, 0)
    },
    { tags: ['CPU-FIRST', 'CPU-TAKEN-ONLY', 'CPU-NEXT'], buses: ['alu', 'load-store', 'memory', 'public', 'system'] },
  ],
  [
    'an instruction has two classes',
    (run) => run.set('cpu', 'is_ecall', first(run.executions('xor')), 1),
    { tags: ['CPU-ONE-CLASS', 'CPU-ENDS'], buses: ['memory', 'program', 'system'] },
  ],
  [
    'a jump goes on behind it',
    (run) => run.set('cpu', 'isTaken', first(run.executions('jal')), 0),
    { tags: ['CPU-TAKEN-JAL', 'CPU-NEXT'], buses: [] },
  ],
  [
    'an addition jumps',
    (run) => run.set('cpu', 'isTaken', first(run.executions('lui')), 1),
    { tags: ['CPU-TAKEN-ONLY', 'CPU-NEXT'], buses: [] },
  ],
  ['jalr keeps an odd bit', (run) => run.set('cpu', 'isOdd', first(run.executions('jalr')), 0), { tags: ['CPU-NEXT'], buses: [] }],
  ['jalr clears a bit that is 0', (run) => run.set('cpu', 'isOdd', run.executions('jalr')[1] ?? 0, 1), { tags: ['CPU-NEXT'], buses: [] }],
  ['an addition has no carry', (run) => run.set('cpu', 'carry', first(run.rowsWhere('cpu', 'carry')), 0), { tags: ['CPU-ADD'], buses: [] }],
  [
    'a sum is not reduced',
    (run) => {
      const row = first(run.rowsWhere('cpu', 'carry'))
      run
        .set('cpu', 'carry', row, 0)
        .add('cpu', 'sum', row, 2n ** 32n)
        .add('cpu', 'rd.value', row, 2n ** 32n)
    },
    { tags: [], buses: ['half', 'memory'] },
  ],
  [
    'time begins later',
    (run) => run.add('cpu', 'timestamp', 0, 4),
    { tags: ['CPU-TIME-START', 'CPU-TIME'], buses: ['byte-pair', 'memory'] },
  ],
  ['time stands still', (run) => run.add('cpu', 'timestamp', 5, -4), { tags: ['CPU-TIME'], buses: ['byte-pair', 'memory'] }],
]

describe('a forgery of the order of execution is refused where', () => {
  it.each(controlFlow)('%s', (_name, forge, expected) => {
    expect(noticed(forge)).toEqual(expected)
  })
})
