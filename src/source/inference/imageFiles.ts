/**
 * Where the files of a build context are in an image: the stages of a Dockerfile are gone through as a builder would, with `WORKDIR`, `ARG` and
 * `ENV`; each `COPY` from the context is a mapping, and each `COPY --from` carries mappings of another stage over.
 *
 * The context isn't looked into. Whether `COPY cart .` copies a folder or a file is told from the name: with an ending it is a file. A
 * mapping that is wrong leads to files that don't exist, and is passed over.
 *
 * All stages count, not only the last: programs name the folders that they were compiled in.
 */

import type { Instruction } from './dockerfile';
import { joinRemote } from './findings';
import { replaceShell } from './variables';

/** A folder or a file of the context at its place in the image. */
export interface ImageFile {
  /** In the image. */
  readonly path: string;
  /** In the context, without a slash at either end; empty: the context itself. */
  readonly source: string;
  /** `COPY`, or `COPY --from=build`. */
  readonly how: string;
  /** Of the instruction, from 0. */
  readonly line: number;
}

export interface Image {
  /** Of the last stage first. */
  readonly files: readonly ImageFile[];
  /** Working directory of the last stage. */
  readonly workdir: string;
  /** `OTEL_SERVICE_NAME` of the last stage. */
  readonly service: string | undefined;
  /** Entries with variables that have no value. */
  readonly skipped: number;
}

interface Stage {
  readonly name: string;
  workdir: string;
  readonly values: Map<string, string>;
  readonly files: ImageFile[];
}

export interface BuildOptions {
  /** Values of `ARG`, where the one who builds gives them. */
  readonly args?: Readonly<Record<string, string>>;
  /** The stage that is built; undefined: the last one. */
  readonly target?: string;
}

const maxFiles = 500;

