import { fieldRows, type Picture, type Plane } from "./picture.ts";
import { type Placement, placementOf, storedRect } from "./placement.ts";
import { type Taps, triangleTaps } from "./resample.ts";

/** How one picture is scaled, before it is turned upright. */
export interface PictureScaling {
  /** Of a picture of this size: in some clips the size changes. */
  readonly placement: Placement;
  /** Size of the scaled planes. */
  readonly width: number;
  readonly height: number;
  /** The rows of a plane that are shown, and the taps that scale them. */
  readonly tapsOf: (plane: Plane) => PlaneTaps;
}

export interface PlaneTaps {
  readonly rows: Plane;
  readonly across: Taps;
  readonly down: Taps;
}

/** The scaling of a clip's pictures; taps are kept between them. */
export class Scaling {
  private readonly taps = new Map<string, Taps>();

  constructor(private readonly placement: Placement) {}

  of(picture: Picture): PictureScaling {
    const placement = placementOf(this.placement, picture.size);
    const { destination } = placement.fitting;
    const turned = placement.orientation.rotation % 180 !== 0;
    const width = turned ? destination.height : destination.width;
    const height = turned ? destination.width : destination.height;
    const cut = storedRect(placement, picture.size);
    const { size, field } = picture;
    const tapsOf = (plane: Plane): PlaneTaps => {
      const ratioX = plane.width < size.width ? 0.5 : 1;
      const ratioY = plane.height < size.height ? 0.5 : 1;
      // MPEG-2 siting: a halved chroma sample sits on the left luma sample of its pair.
      const shiftX = ratioX === 1 ? 0 : 0.25;
      const across = this.axis(plane.width, cut.x * ratioX + shiftX, cut.width * ratioX, width);
      if (!field) {
        const down = this.axis(plane.height, cut.y * ratioY, cut.height * ratioY, height);
        return { rows: plane, across, down };
      }
      const rows = fieldRows(plane, field);
      // The rows of a field lie half a row of the picture above or below the middle of their pair.
      const top = (cut.y * ratioY) / 2 + (field === "top" ? 0.25 : -0.25);
      return { rows, across, down: this.axis(rows.height, top, (cut.height * ratioY) / 2, height) };
    };
    return { placement, width, height, tapsOf };
  }

  private axis(length: number, from: number, extent: number, outputLength: number): Taps {
    const key = `${length}/${from}/${extent}/${outputLength}`;
    let taps = this.taps.get(key);
    if (!taps) {
      taps = triangleTaps(length, from, from + extent, outputLength);
      this.taps.set(key, taps);
    }
    return taps;
  }
}
