import { maskPng } from "../../../formats/export/common/mask-png.ts";
import { checkedSize, WORKING_SIZE } from "../../../formats/export/common/place.ts";
import { pickedMask } from "../../../store/actions/picked-mask.ts";
import { selectDocument } from "../../../store/studio.ts";
import { sizeOf } from "../choice.ts";
import { clipStem, saveBytes } from "../save.ts";
import type { PictureTarget } from "./picture.ts";

export const maskTarget: PictureTarget = {
  name: "mask-png",
  label: "Mask of what moves together",
  description:
    "White where the picture moves as the picked points do, black elsewhere, cropped and sized like the tracks. PNG.",
  note: "Futures of one picture give it on their finest cells, once “Show what can happen” has looked at it.",
  sized: true,
  async save(studio, choice) {
    const size = checkedSize(sizeOf(choice) ?? WORKING_SIZE);
    const { insideM, grid } = pickedMask(studio);
    const stem = clipStem(selectDocument(studio.state).origin);
    saveBytes(maskPng(insideM, grid, size), `${stem}-mask.png`, "image/png");
  },
};
