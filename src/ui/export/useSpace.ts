import { useEffect, useMemo, useState } from "react";
import type { SpaceOfForecast } from "../../domain/space-field.ts";
import { liftFutures } from "../../store/actions/relief.ts";
import type { Slot } from "../../store/document.ts";
import { spaceOf } from "../../store/spaceOf.ts";
import { selectDocument, selectGeometry, useStudio, useStudioObject } from "../../store/studio.ts";
import { coloursAt } from "../../viewport/field/colours.ts";

/**
 * The forecast in space with the colours of its picture, while `wanted`; futures are lifted for it. Null
 * where no relief was looked for yet.
 */
export function useSpace(wanted: boolean, slots: readonly Slot[]): SpaceOfForecast | null {
  const studio = useStudioObject();
  const relief = useStudio((s) => s.relief);
  const lifted = useStudio((s) => s.rigidityPx);
  const clipId = useStudio((s) => selectDocument(s).clipId);
  const nowIndex = useStudio((s) => selectDocument(s).origin?.nowIndex ?? 0);
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: futures that came are lifted after a new relief
  useEffect(() => {
    if (wanted) void liftFutures(studio);
  }, [studio, wanted, relief]);
  useEffect(() => {
    let stale = false;
    if (!wanted) return;
    studio.frames
      .of(clipId)
      ?.bitmap(nowIndex)
      .then(
        (frame) => !stale && setPicture(frame),
        // Without the picture the points are grey.
        () => undefined,
      );
    return () => {
      stale = true;
    };
  }, [studio, wanted, clipId, nowIndex]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the arrays lie beside the store and come with these
  return useMemo(() => {
    const space = wanted ? spaceOf(studio, slots) : null;
    if (!space || !picture) return space;
    const { width, height } = selectGeometry(studio.state);
    return { ...space, rgbN3: coloursAt(picture, space.queryXyN2, { width, height }) };
  }, [studio, wanted, relief, lifted, picture]);
}
