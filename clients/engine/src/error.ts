/** What the engine refuses, or why there is none: `code` is for programs, `message` says what to do. */
export class EngineError extends Error {
  /**
   * Those of the engine (`rate`, `length`, `format`, `version`, `checksum`, `limit`, `sequence`, `usage`,
   * `memory`, `unknown`), and of this package: `assets` where the worker or its files cannot be loaded,
   * `closed` after `Engine.close`.
   */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EngineError";
    this.code = code;
  }
}
