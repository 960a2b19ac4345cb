import { MediaError } from "../../domain/errors.ts";
import { openClip } from "../../store/actions/clip.ts";
import { showError } from "../../store/actions/notices.ts";
import { restoreForecast } from "../../store/actions/restore.ts";

export const OPEN_INPUT_ID = "open-clip";

/** Opens whatever the user brought: a clip, a photo, or a forecast that was exported before. */
export async function takeFile(file: File): Promise<void> {
  const isDocument = file.type === "application/json" || /\.json$/i.test(file.name);
  await (isDocument ? restoreForecast(file) : openClip(file));
}

/** Fetches a clip from an address; only sites that allow it (CORS) can be read. */
export async function takeUrl(address: string): Promise<void> {
  try {
    await takeFile(await fetchFile(address));
  } catch (error) {
    showError(error);
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
export function takeTransfer(data: DataTransfer | null): boolean {
  const file = data?.files[0];
  if (file) {
    void takeFile(file);
    return true;
  }
  const text = (data?.getData("text/uri-list") || data?.getData("text/plain") || "").trim();
  if (!/^https?:\/\/\S+$/.test(text)) return false;
  void takeUrl(text);
  return true;
}
