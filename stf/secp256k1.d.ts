declare module 'secp256k1' {
  /** Recovers the public key: 65 bytes uncompressed, 33 compressed. Throws when the signature is invalid. */
  export function ecdsaRecover(
    signature: Uint8Array,
    recoveryId: number,
    message: Uint8Array,
    compressed: boolean,
    output?: Uint8Array,
  ): Uint8Array
}
