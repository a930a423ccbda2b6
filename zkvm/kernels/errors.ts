import { DevnetError } from '../../core/index.ts'

/** The kernels that were asked for do not run on this computer. */
export class KernelsUnavailableError extends DevnetError {
  override name = 'KernelsUnavailableError'
  constructor({ kind, available }: { readonly kind: string; readonly available: readonly string[] }, cause?: Error) {
    super(`The kernels ${kind} cannot run here; ${available.join(', ')} can.`, {
      code: 'KERNELS_UNAVAILABLE',
      exitCode: 2,
      metaMessages: [
        'Leave ZKDEVNET_KERNELS unset to take the fastest that can.',
        'Native kernels for other systems than Linux on x64 are built by `node scripts/install-native.mjs`, with clang.',
      ],
      ...(cause === undefined ? {} : { cause }),
    })
  }
}
