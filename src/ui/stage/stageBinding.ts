import type { FrameCache } from "../../store/frames.ts";
import { type Studio, type StudioState, selectDocument } from "../../store/studio.ts";
import type { Viewport } from "../../viewport/viewport.ts";
import { sameDerived } from "./derivedTracks.ts";
import { DrawingPace } from "./drawingPace.ts";
import { bindPreview, type Previewed } from "./previewBinding.ts";
import { sceneData, sceneOptions } from "./sceneData.ts";
import type { StageHandle } from "./stageHandle.ts";
import { drawNamed, tileNames } from "./tileNames.ts";

/** More pixels than this a CSS pixel cost time and show nothing. */
const MAX_PIXEL_RATIO = 2;

/** Whether the stage shows anything of what changed. */
function isDrawn(state: StudioState, before: StudioState): boolean {
  return (
    state.history !== before.history ||
    state.view !== before.view ||
    state.clips !== before.clips ||
    state.live !== before.live ||
    state.exploration !== before.exploration ||
    state.truthRevision !== before.truthRevision
  );
}

function isSampling({ pending }: StudioState): boolean {
  return Object.keys(pending).length > 0;
}

/** Whether a future that was waited for came, and more are to come. */
function isArrival(state: StudioState, before: StudioState): boolean {
  const [document, old] = [selectDocument(state), selectDocument(before)];
  return (
    Object.keys(state.pending).length > 1 &&
    document.slots !== old.slots &&
    document.edits === old.edits &&
    document.soloId === old.soloId &&
    state.view === before.view &&
    state.live === before.live
  );
}

/** Feeds the viewport from the store, the playhead and the frame cache. */
export function bindStage(
  studio: Studio,
  viewport: Viewport,
  host: HTMLElement,
  onLayout: () => void,
) {
  let cache: FrameCache | null = null;
  let stopFrames: (() => void) | undefined;
  /** While an export draws other frames, the playhead must not interfere. */
  let borrowed = false;
  let preview: Previewed | null = null;

  const pictureIndex = (frame: number): number => {
    const state = studio.state;
    const { origin, nowIndex } = selectDocument(state);
    const last = (cache?.clip.info.frameCount ?? 1) - 1;
    const now = origin?.nowIndex ?? nowIndex;
    return Math.min(last, state.view.backdrop === "now" ? Math.min(frame, now) : frame);
  };

  const showPicture = () => {
    if (borrowed) return;
    const index = pictureIndex(studio.playhead.get());
    const picture = cache?.get(index) ?? null;
    if (picture || !cache) viewport.setFrameImage(picture);
    if (picture) host.dataset.picture = String(index);
  };

  const onPlayhead = (frame: number) => {
    if (borrowed) return;
    viewport.setPlayhead(frame);
    showPicture();
  };

  const applyClip = () => {
    const next = studio.frames.of(selectDocument(studio.state).clipId);
    if (next === cache) return;
    stopFrames?.();
    cache = next;
    viewport.setFrameImage(null);
    // Which frame is on stage, for whoever watches the page from outside.
    delete host.dataset.picture;
    stopFrames = cache?.onFrame((index) => {
      if (index === pictureIndex(studio.playhead.get())) showPicture();
    });
  };

  const apply = (state: StudioState, before: StudioState | null) => {
    const document = selectDocument(state);
    const old = before ? selectDocument(before) : null;
    const { view } = state;
    applyClip();
    const sameData =
      old !== null &&
      old.origin === document.origin &&
      old.slots === document.slots &&
      (old.soloId === document.soloId || view.camera === "sampled") &&
      before?.view.camera === view.camera &&
      sameDerived(before.view.layers, view.layers) &&
      before.view.layers.finer === view.layers.finer &&
      (!view.layers.finer ||
        (old.soloId === document.soloId && before.exploration === state.exploration)) &&
      before.live === state.live &&
      before.truthRevision === state.truthRevision;
    if (!sameData) viewport.setData(sceneData(studio, document, view, preview));
    if (before?.view !== view || old !== document || before?.live !== state.live) {
      viewport.setOptions(sceneOptions(studio, document, view, preview));
      onLayout();
    }
    onPlayhead(studio.playhead.get());
  };

  const observer = new ResizeObserver(() => {
    const ratio = Math.min(MAX_PIXEL_RATIO, window.devicePixelRatio);
    viewport.resize(host.clientWidth, host.clientHeight, ratio);
    viewport.render();
    onLayout();
  });
  observer.observe(host);
  apply(studio.state, null);
  const pace = new DrawingPace();
  /** As of when the stage is, where a change waits to be drawn. */
  let drawnState: StudioState | null = null;
  const catchUp = () => {
    const before = drawnState;
    drawnState = null;
    if (before) apply(studio.state, before);
  };
  const stops = [
    studio.store.subscribe((state, before) => {
      const isShown = isDrawn(state, before);
      if (isShown) drawnState ??= before;
      if (!drawnState) return;
      if (isArrival(state, before)) pace.soon(catchUp);
      else if (isShown || !isSampling(state)) pace.now(catchUp);
    }),
    studio.playhead.subscribe(onPlayhead),
    bindPreview(studio, (next) => {
      preview = next;
      const { view } = studio.state;
      const document = selectDocument(studio.state);
      viewport.setData(sceneData(studio, document, view, preview));
      viewport.setOptions(sceneOptions(studio, document, view, preview));
    }),
  ];

  const sheet = document.createElement("canvas");
  const handle: StageHandle = {
    async drawFrame(frame) {
      borrowed = true;
      const picture = await cache?.load(pictureIndex(frame));
      viewport.setFrameImage(picture ?? null);
      viewport.setPlayhead(frame);
      viewport.render();
      const names = tileNames(viewport.tiles(), selectDocument(studio.state).slots);
      if (names.length === 0) return viewport.canvas;
      drawNamed(sheet, viewport.canvas, names);
      return sheet;
    },
    restore() {
      borrowed = false;
      onPlayhead(studio.playhead.get());
    },
  };

  return {
    handle,
    unbind() {
      for (const stop of stops) stop();
      pace.dispose();
      stopFrames?.();
      observer.disconnect();
    },
  };
}
