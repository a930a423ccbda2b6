// The CLI, but the process dies by SIGKILL when the pipeline passes a stage: KILL_AT=<stage>, for the KILL_AFTER-th time (default 1).
import { createProgram } from '../../cli/program.ts'

const killAt = process.env.KILL_AT
let remaining = Number(process.env.KILL_AFTER ?? '1')

await createProgram({
  faults(stage) {
    if (stage !== killAt || --remaining > 0) return
    process.kill(process.pid, 'SIGKILL')
  },
}).parseAsync(process.argv)
