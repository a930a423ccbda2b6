/** Whether there is time for everything: `npm run test:soundness`. Otherwise tests take samples. */
export const isThorough = process.env.ZKVM_SOUNDNESS === 'full'
