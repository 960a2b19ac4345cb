import type { Fit, Size } from "../../domain/clip.ts";
import { FormatError } from "../../domain/errors.ts";
import type { PinholePath } from "../../domain/pinhole.ts";
import { rotationOfQuaternion } from "../../domain/quaternion.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { parseJson } from "../containers/safe-json.ts";
import type { NamedBytes } from "./common/named-bytes.ts";

/** Cameras of a clip's frames as another program found them. */
export interface CameraFile {
  readonly program: "COLMAP" | "Nerfstudio";
  /** In the order of the pictures' names; pixels of `size`, 0 = centre of the first one. */
  readonly path: PinholePath;
  /** Of the first picture; lenses told for other sizes of the same picture are scaled to it. */
  readonly size: Size;
  /** What of the lenses is left out, in sentences. */
  readonly notices: readonly string[];
}

interface OneCamera {
  readonly name: string;
  readonly focalPx: number;
  readonly centre: readonly [number, number];
  /** Whether its pictures are bent, which is left out. */
  readonly isBent: boolean;
  readonly size: Size;
  /** World to camera, row-major [9]. */
  readonly rotation: ArrayLike<number>;
  readonly translation: readonly number[];
}

const WAY_OUT =
  "Open Nerfstudio’s transforms.json, or COLMAP’s cameras.txt and images.txt together (colmap model_converter --output_type TXT makes them).";
const MOST_FRAMES = 20_000;

/**
 * Reads `transforms.json`, or `cameras.txt` with `images.txt` (points3D.txt may lie beside them).
 * @throws FormatError
 */
export function readCameraFiles(files: readonly NamedBytes[]): CameraFile {
  const named = (ending: string) => files.find(({ name }) => name.toLowerCase().endsWith(ending));
  const json = named(".json");
  const cameras = named("cameras.txt");
  const images = named("images.txt");
  if (json) return cameraFile("Nerfstudio", ofNerfstudio(parseJson(json.bytes)));
  if (cameras && images)
    return cameraFile("COLMAP", ofColmap(text(cameras.bytes), text(images.bytes)));
  throw new FormatError("These are no cameras that can be read", WAY_OUT);
}

