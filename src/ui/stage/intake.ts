import { MediaError } from "../../domain/errors.ts";
import { looksLikeTracks, SNIFF_BYTES } from "../../formats/import/common/sniff.ts";
import { openClip } from "../../store/actions/clip.ts";
import { bringEdits } from "../../store/actions/edit-files.ts";
import { showError } from "../../store/actions/notices.ts";
import { restoreForecast } from "../../store/actions/restore.ts";
import type { Studio } from "../../store/studio.ts";
import { offerTracks } from "../import/offer.ts";

export const OPEN_INPUT_ID = "open-clip";

/** Our own document names itself first. */
const OWN_DOCUMENT = /^\uFEFF?\s*\{\s*"schema"\s*:\s*"foretrack-forecast"/;
const OWN_EDITS = /^\uFEFF?\s*\{\s*"schema"\s*:\s*"foretrack-edits"/;

/**
 * Opens whatever the user brought: a clip, a photo, a forecast of ours, or tracks of another tool. Of
 * several files the first decides; the others matter to tracks alone.
 */
export async function takeFiles(studio: Studio, files: readonly File[]): Promise<void> {
  const [file] = files;
  if (!file) return;
  try {
    const head = new Uint8Array(await file.slice(0, SNIFF_BYTES).arrayBuffer());
    const text = new TextDecoder().decode(head);
    if (!looksLikeTracks(head, file.name)) await openClip(studio, file);
    else if (OWN_DOCUMENT.test(text)) await restoreForecast(studio, file);
    else if (OWN_EDITS.test(text)) await bringEdits(studio, file);
    else await offerTracks(studio, files);
  } catch (error) {
    showError(studio, error);
  }
}

/** Fetches a clip from an address; only sites that allow it (CORS) can be read. */
export async function takeUrl(studio: Studio, address: string): Promise<void> {
  try {
    await takeFiles(studio, [await fetchFile(address)]);
  } catch (error) {
    showError(studio, error);
  }
}

async function fetchFile(address: string): Promise<File> {
  const url = new URL(address, location.href);
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new MediaError(
      `${url.host} did not let this page read the clip`,
      "Download the clip and drop the file here instead.",
      { cause },
    );
  }
  if (!response.ok) {
    throw new MediaError(
      `${url.host} answered ${response.status} ${response.statusText}`,
      "Check the address, or download the clip and drop the file here.",
    );
  }
  const blob = await response.blob();
  const name = decodeURIComponent(url.pathname.split("/").pop() || "clip");
  return new File([blob], name, { type: blob.type });
}

/** A file, else an address, else nothing, from a drop or a paste. */
export function takeTransfer(studio: Studio, data: DataTransfer | null): boolean {
  if (data && data.files.length > 0) {
    void takeFiles(studio, [...data.files]);
    return true;
  }
  const text = (data?.getData("text/uri-list") || data?.getData("text/plain") || "").trim();
  if (!/^https?:\/\/\S+$/.test(text)) return false;
  void takeUrl(studio, text);
  return true;
}
