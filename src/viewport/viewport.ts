import { Color, LinearSRGBColorSpace, Matrix4, WebGLRenderer } from "three";
import type { Size } from "../domain/clip.ts";
import type { Rect } from "../domain/fitting.ts";
import { DEFAULT_WORKING_FPS } from "../domain/timing.ts";
import type { Tracks } from "../domain/tracks.ts";
import { buildDrawList, type DrawList, identityOf, type TileRange } from "./draw-list.ts";
import { OVERLAYS } from "./layers/list.ts";
import {
  type CameraPreset,
  changesList,
  DEFAULT_OPTIONS,
  drawnSlots,
  type ViewportData,
  type ViewportOptions,
} from "./options.ts";
import { boundsOfList, type Pick, pickNearest } from "./pick.ts";
import type { Picture } from "./picture.ts";
import { NOTHING_HOVERED } from "./ribbons.ts";
import { SceneParts } from "./scene-parts.ts";
import {
  bindFlatGestures,
  type FlatHost,
  type FlatPlace,
  WHOLE_PICTURE,
  zoomedAbout,
} from "./spaces/flat-view.ts";
import { spaceOf } from "./spaces/list.ts";
import { overlayScale } from "./spaces/picture.ts";
import { Projection } from "./spaces/projection.ts";
import type { VolumeExtent } from "./spaces/time-volume.ts";
import { tileLayout } from "./tile-layout.ts";
import { TileView } from "./tile-view.ts";
import { packTracks, type TrackTexture } from "./track-texture.ts";
import { openWebgl2 } from "./webgl.ts";

export interface ViewportEvents {
  /** The graphics device was lost; the view comes back by itself where the browser allows. */
  readonly onLost?: () => void;
  /** Everything was uploaded again, but the picture must be set anew if it was closed. */
  readonly onRestored?: () => void;
  /** A frame was drawn. */
  readonly onDrawn?: () => void;
}

export interface Tile {
  /** null = the only tile, with every future. */
  readonly slot: number | null;
  /** CSS px from the canvas's upper left corner. */
  readonly rect: Rect;
}

const GROUND = new Color().setRGB(8 / 255, 9 / 255, 11 / 255, LinearSRGBColorSpace);
const TILE_GAP = 6;

/**
 * Draws history, futures and truth over the video or in space-time. Setters ask for one
 * redraw on the next animation frame; `render` draws at once.
 */
export class Viewport {
  private readonly renderer: WebGLRenderer;
  private readonly parts = new SceneParts();
  private readonly projection: Projection;
  private options = DEFAULT_OPTIONS;
  private data: ViewportData | null = null;
  private texture: TrackTexture | null = null;
  private list: DrawList = EMPTY_LIST;
  private bounds: Float32Array | null = null;
  private playhead = 0;
  private picture: Picture | null = null;
  private size: Size = { width: 1, height: 1 };
  pixelRatio = 1;
  private scheduled = 0;
  private lost = false;
  private layout: readonly Tile[] = [];
  private layoutOf: readonly TileRange[] | null = null;
  private layoutSize: Size | null = null;
  private readonly gestures = new AbortController();

