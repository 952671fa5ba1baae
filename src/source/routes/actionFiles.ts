/**
 * Classes and methods that frameworks find by the words of a path, and programs name in short: `order-items/best-sellers` is `actionBestSellers`
 * of Yii's `OrderItemsController`, `bestSellers` of CakePHP's, `best_sellers` of CodeIgniter's `Order_items`; the class stands in a folder of such.
 */

import { routeConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { Question } from '../question/question';
import type { Finding } from '../search/rankFindings';
import type { SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';
import type { HandlerPlace } from './handlerPlace';
import { implementationOf } from './implementation';

const maxFiles = 24;
const maxLine = 300;
const maxDepth = 3;
/** What a folder of an application may be called, whatever it is for. */
const usual = /^(?:app|application|src|lib|modules?|controllers?|http|web|frontend|public|code|packages|plugins?|local|core)$/i;
const ofControllers = /^controllers?$/i;

/** `best-sellers`, `best_sellers` and `bestSellers` as one. */
function plain(name: string): string {
  return name.replace(/[^a-z0-9]/gi, '').toLowerCase();
}

interface Found {
  readonly place: HandlerPlace;
  /** Folders of it that nothing names. */
  readonly others: number;
}

/**
 * The methods that an action may be, of the files that a controller may be, best first.
 * @param action names that will do, with `|` between them
 * @param words what else is said of the route: folders may be called so
 */
async function actionsOf(
  folders: readonly string[],
  controller: string,
  action: string,
  words: ReadonlySet<string>,
  search: SourceSearch,
): Promise<readonly Found[]> {
  const stem = controller.replace(/Controller$/, '').replace(/[-_.]+(\w)/g, (_, letter: string) => letter.toUpperCase());
  const wanted = action.split('|').map(plain);
  const { workspace } = search.context.ports;
  const names = [`${stem}Controller.php`, `${stem}.php`, ...(stem === controller ? [] : [`${controller}.php`])];
  const files = new Set((await Promise.all(names.map((name) => workspace.findByBaseName(name, true)))).flat());
  const found: Found[] = [];
  for (const source of [...files].slice(0, maxFiles).map((file) => search.file(file))) {
    const own = source?.path.slice(0, -1).map((part) => part.toLowerCase()) ?? [];
    const name = source?.path.at(-1) ?? '';
    const isOf =
      /Controller\.php$/.test(name) ||
      (/^[A-Z]/.test(controller) && name === `${controller}.php`) ||
      own.some((part) => ofControllers.test(part));
    if (source?.standing !== 'source' || !isOf || !folders.every((part) => own.some((each) => plain(each) === plain(part))))
      continue;
    const lines = (await search.context.lines(source.file)) ?? [];
    const isMethod = (text: string, one: string): boolean => {
      const name = text.length < maxLine ? /^\s*(?:(?:public|final)\s+)*function\s+&?(\w+)\s*\(/.exec(text)?.[1] : undefined;
      if (name === undefined) return false;
      return one === plain(name) || one === plain(name.replace(/^action(?=[A-Z])|Action$/, ''));
    };
    let line = -1;
    for (const one of wanted) if (line < 0) line = lines.findIndex((text) => isMethod(text, one));
    if (line < 0) continue;
    const named = new Set([...folders.map(plain), plain(stem)]);
    const others = own.filter(
      (part) => !usual.test(part) && !named.has(plain(part)) && !words.has(part.replace(/s$/, '')),
    ).length;
    found.push({ place: { source, line, by: 'class' }, others });
  }
  return found.sort((a, b) => a.others - b.others);
}

/** `Admin/Articles` and `edit`; undefined where two are as good. */
export async function actionNamed(
  controller: string,
  action: string,
  words: ReadonlySet<string> | undefined,
  search: SourceSearch,
): Promise<HandlerPlace | undefined> {
  if (controller.endsWith('Interface')) {
    const name = controller.split(/[\\/.]+/).pop() ?? '';
    return implementationOf({ name }, 0, [`${action}(`], search);
  }
  const parts = controller.split(/[\\/.]+/).filter((part) => part !== '');
  const last = parts.pop();
  if (last === undefined) return undefined;
  const inFull = await actionsOf(parts, last, action, words ?? new Set(), search);
  // Namespaces are not always folders.
  const [first, second] = inFull.length || !parts.length ? inFull : await actionsOf([], last, action, words ?? new Set(), search);
  return first && first.others === second?.others ? { ...first.place, isOneOf: true } : first?.place;
}

const habits: Readonly<Record<string, string>> = {
  'GET/': 'show|view|read|get',
  'PUT/': 'update|edit|put',
  'PATCH/': 'update|edit|patch',
  'DELETE/': 'delete|destroy|remove',
  POST: 'index|create|store|add|save|post',
};

/** By the path alone, where no line declares it. */
export async function findActionOfPath(
  hint: TextHint,
  method: string | undefined,
  { search }: Question,
): Promise<readonly Finding[]> {
  if (search.languages && !search.languages.has('php')) return [];
  const all = hint.text
    .replace(/^[A-Z]+ |[?#].*$/g, '')
    .split('/')
    .filter((part) => part !== '' && part !== 'index.php')
    .flatMap((part) => (/^[a-z]+\.\w+$/i.test(part) ? part.split('.') : [part]));
  const end = all.findIndex((part) => !/^[a-z][\w-]{0,60}$/i.test(part));
  const parts = end < 0 ? all : all.slice(0, end);
  for (let depth = Math.min(maxDepth, parts.length - 1); depth >= 0; depth--) {
    const [controller, action = 'index'] = parts.slice(depth);
    // Of a resource the request's method says which.
    const isValue = depth + 1 === parts.length && parts.length < all.length;
    const isOfVerb = isValue || (depth + 1 === parts.length && method !== undefined && method !== 'GET');
    if (isValue && all.length - parts.length > 1) continue;
    const wanted = isOfVerb ? (habits[`${method ?? 'GET'}${isValue ? '/' : ''}`] ?? action) : action;
    const [first, second] = await actionsOf(parts.slice(0, depth), controller, wanted, new Set(), search);
    if (!first) continue;
    const isTied = second?.others === first.others;
    // Frameworks whose routes are such paths say them without a slash before.
    const isRoute = hint.from === 'http.route' && !hint.text.startsWith('/') && depth + 2 === all.length;
    const sure = isOfVerb
      ? routeConfidence.named
      : isTied
        ? routeConfidence.alike
        : isRoute
          ? routeConfidence.handlerName
          : routeConfidence.end;
    return [
      {
        source: first.place.source,
        line: first.place.line,
        rung: 'literal',
        fit: 1,
        confidence: first.others && !isTied ? Math.min(sure, routeConfidence.end) : sure,
        reason: `from ${hint.from}, the path ${display(hint.text, 80)} names the class and its method`,
      },
    ];
  }
  return inOwnFile(parts, hint, search);
}

/** `shop/label/print` of Magento is `Controller/Label/Print.php`. */
async function inOwnFile(parts: readonly string[], hint: TextHint, search: SourceSearch): Promise<readonly Finding[]> {
  const [folder, name] = parts.slice(-2);
  if (name === undefined) return [];
  for (const source of (await search.context.ports.workspace.findByBaseName(`${name}.php`, true)).map((file) =>
    search.file(file),
  )) {
    const own = source?.path.slice(0, -1) ?? [];
    if (
      source?.standing !== 'source' ||
      plain(own.at(-1) ?? '') !== plain(folder) ||
      !own.some((part) => ofControllers.test(part))
    )
      continue;
    const lines = (await search.context.lines(source.file)) ?? [];
    const line = lines.findIndex((text) =>
      /^\s*public\s+function\s+(?:execute|__invoke|handle)\s*\(/.test(text.slice(0, maxLine)),
    );
    const reason = `from ${hint.from}, the path ${display(hint.text, 80)} names the file of the class`;
    if (line >= 0) return [{ source, line, rung: 'literal', fit: 1, confidence: routeConfidence.end, reason }];
  }
  return [];
}
