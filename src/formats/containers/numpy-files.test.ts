import { expect, test } from "vitest";
import { inspectTracks } from "../import/common/read.ts";
import { readNpz } from "./npz.ts";

/**
 * Written by NumPy 2: tracks float16 [2,3,2] in Fortran order counting from 0, visibility bool [2,3],
 * n int64 scalar. NumPy's local headers declare unknown zip64 sizes.
 */
const NUMPY_COMPRESSED =
  "UEsDBC0AAAAIAAAAIQBcCmBv//////////8KABQAdHJhY2tzLm5weQEAEACYAAAAAAAAAGAAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNmpK6joJ6WX1RSlJgXn1+UkgoSDykqTQUKF2ckFqQCuRpGOgrGOgpGmjoKtQpkAi4GBgY3BgcGDwYXBk8GGwZ3BqcGDwbXBk8AUEsDBC0AAAAIAAAAIQDugE4Z//////////8OABQAdmlzaWJpbGl0eS5ucHkBABAAhgAAAAAAAABMAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF6TZKiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLkYGRkZGBgBQSwMELQAAAAgAAAAhACO48Gz//////////wUAFABuLm5weQEAEACIAAAAAAAAAEYAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkamjoKtQoUAS52BggAAFBLAQItAy0AAAAIAAAAIQBcCmBvYAAAAJgAAAAKAAAAAAAAAAAAAACAAQAAAAB0cmFja3MubnB5UEsBAi0DLQAAAAgAAAAhAO6AThlMAAAAhgAAAA4AAAAAAAAAAAAAAIABnAAAAHZpc2liaWxpdHkubnB5UEsBAi0DLQAAAAgAAAAhACO48GxGAAAAiAAAAAUAAAAAAAAAAAAAAIABKAEAAG4ubnB5UEsFBgAAAAADAAMApwAAAKUBAAAAAA==";

/** Written by NumPy 2: tracks float32 [2,3,2] counting from 0 and an object array `meta`. */
const NUMPY_WITH_OBJECTS =
  "UEsDBC0AAAAIAAAAIQBcLdtX//////////8KABQAdHJhY2tzLm5weQEAEACwAAAAAAAAAGkAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNmoq6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKxjoKRpo6CrUK5AEuBjBosAcSDkAExA1AvACIDwDxAyBmcGRgEABiBSA2cAQAUEsDBC0AAAAIAAAAIQBe+a9n//////////8IABQAbWV0YS5ucHkBABAAGgEAAAAAAADDAAAAAAAAAKWKMQuCQBiGvUyCaG52O4VwjpaGoCHJImhoCDn1oqBUvjsDqaAlKjho8Ov3lulP6BleeN/3KbzldL4i2lE70YiLEOjApOcZ7Zl0k4AEFvsJRPw3j9le8HIXW5byslt2z7yY/9G+Nt8vrUZ14+yQ5o4fJsCdQ7aXOwbAclQdH3iYxEJCFkosUBmViaoVR7VSoKvdcEQCvOMCLZfYW10ZkcxT/vMbsz4+H/WlK3JGz/Mmn5Iq3KHE4LnGCyrC0CWCld35AlBLAQItAy0AAAAIAAAAIQBcLdtXaQAAALAAAAAKAAAAAAAAAAAAAACAAQAAAAB0cmFja3MubnB5UEsBAi0DLQAAAAgAAAAhAF75r2fDAAAAGgEAAAgAAAAAAAAAAAAAAIABpQAAAG1ldGEubnB5UEsFBgAAAAACAAIAbgAAAKIBAAAAAA==";

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));

test("np.savez_compressed: half precision, Fortran order, a scalar", () => {
  const arrays = readNpz(bytesOf(NUMPY_COMPRESSED));
  expect(arrays.get("tracks")).toEqual({
    shape: [2, 3, 2],
    dtype: "float16",
    data: Float32Array.from({ length: 12 }, (_, i) => i),
  });
  expect(arrays.get("visibility")?.data).toEqual(Uint8Array.of(1, 0, 1, 1, 1, 0));
  expect(arrays.get("n")).toEqual({ shape: [], dtype: "int64", data: Float64Array.of(7) });
});

test("np.savez with an object array: it is refused by name, the tracks are read", () => {
  const { arrays, refused } = inspectTracks(bytesOf(NUMPY_WITH_OBJECTS), "tracks.npz");
  expect(arrays.map((array) => array.name)).toEqual(["tracks"]);
  expect(refused).toEqual([{ name: "meta", reason: expect.stringMatching(/object array/) }]);
});
