#ifndef KERNELS_BASE_H
#define KERNELS_BASE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Arrays hold canonical elements (below the prime) as 64-bit words. An array of the extension is three arrays of the base field,
 * each `stride` elements after the one before.
 *
 * kernels.c includes all of it: one translation unit for WebAssembly, and one for each kind of processor of the native addon.
 */

#ifdef __wasm__
#define EXPORT __attribute__((visibility("default"), used))
#else
#define EXPORT static
#endif

#define ALWAYS_INLINE static inline __attribute__((always_inline))

#endif
