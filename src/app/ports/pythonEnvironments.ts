/** What the editor knows of Python on this machine. */
export interface PythonEnvironments {
  /** Interpreters for a folder, the one that the person chose first: paths, or names that are on the PATH. Never rejects. @param folder a path */
  interpreters(folder: string | undefined): Promise<readonly string[]>;
}
