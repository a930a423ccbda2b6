/** What is committed for Linux on x64. */
export declare const prebuilt: string
/** Where this computer's own build of these sources is. */
export declare function localBuild(): string
/** Compiles the native addon for this computer; returns the file's bytes. Throws where that cannot be done. */
export declare function buildAddon(): Buffer
