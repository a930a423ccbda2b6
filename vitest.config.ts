import { defineConfig } from 'vitest/config'

const ours = ['node_modules/**', 'artifacts/**', 'cache/**', 'test/compat/*/project/**']

/** Devnets of tests that say nothing else: the flow is the same, and nobody waits for proofs. */
const env = { ZKDEVNET_PROOFS: 'attested' }

export default defineConfig({
  test: {
    pool: 'forks',
    reporters: ['default', './test/testing/count-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{core,database,stf,sequencer,prover,contracts,l1,rpc,cli,zkvm,guest,sdk}/**/*.test.ts'],
          exclude: ours,
          env,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
          testTimeout: 60_000,
        },
      },
      {
        // Whole devnets with child processes: one file at a time, or two cores starve them.
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts'],
          exclude: ours,
          env,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
