/**
 * Arguments of a Java virtual machine in a launch configuration: a list, or a line that debuggers take apart as a shell does. Sources: vscode-java-debug,
 * `concatArgs` in configurationProvider.ts; java-debug, `DebugUtility.parseArguments`; the JDK's tool specification of `java`, "JDK_JAVA_OPTIONS".
 */

/** What a configuration's member holds; undefined where it is none of the two. */
export function argumentsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.filter((each): each is string => typeof each === 'string');
  return typeof value === 'string' ? split(value) : [];
}

/** The member with arguments before those that it has, in the form that it has. */
export function withArguments(value: unknown, added: readonly string[]): unknown {
  if (Array.isArray(value)) return [...added, ...value];
  const own = typeof value === 'string' ? value.trim() : '';
  return [...added.map(quoted), ...(own === '' ? [] : [own])].join(' ');
}

/** One argument of a line. */
export function quoted(argument: string): string {
  return /[\s"']/.test(argument) ? `"${argument.replaceAll('"', '\\"')}"` : argument;
}

/** UTF-16 units that are looked at. */
const maxLine = 64 << 10;

/** By blanks outside of quotes; a backslash takes the meaning of a double quote away. A quote that never ends goes to the end. */
function split(line: string): readonly string[] {
  const found: string[] = [];
  let at = '';
  let isOne = false;
  let quote = '';
  for (let i = 0; i < Math.min(line.length, maxLine); i++) {
    const sign = line[i];
    if (quote === '' && /\s/.test(sign)) {
      if (isOne) found.push(at);
      at = '';
      isOne = false;
      continue;
    }
    isOne = true;
    if (sign === '\\' && quote !== "'" && line[i + 1] === '"') at += line[++i];
    else if (sign === quote) quote = '';
    else if (quote === '' && (sign === '"' || sign === "'")) quote = sign;
    else at += sign;
  }
  return isOne ? [...found, at] : found;
}

/** Paths in `-javaagent:path=options`. */
export function agentsIn(args: readonly string[]): readonly string[] {
  return args.flatMap((each) => {
    const match = /^-javaagent:([^=]+)/s.exec(each);
    return match ? [match[1]] : [];
  });
}
