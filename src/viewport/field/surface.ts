import {
  BufferAttribute,
  BufferGeometry,
  DoubleSide,
  LinearFilter,
  LinearSRGBColorSpace,
  Mesh,
  MeshBasicMaterial,
  Texture,
} from "three";
import { worldFromVideoPx } from "../../domain/pinhole.ts";
import { cellCentre, EDGE_LOG_DEPTH } from "../../domain/relief.ts";
import type { FieldScene } from "./scene.ts";

/** A quad of cells this many of which are filled in is left out. */
const MOST_FILLED = 2;

/** The picture of "now" bent to its relief, torn where depth jumps and where nothing was measured. */
export class ReliefSurface {
  readonly mesh: Mesh<BufferGeometry, MeshBasicMaterial>;

  constructor({ relief, size, field, picture }: FieldScene) {
    const { columns, rows, inverseDepth, known } = relief;
    const positions = new Float32Array(columns * rows * 3);
    const uvs = new Float32Array(columns * rows * 2);
    const centre = field.cameras?.centre ?? [(size.width - 1) / 2, (size.height - 1) / 2];
    for (let cell = 0; cell < columns * rows; cell++) {
      const column = cell % columns;
      const row = Math.floor(cell / columns);
      const [x, y] = cellCentre(relief, size, column, row);
      positions.set(
        worldFromVideoPx(field.focal.px, centre, x, y, 1 / inverseDepth[cell]),
        3 * cell,
      );
      uvs.set([(x + 0.5) / size.width, (y + 0.5) / size.height], 2 * cell);
    }
    const indices: number[] = [];
    for (let row = 0; row + 1 < rows; row++) {
      for (let column = 0; column + 1 < columns; column++) {
        const a = row * columns + column;
        const quad = [a, a + 1, a + columns, a + columns + 1];
        const depths = quad.map((cell) => inverseDepth[cell]);
        const jump = Math.log(Math.max(...depths) / Math.min(...depths));
        const filled = quad.filter((cell) => known?.[cell] === 0).length;
        if (jump > 2 * EDGE_LOG_DEPTH || filled > MOST_FILLED) continue;
        indices.push(quad[0], quad[2], quad[1], quad[1], quad[2], quad[3]);
      }
    }
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(positions, 3));
    geometry.setAttribute("uv", new BufferAttribute(uvs, 2));
    geometry.setIndex(indices);
    this.mesh = new Mesh(
      geometry,
      new MeshBasicMaterial({ side: DoubleSide, map: textureOf(picture) }),
    );
    if (!picture) this.mesh.material.color.setScalar(0.25);
  }

  dispose(): void {
    this.mesh.material.map?.dispose();
    this.mesh.material.dispose();
    this.mesh.geometry.dispose();
  }
}

function textureOf(picture: ImageBitmap | null): Texture | null {
  if (!picture) return null;
  const texture = new Texture(picture);
  texture.flipY = false;
  texture.generateMipmaps = false;
  texture.minFilter = LinearFilter;
  texture.colorSpace = LinearSRGBColorSpace;
  texture.needsUpdate = true;
  return texture;
}
