/** Hostile text: what a trace says must change nothing of how a page reads, and must order nothing. */

import { describe, expect, it } from 'vitest';
import { plain, plainText, textOf, withoutAddresses } from '../../../src/core/text/plainText';
import { shorten, visibleLines, visibleText } from '../../../src/core/text/visibleText';
import { leastTime } from '../../support/leastTime';

/** As VS Code 1.96 to 1.139 look for links in notifications, prompts and validation messages. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
/** As they look for icons. */
const icon = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

describe('visibleText', () => {
  it('shows what would turn the line around', () => {
    expect(visibleText('user\u202egnp.exe')).toBe('user‹U+202E›gnp.exe');
    expect(visibleText('a\u2066b\u2069')).toBe('a‹U+2066›b‹U+2069›');
  });

  it('shows line ends, controls and invisible characters', () => {
    expect(visibleText('a\nb\tc\u0000d\u007f')).toBe('a␊b␉c␀d␡');
    expect(visibleText('admin\u200b')).toBe('admin‹U+200B›');
    expect(visibleText('ad\u200dmin\u00ad\u2064')).toBe('ad‹U+200D›min‹U+00AD›‹U+2064›');
    expect(visibleText('a\u{e0041}b\ud800c\u3164')).toBe('a‹U+E0041›b‹U+D800›c‹U+3164›');
  });

  it('leaves text of every script as it is', () => {
    for (const text of ['Zażółć', '支払い', 'مرحبا', '👩‍👩‍👧', '❤️', 'می‌خواهم', 'naïve café'])
      expect(visibleText(text)).toBe(text);
  });

  it('keeps line ends where lines are wanted', () => {
    expect(visibleLines('a\r\nb\rc\u202e')).toBe('a\nb\nc‹U+202E›');
  });

  it('cuts whole characters', () => {
    expect(shorten('ab😀cd', 3)).toBe('ab…');
    expect(shorten('ab😀cd', 4)).toBe('ab😀…');
    expect(shorten('ab', 4)).toBe('ab');
  });
});

describe('plainText', () => {
  it.each([
    '[Click me](command:workbench.action.terminal.sendSequence?%7B%7D)',
    '[a](https://evil.example)',
    '[a](file:///etc/passwd "title")',
    '[[a]](command:x)',
    ']\u0000(command:x)',
    '[a]\n(command:x)',
    '$(bug)',
    '\\$(bug)',
    '$(sync~spin) [x](COMMAND:y)',
    '$\u200b(bug)',
  ])('orders nothing: %j', (text) => {
    const shown = plainText(`before ${text} after`);
    expect(shown).not.toMatch(link);
    expect(shown).not.toMatch(icon);
    expect(plainText(shown)).toBe(shown);
    // It reads as it is.
    if (/^[ -~]*$/.test(text)) expect(shown.replaceAll('\u200b', '')).toBe(`before ${text} after`);
  });

  it('is one line, of a bounded length', () => {
    expect(plainText(' a\r\n\tb\u2028c\u0085d ')).toBe('a b c d');
    expect(plainText('first\n[error] forged')).toBe('first [error] forged');
    expect(plainText('x'.repeat(5_000))).toBe(`${'x'.repeat(1_000)}…`);
    expect(plainText('ab😀c', 3)).toBe('ab…');
    const blank = `${' '.repeat(1e6)}x`;
    expect(leastTime(() => void plainText(blank))).toBeLessThan(200);
  });

  it('shows what hides or turns the line around', () => {
    expect(plainText('user\u202egnp.exe\u0007')).toBe('user‹U+202E›gnp.exe␇');
  });

  it('leaves other text alone', () => {
    for (const text of ['GET /cart/[id]', 'main.(*Server).Handle', 'https://shop.example/a?b=c', 'fn(a)[0]', 'Zażółć 支払い'])
      expect(plainText(text)).toBe(text);
  });

  it('breaks bare addresses where they would be links', () => {
    expect(withoutAddresses('see https://a.example, www.b.example, c@d.example')).toBe(
      'see https:\u200b//a.example, www\u200b.b.example, c@\u200bd.example',
    );
  });
});

describe('plain', () => {
  it('keeps what is ours, and makes plain what is put in', () => {
    expect(plain`$(error) ${'$(bug) [a](command:b)'} · ${3}\n${plain`$(check) ${'c\nd'}`}${undefined}`.text).toBe(
      '$(error) $\u200b(bug) [a]\u200b(command:b) · 3\n$(check) c d',
    );
  });

  it('lets no order come about where two texts meet', () => {
    expect(plain`${'[a]'}(command:${'b'})`.text).not.toMatch(link);
    expect(plain`${'[a]'}${'(command:b)'}`.text).not.toMatch(link);
    expect(plain`[a]${'(command:b)'}`.text).not.toMatch(link);
    expect(plain`${'$'}(${'bug'})`.text).not.toMatch(icon);
    expect(plain`${plain`${'$'}`}${undefined}${'(bug)'}`.text).not.toMatch(icon);
  });

  it('is what is shown', () => {
    expect(textOf(plain`$(check) ${'$(x)'}`)).toBe('$(check) $\u200b(x)');
    expect(textOf('$(check)')).toBe('$\u200b(check)');
  });
});
