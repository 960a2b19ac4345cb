import { selectDocument } from "../../../store/studio.ts";
import { stageHandle } from "../../stage/stageHandle.ts";
import { clipStem, saveBlob } from "../save.ts";
import type { PictureTarget } from "./picture.ts";

export const viewPng: PictureTarget = {
  name: "view-png",
  label: "This view",
  description: "The stage as it looks now. PNG.",
  async save(studio) {
    const canvas = await stageHandle().drawFrame(studio.playhead.get());
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!blob) throw new Error("the browser made no picture");
    saveBlob(blob, `${clipStem(selectDocument(studio.state).origin)}-view.png`);
  },
};
