import { FormatError } from "../../domain/errors.ts";
import type { BinaryReader } from "./common/reader.ts";

/**
 * Pickles, which TAP-Vid's data sets and old torch files are: known, so that the refusal says how to
 * make an .npz of them, and never opened, because that runs the program inside.
 */
export const pickleReader: BinaryReader = {
  name: "pickle",
  endings: [".pkl", ".pickle", ".pt", ".pth"],
  matches: (head) => head[0] === 0x80 && head[1] >= 2 && head[1] <= 5,
  load: (_bytes, name) => {
    throw pickleError("a Python pickle", name);
  },
};

export function pickleError(what: string, name: string): FormatError {
  const file = name.replace(/[^\p{L}\p{N}._ -]/gu, "_");
  const converter = what.includes("PyTorch") ? torchLine(file) : tapvidLine(file);
  return new FormatError(
    `This is ${what}: opening one runs the program inside, so it is refused`,
    `If you trust the file, this line makes an .npz of it with np.savez: ${converter}. For a field of Trace Anything the Relief panel offers a script.`,
  );
}

/** TAP-Vid's pickles are a dict or list of videos, each a dict of arrays, or one such video. */
function tapvidLine(file: string): string {
  return (
    `python -c "import pickle, numpy as np; d = pickle.load(open('${file}', 'rb')); ` +
    "d = {'0': d} if 'points' in d else d; " +
    "[np.savez(f'tracks-{k}.npz', points=v['points'], occluded=v['occluded']) " +
    'for k, v in (d.items() if isinstance(d, dict) else enumerate(d))]"'
  );
}

function torchLine(file: string): string {
  return (
    `python -c "import torch, numpy as np; d = torch.load('${file}', map_location='cpu'); ` +
    "d = d if isinstance(d, dict) else {'tracks': d}; " +
    "np.savez('tracks.npz', **{k: v.float().numpy() for k, v in d.items() if torch.is_tensor(v)})\""
  );
}
