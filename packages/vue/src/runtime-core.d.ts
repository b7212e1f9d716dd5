export {};

declare module '@vue/runtime-core' {
  /** By error code. It is there, and left out of Vue's own types. */
  export const ErrorTypeStrings: Record<string, string>;
}
