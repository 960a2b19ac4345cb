import { ForetrackError, isCancelled } from "../domain/errors.ts";

/** A failure in words for whoever called a command: what happened, and on the next line what to do. */
export function explain(error: unknown): string {
  if (isCancelled(error)) return "Cancelled.";
  if (error instanceof ForetrackError) return `${error.message}\n${error.remedy}`;
  if (!(error instanceof Error)) return String(error);
  if ("code" in error) return ofTheSystem(error) ?? error.message;
  // A fault of ours is told with the place where it happened.
  const isOurs = error instanceof TypeError || error instanceof RangeError;
  return isOurs ? (error.stack ?? error.message) : error.message;
}

/** What the file system refuses; null for anything else. */
function ofTheSystem(error: Error & { readonly code?: unknown; readonly path?: string }) {
  const path = error.path ?? "A file";
  switch (error.code) {
    case "ENOENT":
      return `There is no ${error.path ?? "such file"}.\nCheck the path.`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `${path} may not be read or written.\nChoose another place, or change its rights.`;
    case "ENOTDIR":
    case "EEXIST":
      return `${path} cannot be a folder: a file is in its way.\nChoose another folder.`;
    case "EISDIR":
      return `${path} is a folder, not a file.\nName a file in it.`;
    case "ENOSPC":
      return `There is no room on the disk for ${path}.\nMake room, then run it again.`;
    default:
      return null;
  }
}
