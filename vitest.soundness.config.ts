import { defineConfig } from 'vitest/config'

/** The tests that try to cheat, without sampling: ten minutes or so. */
export default defineConfig({
  test: {
    name: 'soundness',
    pool: 'forks',
    include: ['zkvm/{air,stark,tables,testing}/**/*.test.ts', 'guest/test/proofs.test.ts'],
    env: { ZKVM_SOUNDNESS: 'full' },
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
  },
})
