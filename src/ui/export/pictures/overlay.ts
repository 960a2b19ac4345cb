import { selectDocument } from "../../../store/studio.ts";
import { stageHandle } from "../../stage/stageHandle.ts";
import { clipStem, saveBlob } from "../save.ts";
import type { PictureTarget } from "./picture.ts";

export const overlayVideo: PictureTarget = {
  name: "overlay-video",
  label: "Overlay video",
  description:
    "The clip with past and futures drawn over it. MP4, or WebM where MP4 cannot be made.",
  note: "Drawn as the stage shows it, over the loop range where one is marked, else the whole timeline.",
  slow: true,
  async save(studio, _choice, signal, onProgress) {
    const { recordOverlay } = await import("../overlayVideo.ts");
    const { blob, extension } = await recordOverlay(studio, stageHandle(), signal, onProgress);
    saveBlob(blob, `${clipStem(selectDocument(studio.state).origin)}-overlay.${extension}`);
  },
};
