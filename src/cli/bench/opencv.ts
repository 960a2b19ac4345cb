import { createRequire } from "node:module";
import type { GrayFrame } from "../../domain/clip.ts";
import type { TrackRequest } from "../../domain/ports.ts";

/** No dependency of ours: the section says how to bring it. */
export const OPENCV = "@techstark/opencv-js@4.12.0-release.1";

/** What is used of OpenCV's WebAssembly build. */
interface OpenCv {
  readonly Mat: new () => Mat;
  readonly Size: new (width: number, height: number) => object;
  readonly TermCriteria: new (type: number, count: number, epsilon: number) => object;
  readonly CV_8UC1: number;
  readonly CV_32FC2: number;
  readonly TermCriteria_EPS: number;
  readonly TermCriteria_COUNT: number;
  matFromArray(rows: number, columns: number, type: number, values: ArrayLike<number>): Mat;
  calcOpticalFlowPyrLK(
    from: Mat,
    to: Mat,
    points: Mat,
    moved: Mat,
    status: Mat,
    error: Mat,
    window: object,
    levels: number,
    criteria: object,
  ): void;
  onRuntimeInitialized?: () => void;
}

interface Mat {
  delete(): void;
}

/** OpenCV in WebAssembly; null where it is not installed. */
export async function loadOpenCv(): Promise<OpenCv | null> {
  let cv: OpenCv;
  try {
    cv = createRequire(import.meta.url)("@techstark/opencv-js") as OpenCv;
  } catch {
    return null;
  }
  // It is thenable: awaited, it would wait for itself.
  await new Promise<void>((done) => {
    if (cv.Mat) done();
    else cv.onRuntimeInitialized = () => done();
  });
  return wrapped(cv);
}

/** Without what makes a promise wait for it. */
function wrapped(cv: OpenCv): OpenCv {
  return new Proxy(cv, {
    get: (target, key) => (key === "then" ? undefined : Reflect.get(target, key)),
  });
}

/** Its plain pyramidal Lucas-Kanade from frame to frame: 21×21 pixels, three halvings, 20 steps. */
export async function chainWithOpenCv(
  cv: OpenCv,
  { frames, queryXyN2 }: TrackRequest & { readonly frames: readonly GrayFrame[] },
): Promise<void> {
  const criteria = new cv.TermCriteria(cv.TermCriteria_EPS | cv.TermCriteria_COUNT, 20, 0.03);
  const window = new cv.Size(21, 21);
  const matOf = (t: number) => {
    const { gray, size } = frames[t];
    return cv.matFromArray(size.height, size.width, cv.CV_8UC1, gray);
  };
  let from = matOf(0);
  let points = cv.matFromArray(queryXyN2.length / 2, 1, cv.CV_32FC2, queryXyN2);
  for (let t = 1; t < frames.length; t++) {
    const to = matOf(t);
    const [moved, status, error] = [new cv.Mat(), new cv.Mat(), new cv.Mat()];
    cv.calcOpticalFlowPyrLK(from, to, points, moved, status, error, window, 3, criteria);
    for (const mat of [from, points, status, error]) mat.delete();
    from = to;
    points = moved;
  }
  for (const mat of [from, points]) mat.delete();
}