export function imageOf(instructions: readonly Instruction[], { args = {}, target }: BuildOptions = {}): Image {
  const stages: Stage[] = [];
  const globals = new Map<string, string>();
  let skipped = 0;
  for (const each of instructions) {
    const stage = stages.at(-1);
    if (each.name === 'FROM') stages.push(newStage(each, stages, globals));
    else if (each.name === 'ARG') setArguments(each, stage?.values ?? globals, stage && globals, args);
    else if (!stage) continue;
    else if (each.name === 'ENV') setEnvironment(each, stage.values);
    else if (each.name === 'WORKDIR') {
      const folder = replaced(each.rest.replace(/^(["'])(.*)\1$/, '$2'), stage);
      if (folder === undefined) skipped++;
      else stage.workdir = joinRemote(stage.workdir, folder);
    } else if (each.name === 'COPY' || each.name === 'ADD') skipped += copy(each, stage, stages);
    else if (each.name === 'RUN') bind(each, stage);
  }
  const last = stages.find(({ name }) => target !== undefined && name === target.toLowerCase()) ?? stages.at(-1);
  if (!last) return { files: [], workdir: '/', service: undefined, skipped };
  const files = [last, ...stages.filter((stage) => stage !== last).reverse()].flatMap((stage) => stage.files);
  const seen = new Set<string>();
  return {
    files: files.filter(({ path, source }) => !seen.has(`${path}\n${source}`) && seen.add(`${path}\n${source}`)),
    workdir: last.workdir,
    service: last.values.get('OTEL_SERVICE_NAME'),
    skipped,
  };
}

/** `FROM base AS name`: what the stage `base` has, this one has. */
function newStage({ words }: Instruction, stages: readonly Stage[], globals: ReadonlyMap<string, string>): Stage {
  const base = replaceShell(words[0] ?? '', (name) => globals.get(name))?.toLowerCase();
  const from = stages.find(({ name }) => name === base);
  const name = words[1]?.toUpperCase() === 'AS' ? (words[2] ?? '').toLowerCase() : '';
  return { name, workdir: from?.workdir ?? '/', values: new Map(from?.values), files: [...(from?.files ?? [])] };
}

/** `ARG A=1 B`; in a stage one without a value has that from before the first stage. */
function setArguments(
  { words }: Instruction,
  values: Map<string, string>,
  globals: ReadonlyMap<string, string> | undefined,
  args: Readonly<Record<string, string>>,
): void {
  for (const word of words) {
    const at = word.indexOf('=');
    const name = at < 0 ? word : word.slice(0, at);
    const stated = at < 0 ? globals?.get(name) : replaceShell(unquoted(word.slice(at + 1)), (key) => values.get(key));
    const value = Object.hasOwn(args, name) ? args[name] : stated;
    if (value !== undefined) values.set(name, value);
  }
}

/** `ENV A=1 B="two words"`, or `ENV A the rest`. */
function setEnvironment({ rest }: Instruction, values: Map<string, string>): void {
  const pairs = /^[A-Za-z_]\w*=/.test(rest)
    ? [...rest.matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)/g)].map(([, name, value]) => [name, unquoted(value)])
    : [[/^\S+/.exec(rest)?.[0] ?? '', rest.replace(/^\S+\s*/, '')]];
  for (const [name, text] of pairs) {
    const value = replaceShell(text, (key) => values.get(key));
    if (value !== undefined) values.set(name, value);
  }
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
}

function replaced(text: string, stage: Stage): string | undefined {
  return replaceShell(text, (name) => stage.values.get(name));
}

/** Answers how many sources were skipped. */
function copy({ name, words, flags, line }: Instruction, stage: Stage, stages: readonly Stage[]): number {
  const given = words.map((word) => replaced(word, stage));
  const dest = given.at(-1);
  const sources = given.slice(0, -1).filter((source) => source === undefined || !/^<<|^[a-z]+:\/\/|^git@/i.test(source));
  if (dest === undefined) return sources.length;
  const folder = joinRemote(stage.workdir, dest);
  const from = flags.from?.[0];
  if (from !== undefined) {
    const other = stages.find((each, i) => each !== stage && (each.name === from.toLowerCase() || String(i) === from));
    for (const source of sources) if (other && source !== undefined) carryOver(source, folder, from, other, stage, line);
    return sources.filter((source) => source === undefined).length;
  }
  const intoFolder = sources.length > 1 || /(?:^|[\\/])\.{0,2}[\\/]?$/.test(dest) || folder === stage.workdir;
  for (const source of sources) {
    if (source === undefined || stage.files.length >= maxFiles) continue;
    stage.files.push(...placed(source, folder, intoFolder, flags.parents !== undefined, line, name));
  }
  return sources.filter((source) => source === undefined).length;
}

/** Where one source of the context comes to be. */
function placed(
  source: string,
  folder: string,
  intoFolder: boolean,
  parents: boolean,
  line: number,
  how: string,
): readonly ImageFile[] {
  const clean = joinRemote('/', source).slice(1);
  if (parents) return [{ path: joinRemote(folder, clean), source: clean, how, line }];
  const name = clean.slice(clean.lastIndexOf('/') + 1);
  // `src/*.py` copies files of src.
  if (/[*?[]/.test(clean)) {
    const above = clean.slice(0, clean.search(/[^/]*[*?[]/)).replace(/\/$/, '');
    return isCode(name) || name === '*' || !/\.\w+$/.test(name) ? [{ path: folder, source: above, how, line }] : [];
  }
  if (!/[^.]\.\w{1,10}$/.test(name)) return [{ path: folder, source: clean, how, line }];
  // package.json and its like are in no trace.
  if (!isCode(name)) return [];
  const isFile = !intoFolder && /\.\w+$/.test(folder);
  return [{ path: isFile ? folder : joinRemote(folder, name), source: clean, how, line }];
}

const codeEnding =
  /\.(?:[cm]?[jt]sx?|py|rb|php|go|rs|java|kts?|scala|groovy|clj|cs|fs|vb|exs?|erl|swift|dart|lua|pl|cc?|cpp|hpp?|vue|svelte)$/i;

function isCode(name: string): boolean {
  return codeEnding.test(name);
}

/** `COPY --from=build /app/dist ./dist`: what of the other stage is there, or around it, is here as well. */
function carryOver(source: string, dest: string, from: string, other: Stage, stage: Stage, line: number): void {
  const taken = joinRemote(other.workdir, source);
  for (const file of other.files) {
    if (stage.files.length >= maxFiles) return;
    const how = `COPY --from=${from}`;
    const inside = restOf(file.path, taken);
    if (inside !== undefined) stage.files.push({ ...file, path: joinRemote(dest, `./${inside}`), how, line });
    const around = inside === undefined ? restOf(taken, file.path) : undefined;
    if (around === undefined) continue;
    // A file that is copied into a folder keeps its name.
    const name = /[^.]\.\w{1,10}$/.test(around) && !/\.\w+$/.test(dest) ? `./${around.slice(around.lastIndexOf('/') + 1)}` : '.';
    if (name !== '.' && !isCode(around)) continue;
    stage.files.push({ path: joinRemote(dest, name), source: [file.source, around].filter(Boolean).join('/'), how, line });
  }
}

/** What of a path is below a folder; undefined where it isn't there. */
function restOf(path: string, folder: string): string | undefined {
  if (path === folder) return '';
  const start = folder.endsWith('/') ? folder : `${folder}/`;
  return path.startsWith(start) ? path.slice(start.length) : undefined;
}

/** `RUN --mount=type=bind,target=.`: the context, or a part of it, while something is compiled. */
function bind({ flags, line }: Instruction, stage: Stage): void {
  for (const mount of flags.mount ?? []) {
    const options = Object.fromEntries(mount.split(',').map((each) => [each.split('=')[0], each.slice(each.indexOf('=') + 1)]));
    if ((options.type ?? 'bind') !== 'bind' || options.from !== undefined) continue;
    const target = replaced(options.target ?? options.dst ?? options.destination ?? '', stage);
    const source = replaced(options.source ?? options.src ?? '', stage);
    if (!target || source === undefined || stage.files.length >= maxFiles) continue;
    const clean = joinRemote('/', source).slice(1);
    if (!/[^.]\.\w{1,10}$/.test(clean) || isCode(clean))
      stage.files.push({ path: joinRemote(stage.workdir, target), source: clean, how: 'RUN --mount', line });
  }
}
