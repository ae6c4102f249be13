export { Engine, Fingerprinter, Pack } from "./engine.ts";
export { EngineError } from "./error.ts";
export { missing } from "./missing.ts";
export { Recorder, type RecorderOptions } from "./recorder.ts";
export type {
  Answer,
  Build,
  FrameFlags,
  Hit,
  Id,
  Peak,
  Profile,
  RecognizeOptions,
  Recording,
} from "./types.ts";
