import { PackError } from "../../domain/errors.ts";
import { considerAddress, considerPack, refuseCandidate } from "../../store/actions/models.ts";
import type { Studio } from "../../store/studio.ts";
import { packUrl } from "../../workers/pack/url-source.ts";

/** A folder that was chosen: the browser names each file by its path in it. */
export function takePackFolder(studio: Studio, files: readonly File[]): void {
  const paths = files.map((file) => [file.webkitRelativePath || file.name, file] as const);
  const folder = paths[0]?.[0].split("/")[0] ?? "folder";
  void considerPack(studio, { kind: "files", files: new Map(paths) }, `Folder ${folder}`);
}

export function takePackZip(studio: Studio, file: File): void {
  void considerPack(studio, { kind: "zip", zip: file }, file.name);
}

/** An address relative to the page, or on any site that lets this page read it. */
export function takePackAddress(studio: Studio, address: string): void {
  try {
    const { protocol, origin, href } = packUrl(address, document.baseURI);
    if (protocol !== "https:" && origin !== location.origin) {
      throw new PackError(
        "Only https addresses and this site’s own can be read",
        "Choose the pack’s folder or zip instead.",
      );
    }
    void considerAddress(studio, href);
  } catch (error) {
    refuseCandidate(studio, address, error);
  }
}
