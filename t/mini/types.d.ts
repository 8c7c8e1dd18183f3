/// <reference types="./node_modules/miniprogram-api-typings" />

/* Both exist in a mini program; the typings leave them to the platform. */
declare const console: { error(...words: unknown[]): void };
declare function setTimeout(work: () => void, ms?: number): number;
declare function clearTimeout(timer: number): void;
