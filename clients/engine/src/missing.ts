/** What this environment lacks, if anything, to listen: asks nobody, so that it can be told before a prompt. */
export function missing(): "none" | "insecure" | "microphone" | "worklet" | "webassembly" {
  // First: where a page is not secure the browser hides the microphone and the worklet, too.
  if (!globalThis.isSecureContext) return "insecure";
  if (typeof globalThis.navigator?.mediaDevices?.getUserMedia !== "function") return "microphone";
  if (typeof AudioWorkletNode === "undefined") return "worklet";
  if (typeof WebAssembly === "undefined") return "webassembly";
  return "none";
}
