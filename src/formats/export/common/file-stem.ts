/** What names of saved files begin with: the clip's name without its ending, safe in paths, shells and addresses. */
export function fileStem(clipName: string): string {
  const stem = clipName.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}_-]+/gu, "-");
  return stem.replace(/^-+|-+$/g, "").slice(0, 80) || "clip";
}
