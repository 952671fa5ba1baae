/** Which files are the user's own, and the paths of them: not packages, not Node, not what starts or watches programs. */

import { fileURLToPath } from 'node:url';

/** Packages, whoever installs them; Yarn's own files; what Node's package managers and VS Code bring along. */
const FOREIGN = /[/\\](?:node_modules|\.yarn|corepack|ms-vscode\.js-debug)[/\\]|[/\\]\.pnp\.[^/\\]*$/;
/** Code of a development server, evaluated: packages stand in the same place as the program's own. */
const BUNDLER = /^webpack-internal:\/\/\//;
const BUNDLER_FOREIGN = /node_modules|\(webpack\)|webpack\/(?:runtime|bootstrap)/;
/** A package of a workspace as Yarn shows it: so many folders up from there, then on. Source: Yarn, "Virtual packages". */
const VIRTUAL = /^(.*?)[/\\](?:__virtual__|\$\$virtual)[/\\][^/\\]+[/\\](\d+)[/\\](.*)$/;
const ABSOLUTE = /^(?:\/|[A-Za-z]:[/\\]|\\\\)/;

/** Names are kept, of which a program that makes code as it runs may have any number. */
const MOST_KEPT = 5_000;

export class UserFiles {
  private readonly known = new Map<string, string>();

  /** @param own folder whose files are ours */
  constructor(private readonly own: string) {}

  /** The path of a file of the user's; empty: it is none. @param name as V8 has it: a path or a URL */
  pathOf(name: string): string {
    let path = this.known.get(name);
    if (path === undefined) {
      path = this.find(name);
      if (this.known.size >= MOST_KEPT) this.known.clear();
      this.known.set(name, path);
    }
    return path;
  }

  private find(name: string): string {
    if (BUNDLER.test(name)) return BUNDLER_FOREIGN.test(name) ? '' : name;
    const path = realPath(pathIn(name));
    if (!ABSOLUTE.test(path) || FOREIGN.test(path)) return '';
    return path.startsWith(this.own) && /^[/\\]|^$/.test(path.slice(this.own.length)) ? '' : path;
  }
}

/** Loaders put what they have to say behind a question mark. */
function pathIn(name: string): string {
  if (!name.startsWith('file:')) return name;
  try {
    return fileURLToPath(name.replace(/[?#].*$/, ''));
  } catch {
    return '';
  }
}

function realPath(path: string): string {
  const [, before, up, after] = VIRTUAL.exec(path) ?? [];
  if (before === undefined) return path;
  const separator = path.includes('\\') ? '\\' : '/';
  const folders = before.split(/[/\\]/);
  return [...folders.slice(0, Math.max(1, folders.length - Number(up))), after].join(separator);
}
