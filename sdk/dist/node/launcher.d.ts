/** The `zkdevnet` command of the package that this file belongs to. It finds a Node that is new enough by itself. */
export declare function launcherPath(): string;
