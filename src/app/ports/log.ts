/** Where what happens is written down. VS Code's `LogOutputChannel` is one. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string | Error): void;
  /** Brings it in front of the person. */
  show(): void;
}
