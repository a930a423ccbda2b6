declare module 'secp256k1' {
  /** 65 bytes uncompressed, 33 compressed. */
  export function publicKeyCreate(privateKey: Uint8Array, compressed: boolean): Uint8Array
  /** The sum of points. */
  export function publicKeyCombine(publicKeys: readonly Uint8Array[], compressed: boolean): Uint8Array
  /** The point times a scalar. */
  export function publicKeyTweakMul(publicKey: Uint8Array, tweak: Uint8Array, compressed: boolean): Uint8Array
}