  /** Throws RuntimeLostError where there is no WebGL2. */
  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly events: ViewportEvents = {},
  ) {
    this.renderer = new WebGLRenderer({ canvas, context: openWebgl2(canvas) });
    // Our shaders write display colours themselves.
    this.renderer.outputColorSpace = LinearSRGBColorSpace;
    this.renderer.setClearColor(GROUND, 1);
    this.renderer.autoClear = false;
    this.renderer.info.autoReset = false;
    this.projection = new Projection(canvas, this.invalidate);
    this.applyExtent(this.projection.extent);
    bindFlatGestures(canvas, this.flatHost(), this.gestures.signal);
    canvas.addEventListener("webglcontextlost", this.onLost);
    canvas.addEventListener("webglcontextrestored", this.onRestored);
  }

  /** Size of the picture in videoPx: the space of all positions. */
  setFrameSize(frameSize: Size): void {
    this.applyExtent({ ...this.projection.extent, frameSize });
  }

  /** Uploads every position once. Futures already uploaded keep their place as others arrive. */
  setData(data: ViewportData | null): void {
    this.data = data;
    this.texture = data ? packTracks(data, this.texture) : null;
    if (data && this.texture) {
      this.parts.ribbons.setTracks(this.texture);
      const blocks = this.texture.blocks;
      this.applyExtent({
        ...this.projection.extent,
        firstFrame: Math.min(0, ...blocks.map((block) => block.firstFrame)),
        lastFrame: Math.max(1, ...blocks.map((b) => b.firstFrame + b.frameCount - 1)),
      });
    }
    this.applyList();
  }

  setOptions(part: Partial<ViewportOptions>): void {
    const before = this.options;
    this.options = { ...before, ...part };
    this.projection.orbit.enabled = this.space.orbits;
    if (changesList(before, this.options)) this.applyList();
    this.invalidate();
  }

  /** A frame of the timeline, whole or between two. Changes a number, no buffer. */
  setPlayhead(frame: number): void {
    if (frame === this.playhead) return;
    this.playhead = frame;
    this.invalidate();
  }

  /** The picture at the playhead; it stays the caller's and must live until the next is set. */
  setFrameImage(picture: Picture | null): void {
    // A canvas may have been drawn anew.
    if (picture === this.picture && (picture === null || "luma" in picture)) return;
    this.picture = picture;
    this.parts.picture.setPicture(picture);
    this.invalidate();
  }

  /** `width` and `height` in CSS px. */
  resize(width: number, height: number, pixelRatio = 1): void {
    this.size = { width: Math.max(1, width), height: Math.max(1, height) };
    this.pixelRatio = pixelRatio;
    this.renderer.setPixelRatio(pixelRatio);
    this.renderer.setSize(this.size.width, this.size.height, false);
    this.parts.setPixelRatio(pixelRatio);
    this.invalidate();
  }

  showPreset(preset: CameraPreset, reducedMotion = prefersReducedMotion()): void {
    this.projection.orbit.show(preset, reducedMotion);
    this.invalidate();
  }

  /** Turns the volume by degrees and scales its distance: orbit and zoom for keyboards. */
  nudgeCamera(azimuthDegrees: number, polarDegrees: number, distanceFactor = 1): void {
    this.projection.orbit.nudge(azimuthDegrees, polarDegrees, distanceFactor);
  }

  /** Enlarges the flat picture about its middle, for keyboards and buttons; 0 shows all of it. */
  zoomFlat(factor: number): void {
    const { flat, extent } = this.projection;
    this.setFlat(factor === 0 ? WHOLE_PICTURE : zoomedAbout(flat, factor, flat, extent.frameSize));
  }

  /** Highlights what `pick` found. */
  setHover(pick: Pick | null): void {
    const { uHovered, uHoveredLayer } = this.parts.ribbons.uniforms;
    const layer = pick ? OVERLAYS.findIndex(({ id }) => id === pick.layer) : NOTHING_HOVERED;
    const identity = pick ? identityOf(pick.slot ?? 0, pick.point, false) : 0;
    if (layer === uHoveredLayer.value && identity === uHovered.value) return;
    uHoveredLayer.value = layer;
    uHovered.value = identity;
    this.invalidate();
  }

  /** The nearest ribbon or head within the tolerance, CSS px from the canvas's upper left corner. */
  pick(x: number, y: number, tolerancePx = 10): Pick | null {
    if (!this.data || !this.texture) return null;
    const index = this.tiles().findIndex(({ rect }) => contains(rect, x, y));
    const range = this.list.tiles[index]?.tracks;
    if (!range) return null;
    const { rect } = this.tiles()[index];
    this.bounds ??= boundsOfList(this.list, this.texture);
    const { space } = this;
    const view = {
      texture: this.texture,
      list: this.list,
      range,
      bounds: this.bounds,
      clipFromTrack: this.clipOf(rect).elements,
      viewWidth: rect.width,
      viewHeight: rect.height,
      playhead: this.relativePlayhead,
      nowFrame: this.data.nowFrame,
      tailFrames: space.timeAxis ? Infinity : this.options.tailFrames,
    };
    return pickNearest(view, x - rect.x, y - rect.y, tolerancePx);
  }

  /** The playhead in frames from "now". */
  get relativePlayhead(): number {
    return this.playhead - (this.data?.nowFrame ?? 0);
  }

  /** The ways between each tile and what it shows, as they are now. */
  views(): readonly TileView[] {
    return this.tiles().map(({ rect }) => new TileView(rect, this.clipOf(rect).elements));
  }

  viewAt(x: number, y: number): TileView | null {
    return this.views().find(({ rect }) => contains(rect, x, y)) ?? null;
  }

  /** Asks for a redraw on the next animation frame. */
  redraw(): void {
    this.invalidate();
  }

  /** Where each future is drawn, for labels on top. */
  tiles(): readonly Tile[] {
    const { tiles } = this.list;
    if (this.layoutOf === tiles && this.layoutSize === this.size) return this.layout;
    const { width, height } = this.projection.extent.frameSize;
    const rects =
      tiles.length > 1
        ? tileLayout(tiles.length, this.size.width, this.size.height, width / height, TILE_GAP)
        : [{ x: 0, y: 0, ...this.size }];
    this.layout = rects.map((rect, i) => ({ slot: tiles[i]?.slot ?? null, rect }));
    this.layoutOf = tiles;
    this.layoutSize = this.size;
    return this.layout;
  }

  /** Draw calls of the last render. */
  get drawCalls(): number {
    return this.renderer.info.render.calls;
  }

  /** Draws now. The canvas holds the result until the current task ends. */
  render(): void {
    if (this.scheduled) cancelAnimationFrame(this.scheduled);
    this.scheduled = 0;
    if (this.lost) return;
    const { renderer } = this;
    renderer.info.reset();
    renderer.setScissorTest(false);
    renderer.setViewport(0, 0, this.size.width, this.size.height);
    renderer.clear();
    const tiles = this.tiles();
    this.parts.setMoment(this.space, this.options, {
      relative: this.relativePlayhead,
      tileCount: tiles.length,
      futureCount: tiles.length > 1 || !this.data ? 1 : drawnSlots(this.data, this.options).length,
      pixelRatio: this.pixelRatio,
      pictureAffineT6: this.data?.pictureAffineT6 ?? null,
    });
    for (let i = 0; i < tiles.length; i++) {
      const { rect } = tiles[i];
      if (tiles.length > 1) {
        const bottom = this.size.height - rect.y - rect.height;
        renderer.setScissorTest(true);
        renderer.setViewport(rect.x, bottom, rect.width, rect.height);
        renderer.setScissor(rect.x, bottom, rect.width, rect.height);
      }
      this.parts.ribbons.setTile(this.list.tiles[i] ?? NO_TILE);
      this.parts.setTile(this.space, this.projection, rect, this.marginPx(), this.pixelRatio);
      renderer.render(this.parts.scene, this.projection.orbit.camera);
    }
    this.events.onDrawn?.();
  }

  /** The view as it is, encoded. */
  toBlob(type = "image/png", quality?: number): Promise<Blob> {
    this.render();
    return new Promise((resolve, reject) => {
      this.canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error("the view could not be encoded"))),
        type,
        quality,
      );
    });
  }

  dispose(): void {
    this.gestures.abort();
    if (this.scheduled) cancelAnimationFrame(this.scheduled);
    this.canvas.removeEventListener("webglcontextlost", this.onLost);
    this.canvas.removeEventListener("webglcontextrestored", this.onRestored);
    this.projection.orbit.dispose();
    this.parts.dispose();
    this.renderer.dispose();
  }

  private setFlat(place: FlatPlace): void {
    this.projection.flat = place;
    this.invalidate();
  }

  private flatHost(): FlatHost {
    return {
      isShown: () => !this.space.orbits,
      frameSize: () => this.projection.extent.frameSize,
      place: () => this.projection.flat,
      setPlace: (place) => this.setFlat(place),
      at: (x, y) => {
        const rect = this.tiles().find((tile) => contains(tile.rect, x, y))?.rect;
        if (!rect) return null;
        const { flat, extent } = this.projection;
        const scale = overlayScale(extent.frameSize, rect, this.marginPx()) * flat.zoom;
        return {
          scale,
          x: flat.x + (x - rect.x - rect.width / 2) / scale,
          y: flat.y + (y - rect.y - rect.height / 2) / scale,
        };
      },
    };
  }

  private readonly invalidate = (): void => {
    this.scheduled ||= requestAnimationFrame(this.drawScheduled);
  };

  private readonly drawScheduled = (): void => {
    this.scheduled = 0;
    this.render();
  };

  private applyExtent(extent: VolumeExtent): void {
    this.projection.setExtent(extent);
    this.parts.setExtent(extent, this.data?.fps ?? DEFAULT_WORKING_FPS);
    this.invalidate();
  }

  private applyList(): void {
    this.bounds = null;
    this.list =
      this.data && this.texture ? buildDrawList(this.data, this.texture, this.options) : EMPTY_LIST;
    this.parts.ribbons.setList(this.list);
    this.applySheets();
    this.invalidate();
  }

  private applySheets(): void {
    const { data, options } = this;
    // Solo would leave nothing to compare.
    const slots = data ? drawnSlots(data, { ...options, solo: null }) : [];
    this.parts.setSheets(data, options, slots.map((slot) => data?.futures[slot]).filter(isTracks));
  }

  private get space() {
    return spaceOf(this.options.space);
  }

  private clipOf(rect: Rect): Matrix4 {
    return this.space.clipFromTrack(this.projection, rect, this.marginPx(), new Matrix4());
  }

  private marginPx(): number {
    return this.list.tiles.length > 1 ? 3 : 10;
  }

  private readonly onLost = (event: Event): void => {
    event.preventDefault();
    this.lost = true;
    this.events.onLost?.();
  };

  private readonly onRestored = (): void => {
    this.lost = false;
    this.picture = null;
    // three restores its textures and programs on first use, but not this.
    this.renderer.setClearColor(GROUND, 1);
    this.events.onRestored?.();
    this.invalidate();
  };
}

const NO_ENTRIES = { first: 0, count: 0 };
const NO_TILE: TileRange = { slot: null, tracks: NO_ENTRIES, chunks: NO_ENTRIES };
const EMPTY_LIST: DrawList = {
  tracks: new Uint32Array(0),
  chunks: new Uint32Array(0),
  tiles: [NO_TILE],
};

function isTracks(tracks: Tracks | null | undefined): tracks is Tracks {
  return tracks !== null && tracks !== undefined;
}

function contains(rect: Rect, x: number, y: number): boolean {
  return x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;
}

export function prefersReducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
