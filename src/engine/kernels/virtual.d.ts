/** Compiled kernels, base64: made by `build.ts`. */
declare module "virtual:tracking-kernel" {
  const base64: string;
  export default base64;
}

declare module "virtual:picture-kernel" {
  const base64: string;
  export default base64;
}
