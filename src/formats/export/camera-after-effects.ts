import { cameraOf, focalAt, worldFromCamera } from "./common/camera-path.ts";
import type { ExportFormat, ExportJob } from "./common/format.ts";
import { SIZE } from "./common/options.ts";
import { round } from "./common/time.ts";

const DEGREES = 180 / Math.PI;

/**
 * A script for After Effects (File › Scripts › Run Script File) that makes a one-node camera with keys
 * on position, orientation and zoom, in the open composition or in a new one.
 * After Effects' axes are ours (x right, y down, z forward), counted from the left top corner; zoom is
 * the focal length in px. Depth 1 at "now" lies at z = 0, where footage lies. Orientation turns about z
 * first: R = Rx·Ry·Rz.
 */
export const cameraAfterEffects: ExportFormat = {
  name: "camera-after-effects",
  label: "Camera, After Effects",
  description: "A script that makes the camera and its path in After Effects.",
  group: "For compositing and matchmoving",
  extension: ".jsx",
  mediaType: "text/plain",
  futures: "each",
  keepsCamera: true,
  defaults: { segment: "future" },
  options: [SIZE],
  notices: (job) => cameraOf(job).notices,
  write: (job) => ({ main: writeCameraAfterEffects(job) }),
};

function writeCameraAfterEffects(job: ExportJob): string {
  const { path } = cameraOf(job);
  const { size } = job.prepared;
  const { fps } = job.document.forecast;
  const unit = focalAt(path, 0, size);
  const rows = Array.from({ length: path.frameCount }, (_, t) => {
    const { rows: m, eye } = worldFromCamera(path, t);
    const place = [
      size.width / 2 + eye[0] * unit,
      size.height / 2 + eye[1] * unit,
      -unit + eye[2] * unit,
    ];
    const turn = [
      Math.atan2(-m[1][2], m[2][2]) * DEGREES,
      Math.asin(Math.max(-1, Math.min(1, m[0][2]))) * DEGREES,
      Math.atan2(-m[0][1], m[0][0]) * DEGREES,
    ];
    const numbers = [...place, ...turn, focalAt(path, t, size)].map((v) => round(v, 5));
    return `  [${numbers.join(", ")}]`;
  });
  return `// Makes a camera exported by Foretrack: File > Scripts > Run Script File in After Effects.
(function () {
  var WIDTH = ${size.width}, HEIGHT = ${size.height}, FPS = ${round(fps, 6)};
  // Position (x, y, z), orientation (x, y, z) in degrees, zoom in pixels, a row a frame.
  var FRAMES = [
${rows.join(",\n")}
  ];
  app.beginUndoGroup("Foretrack camera");
  var comp = app.project.activeItem;
  if (!(comp instanceof CompItem)) {
    comp = app.project.items.addComp("Foretrack", WIDTH, HEIGHT, 1, FRAMES.length / FPS, FPS);
  }
  var camera = comp.layers.addCamera("Foretrack camera", [WIDTH / 2, HEIGHT / 2]);
  camera.autoOrient = AutoOrientType.NO_AUTO_ORIENT;
  var times = [], places = [], turns = [], zooms = [];
  for (var k = 0; k < FRAMES.length; k++) {
    var row = FRAMES[k];
    times.push(k / FPS);
    places.push([row[0], row[1], row[2]]);
    turns.push([row[3], row[4], row[5]]);
    zooms.push(row[6]);
  }
  camera.property("ADBE Transform Group").property("ADBE Position").setValuesAtTimes(times, places);
  camera.property("ADBE Transform Group").property("ADBE Orientation").setValuesAtTimes(times, turns);
  camera.property("ADBE Camera Options Group").property("ADBE Camera Zoom").setValuesAtTimes(times, zooms);
  app.endUndoGroup();
})();
`;
}
