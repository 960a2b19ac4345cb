declare module "@ffmpeg/core" {
  const createCore: import("./core.ts").CreateCore;
  export default createCore;
}
