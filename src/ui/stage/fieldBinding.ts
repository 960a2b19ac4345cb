import type { Size } from "../../domain/clip.ts";
import { futureStyle } from "../../domain/future-style.ts";
import { liftFutures, reliefHistoryId } from "../../store/actions/relief.ts";
import { visibleSlots } from "../../store/document.ts";
import {
  type Studio,
  type StudioState,
  selectDocument,
  selectGeometry,
} from "../../store/studio.ts";
import type { FieldView } from "../../viewport/field/field-view.ts";
import type { FieldFuture, FieldScene } from "../../viewport/field/scene.ts";

/** Feeds the space view from the store and the playhead. Returns what unbinds it. */
export function bindField(studio: Studio, view: FieldView): () => void {
  let picture: ImageBitmap | null = null;
  let pictureOf = "";
  let isBound = true;

  const nowIndex = () => {
    const { origin, nowIndex: now } = selectDocument(studio.state);
    return origin?.nowIndex ?? now;
  };
  const loadPicture = async () => {
    const { clipId } = selectDocument(studio.state);
    const key = `${clipId}@${nowIndex()}`;
    if (key === pictureOf) return;
    pictureOf = key;
    const own = (await studio.frames.of(clipId)?.bitmap(nowIndex())) ?? null;
    if (!isBound || key !== pictureOf) return own?.close();
    picture?.close();
    picture = own;
    view.setScene(fieldScene(studio, picture));
  };
  const showOptions = ({ spaceColour, spaceShown, frozenAt }: StudioState) =>
    view.setOptions({
      colour: spaceColour,
      shown: spaceShown,
      frozenAt: frozenAt === null ? null : frozenAt - nowIndex(),
    });
  const onPlayhead = (frame: number) => view.setFrame(frame - nowIndex());

  const apply = (state: StudioState, before: StudioState | null) => {
    const isNew =
      state.relief !== before?.relief ||
      state.rigidityPx !== before.rigidityPx ||
      state.history !== before.history;
    if (state.relief !== before?.relief) view.lookFromAside();
    if (isNew) {
      view.setScene(fieldScene(studio, picture));
      void loadPicture();
      void liftFutures(studio);
    }
    showOptions(state);
    onPlayhead(studio.playhead.get());
  };
  apply(studio.state, null);
  const stops = [studio.store.subscribe(apply), studio.playhead.subscribe(onPlayhead)];
  return () => {
    isBound = false;
    for (const stop of stops) stop();
    picture?.close();
  };
}

/** What the view draws; null while no depth is known of the history on screen. */
function fieldScene(studio: Studio, picture: ImageBitmap | null): FieldScene | null {
  const { relief: summary } = studio.state;
  const known = summary && studio.bulk.fields.get(summary.id);
  if (!summary || !known?.relief || !known.curves) return null;
  if (summary.id !== reliefHistoryId(studio)) return null;
  const { width, height }: Size = selectGeometry(studio.state);
  const futures = visibleSlots(selectDocument(studio.state)).flatMap(
    ({ id, futureId }): FieldFuture[] => {
      const lifted = futureId ? studio.bulk.lifted.get(futureId) : undefined;
      return lifted ? [{ rgb: futureStyle(id - 1).rgb, ...lifted }] : [];
    },
  );
  return {
    size: { width, height },
    field: known.field,
    relief: known.relief,
    curves: known.curves,
    queryXyN2: known.queryXyN2,
    picture,
    futures,
    ...(known.cloud ? { cloud: known.cloud } : {}),
  };
}
