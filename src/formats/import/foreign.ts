import { FormatError } from "../../domain/errors.ts";
import type { BinaryReader } from "./common/reader.ts";

interface Foreign {
  readonly what: string;
  readonly starts: string;
  readonly endings: readonly string[];
  /** What to do; `file` is safe inside of single quotes. */
  wayOut(file: string): string;
}

const python = (program: string) => `python -c "${program}"`;

/** SLEAP's analysis keeps [animal, xy, node, frame]; DeepLabCut's file is a table of pandas. */
const HDF5: Foreign = {
  what: "an HDF5 file (DeepLabCut, SLEAP, MATLAB 7.3)",
  starts: "\x89HDF\r\n\x1a\n",
  endings: [".h5", ".hdf5", ".slp"],
  wayOut: (file) =>
    `Of DeepLabCut, bring the .csv that lies beside it, or make one: ${python(
      `import pandas as pd; pd.read_hdf('${file}').to_csv('tracks.csv')`,
    )}. Of SLEAP, export the analysis as CSV, or: ${python(
      "import h5py, numpy as np; " +
        `t = h5py.File('${file}')['tracks'][:]; ` +
        "np.savez('tracks.npz', tracks=t.transpose(3, 0, 2, 1).reshape(t.shape[3], -1, 2))",
    )}`,
};

const FOREIGN: readonly Foreign[] = [
  HDF5,
  {
    what: "a MATLAB file",
    starts: "MATLAB ",
    endings: [".mat"],
    wayOut: (file) =>
      `This line makes an .npz of it: ${python(
        "import scipy.io, numpy as np; " +
          `d = scipy.io.loadmat('${file}'); ` +
          "np.savez('tracks.npz', **{k: v for k, v in d.items() if k[0] != '_'})",
      )}`,
  },
  {
    what: "a Parquet table",
    starts: "PAR1",
    endings: [".parquet"],
    wayOut: (file) =>
      `This line makes a table of it: ${python(
        `import pandas as pd; pd.read_parquet('${file}').to_csv('tracks.csv')`,
      )}`,
  },
  {
    what: "an Excel table",
    starts: "PK\x03\x04",
    endings: [".xlsx", ".ods"],
    wayOut: () => "Save it as CSV in the program that made it, and bring that.",
  },
];

/** Files that other tools keep tracks in and that are named, with the line that converts them. */
export const foreignReader: BinaryReader = {
  name: "foreign",
  endings: FOREIGN.flatMap(({ endings }) => endings),
  matches: (head, name) => foreignOf(head, name) !== undefined,
  load(bytes, name) {
    const found = foreignOf(bytes, name) ?? HDF5;
    const file = name.replace(/[^\p{L}\p{N}._ -]/gu, "_");
    throw new FormatError(`This is ${found.what}, which is not read here`, found.wayOut(file));
  },
};

function foreignOf(head: Uint8Array, name: string): Foreign | undefined {
  return FOREIGN.find(({ starts, endings }) => {
    const isIt = [...starts].every((char, i) => head[i] === char.charCodeAt(0));
    // Archives of all kinds begin alike.
    const isZip = starts.startsWith("PK");
    return isIt && (!isZip || endings.some((ending) => name.toLowerCase().endsWith(ending)));
  });
}
