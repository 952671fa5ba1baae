/** Serves the sample trace and its source out of the extension's own folder, read-only: those files, by their names, and nothing else. */

import { type Disposable, type FileStat, FileSystemError, type FileSystemProvider, FileType, Uri, workspace } from 'vscode';
import { sampleFiles } from '../../app/sample/sampleWorkspace';
import { Emitter } from '../../base/emitter';
import { sampleFolder, sampleScheme, sampleTrace } from '../../protocol/sample';

/** Where they are in the extension's folder. */
const folder = ['media', 'sample'];

export function registerSampleFiles(extensionUri: Uri): Disposable {
  const options = { isReadonly: true, isCaseSensitive: true };
  return workspace.registerFileSystemProvider(sampleScheme, new SampleFiles(extensionUri), options);
}

class SampleFiles implements FileSystemProvider {
  /** Nothing ever changes. */
  readonly onDidChangeFile = new Emitter<never>().event;
  /** Where each of them is, by its own address. */
  private readonly places: ReadonlyMap<string, Uri>;

  constructor(extensionUri: Uri) {
    const root = Uri.joinPath(extensionUri, ...folder);
    const files = sampleFiles.map((path): [string, Uri] => [
      `${sampleFolder}/${path}`,
      Uri.joinPath(root, 'shop', ...path.split('/')),
    ]);
    this.places = new Map([[sampleTrace, Uri.joinPath(root, 'checkout.otlp.json')], ...files]);
  }

  watch(): Disposable {
    return { dispose: () => {} };
  }

  async stat(uri: Uri): Promise<FileStat> {
    const address = uri.toString();
    if (this.places.has(address)) return { ...(await workspace.fs.stat(this.placeOf(uri))), type: FileType.File };
    if (this.below(address).length > 0) return { type: FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    throw FileSystemError.FileNotFound(uri);
  }

  readDirectory(uri: Uri): [string, FileType][] {
    const names = new Map<string, FileType>();
    for (const path of this.below(uri.toString())) {
      const [name, ...rest] = path.split('/');
      names.set(name, rest.length > 0 ? FileType.Directory : FileType.File);
    }
    if (names.size === 0) throw FileSystemError.FileNotFound(uri);
    return [...names];
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    return workspace.fs.readFile(this.placeOf(uri));
  }

  createDirectory(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  private placeOf(uri: Uri): Uri {
    const place = this.places.get(uri.toString());
    if (!place) throw FileSystemError.FileNotFound(uri);
    return place;
  }

  /** Paths of what is below a folder, relative to it. */
  private below(address: string): string[] {
    const start = address.endsWith('/') ? address : `${address}/`;
    return [...this.places.keys()].filter((each) => each.startsWith(start)).map((each) => each.slice(start.length));
  }
}
