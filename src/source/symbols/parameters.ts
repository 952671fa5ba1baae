/** The parameters of a definition, or the arguments of a call, as far as they tell overloads apart: how many, and their texts. */

export interface ParameterList {
  readonly texts: readonly string[];
  /** Those that may be left out do not count; a list of any length has no most. */
  readonly least: number;
  readonly most: number;
}

const maxChars = 4_000;
const maxLines = 30;

/** `column` is that of the name. Undefined where no parenthesis follows, or none closes it. */
export function parametersAt(lines: readonly string[], line: number, column: number): ParameterList | undefined {
  const text = [lines[line]?.slice(column) ?? '', ...lines.slice(line + 1, line + maxLines)].join('\n').slice(0, maxChars);
  const open = /^[^\n()]{0,300}\(/.exec(text)?.[0].length;
  if (open === undefined) return undefined;
  const texts: string[] = [];
  let depth = 0;
  let from = open;
  let quote = '';
  for (let i = open; i < text.length; i++) {
    const char = text[i];
    if (quote !== '') {
      if (char === '\\') i++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'" || char === '`') quote = char;
    else if (/[([{<]/.test(char)) depth++;
    // The arrow of a function is no bracket.
    else if (/[)\]}>]/.test(char) && !(char === '>' && /[-=]/.test(text[i - 1]))) {
      if (char === ')' && depth <= 0) {
        texts.push(text.slice(from, i));
        return listOf(texts);
      }
      depth = Math.max(0, depth - 1);
    } else if (char === ',' && depth === 0) {
      texts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return undefined;
}

function listOf(raw: readonly string[]): ParameterList {
  const texts = raw.map((each) => each.replace(/\s+/g, ' ').trim()).filter((each) => each !== '' && !isReceiver(each));
  const optional = texts.filter((each) => /=(?!>)|\\\\/.test(each)).length;
  const isOpen = texts.some((each) => /\.\.\.|\bvararg\b|\bparams\b|^\*/.test(each));
  return { texts, least: texts.length - optional - (isOpen ? 1 : 0), most: isOpen ? Number.POSITIVE_INFINITY : texts.length };
}

function isReceiver(text: string): boolean {
  return /^(?:&?(?:'\w+ )?(?:mut )?self|self|cls|this [\w<>.]+ \w+)$/.test(text);
}
