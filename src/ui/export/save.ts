import { fileStem } from "../../formats/export/common/file-stem.ts";

/** Hands bytes to the browser's own download. */
export function saveBlob(blob: Blob, fileName: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  link.click();
  // The download has its own reference by then; a minute is far more than it needs to take it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function saveBytes(bytes: Uint8Array, fileName: string, mediaType: string): void {
  saveBlob(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: mediaType }), fileName);
}

/** What files that are saved of the clip are named by. */
export function clipStem(origin: { readonly clip: { readonly name: string } } | null): string {
  return fileStem(origin?.clip.name ?? "");
}