/** The cameras for the working frame, which the picture of the file fills as the clip does. */
export function placeCameraFile({ path, size }: CameraFile, fit: Fit): PinholePath {
  const { width, height } = WORKING_SIZE;
  const choose = fit === "cover" ? Math.max : Math.min;
  const scale = choose(width / size.width, height / size.height);
  const [cx, cy] = path.centre;
  return {
    ...path,
    focalPxT: path.focalPxT.map((focal) => focal * scale),
    centre: [
      (cx + 0.5) * scale + (width - scale * size.width) / 2 - 0.5,
      (cy + 0.5) * scale + (height - scale * size.height) / 2 - 0.5,
    ],
  };
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const order = new Intl.Collator("en", { numeric: true });

function cameraFile(program: CameraFile["program"], found: readonly OneCamera[]): CameraFile {
  if (found.length < 2 || found.length > MOST_FRAMES) {
    throw new FormatError(
      `The file holds ${found.length} cameras`,
      `${WAY_OUT} Two frames or more are needed.`,
    );
  }
  const all = [...found].sort((a, b) => order.compare(a.name, b.name));
  const [{ size, centre }] = all;
  const numbers = all.flatMap(({ focalPx, centre: c, rotation, translation }) => [
    ...[focalPx, ...c, ...Array.from(rotation), ...translation],
  ]);
  const isSound = all.every((one) => one.focalPx > 0) && size.width >= 16 && size.height >= 16;
  if (!isSound || !numbers.every(Number.isFinite)) {
    throw new FormatError("A camera of the file is not made of usable numbers", WAY_OUT);
  }
  if (!all.every((one) => hasShapeOf(one.size, size))) {
    throw new FormatError(
      "The pictures of the cameras have different shapes, so they are not frames of one clip",
      "Choose the cameras of one clip only.",
    );
  }
  if (!all.every(({ rotation }) => isRotation(rotation))) {
    throw new FormatError("A camera of the file is turned by what is no rotation", WAY_OUT);
  }
  const path: PinholePath = {
    frameCount: all.length,
    focalPxT: Float32Array.from(all, (one) => (one.focalPx * size.width) / one.size.width),
    centre,
    rotationT9: Float32Array.from(all.flatMap(({ rotation }) => Array.from(rotation))),
    translationT3: Float32Array.from(all.flatMap(({ translation }) => [...translation])),
  };
  return { program, path, size, notices: lensNotices(all) };
}

/** Centres that differ by more than this, px, are told. */
const TOLD_PX = 1;

function lensNotices(all: readonly OneCamera[]): string[] {
  const [{ centre, size }] = all;
  const offs = all.map((one) => {
    const scale = size.width / one.size.width;
    return Math.hypot(...one.centre.map((own, c) => (own + 0.5) * scale - 0.5 - centre[c]));
  });
  const farthest = Math.max(...offs);
  return [
    ...(all.some(({ isBent }) => isBent)
      ? ["The lens bends its pictures, which is left out: undistorted pictures tell more."]
      : []),
    ...(farthest > TOLD_PX
      ? [
          `The first picture's optical centre stands for all; they differ by up to ${farthest.toFixed(1)} px.`,
        ]
      : []),
  ];
}

/** Of the same width to height, to 1 %: whole pixels at another size. */
function hasShapeOf({ width, height }: Size, like: Size): boolean {
  return Math.abs((width * like.height) / (height * like.width) - 1) < 0.01;
}

/** Rows of length 1, at right angles and right-handed, to a thousandth. */
function isRotation(r: ArrayLike<number>): boolean {
  const row = (i: number) => [r[3 * i], r[3 * i + 1], r[3 * i + 2]] as const;
  const [[a, b, c], y, z] = [row(0), row(1), row(2)];
  const third = [b * y[2] - c * y[1], c * y[0] - a * y[2], a * y[1] - b * y[0]];
  const lengths = [Math.hypot(a, b, c), Math.hypot(...y)];
  return (
    lengths.every((length) => Math.abs(length - 1) < 1e-3) &&
    third.every((value, i) => Math.abs(value - z[i]) < 1e-3)
  );
}

/** @throws FormatError for lenses whose pictures are bent all over. */
function refuseFisheye(model: string): void {
  if (!/FISHEYE|FOV|EQUIRECTANGULAR/.test(model)) return;
  throw new FormatError(
    `The lens is ${model.slice(0, 40)}, which no straight lens comes near`,
    "Undistort the pictures first (colmap image_undistorter), and open the cameras that it writes.",
  );
}

function ofColmap(cameras: string, images: string): OneCamera[] {
  const lenses = new Map<string, Pick<OneCamera, "focalPx" | "centre" | "isBent" | "size">>();
  for (const line of lines(cameras)) {
    const [id, model, width, height, ...params] = line.split(/\s+/);
    refuseFisheye(model);
    // SIMPLE_* and *RADIAL have one focal length, the others two; distortion is left out.
    const isOne = /^(?:SIMPLE_|RADIAL)/.test(model);
    const [fx, fy, cx, cy] = isOne ? [params[0], ...params] : params;
    lenses.set(id, {
      focalPx: (Number(fx) + Number(fy)) / 2,
      centre: [Number(cx) - 0.5, Number(cy) - 0.5],
      isBent: params.slice(isOne ? 3 : 4).some((k) => Number(k) !== 0),
      size: { width: Number(width), height: Number(height) },
    });
  }
  // Two lines a picture, the second of which may be empty; a name follows nine numbers.
  const kept = images.split(/\r?\n/).filter((line) => !line.startsWith("#"));
  const first = kept.findIndex((line) => line.trim() !== "");
  const found: OneCamera[] = [];
  for (let i = Math.max(0, first); i < kept.length; i += 2) {
    const parts = kept[i].trim().split(/\s+/);
    if (parts.length < 10) continue;
    const [, w, x, y, z, tx, ty, tz] = parts.map(Number);
    const lens = lenses.get(parts[8]);
    if (!lens)
      throw new FormatError(
        `images.txt names the camera ${parts[8]}, which cameras.txt lacks`,
        WAY_OUT,
      );
    const length = Math.hypot(w, x, y, z) || 1;
    found.push({
      name: parts.slice(9).join(" "),
      ...lens,
      rotation: rotationOfQuaternion([w / length, x / length, y / length, z / length]),
      translation: [tx, ty, tz],
    });
  }
  return found;
}

const lines = (content: string) =>
  content
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));

/** Of OpenCV's lens. */
const BENDING = ["k1", "k2", "k3", "k4", "p1", "p2"] as const;

function ofNerfstudio(value: unknown): OneCamera[] {
  const root = value as Record<string, unknown>;
  const frames = Array.isArray(root?.frames) ? (root.frames as Record<string, unknown>[]) : [];
  return frames.map((frame, i) => {
    refuseFisheye(String(frame?.camera_model ?? root.camera_model));
    const number = (key: string) => Number(frame?.[key] ?? root[key]);
    const rows = frame?.transform_matrix;
    const m = Array.isArray(rows) ? rows.flat().map(Number) : [];
    if (m.length < 12) throw new FormatError(`Frame ${i + 1} has no transform_matrix`, WAY_OUT);
    const [fx, fy] = [number("fl_x"), number("fl_y")];
    const size = { width: number("w"), height: number("h") };
    // A scale of the whole scene may be multiplied into the turn; places are scaled already.
    const scale = Math.hypot(m[0], m[4], m[8]) || 1;
    // To world, x right, y up, −z forward; ours is from the world, y down, z forward.
    const toWorld = [0, 1, 2].map((row) => [
      ...[m[4 * row] / scale, -m[4 * row + 1] / scale, -m[4 * row + 2] / scale],
    ]);
    const rotation = [0, 1, 2].flatMap((c) => toWorld.map((row) => row[c]));
    const eye = [m[3], m[7], m[11]];
    return {
      name: String(frame.file_path ?? i),
      focalPx: Number.isFinite(fy) ? (fx + fy) / 2 : fx,
      centre: [number("cx") - 0.5, number("cy") - 0.5],
      isBent: BENDING.some((key) => (number(key) || 0) !== 0),
      ...{ size, rotation },
      translation: [0, 1, 2].map(
        (row) =>
          -(
            rotation[3 * row] * eye[0] +
            rotation[3 * row + 1] * eye[1] +
            rotation[3 * row + 2] * eye[2]
          ),
      ),
    };
  });
}
