import { checkedSize, WORKING_SIZE } from "../../../formats/export/common/place.ts";
import { selectDocument } from "../../../store/studio.ts";
import { sizeOf } from "../choice.ts";
import { framePng } from "../framePng.ts";
import { clipStem, saveBytes } from "../save.ts";
import type { PictureTarget } from "./picture.ts";

export const nowPng: PictureTarget = {
  name: "now-png",
  label: "“Now” frame",
  description: "The picture a generator starts from, cropped and sized like the tracks. PNG.",
  sized: true,
  async save(studio, choice, signal) {
    const { origin, clipId } = selectDocument(studio.state);
    const size = checkedSize(sizeOf(choice) ?? WORKING_SIZE);
    const png = await framePng(studio, clipId, origin?.nowIndex ?? 0, size, { signal });
    saveBytes(png, `${clipStem(origin)}-now.png`, "image/png");
  },
};
