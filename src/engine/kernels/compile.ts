/** A kernel as the build hands it to the page: base64. */
export function compileBase64(kernel: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile(Uint8Array.from(atob(kernel), (character) => character.charCodeAt(0)));
}
