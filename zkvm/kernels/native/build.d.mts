/** What is committed for Linux on x64. */
export const prebuilt: string
/** Where this computer's own build of these sources is. */
export function localBuild(): string
/** Compiles the native addon for this computer; returns the file's bytes. Throws where that cannot be done. */
export function buildAddon(): Buffer
