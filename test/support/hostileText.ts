/**
 * Text that orders something from whatever parses it, a look for what came of it, and clicks where an order would be. The harmless command
 * behind the links counts how often it ran.
 */

import type { Frame, Locator } from 'playwright-core';
import type { Workbench } from '../vscode/workbench.mjs';

/** What a person would read of a link. */
export const linkLabel = 'Click me';

/** Links of three kinds, a picture, an icon that nothing else has, a mark of direction. `way` is told to the command. */
export function hostile(way: string): string {
  return `[${linkLabel}](command:spanhopTest.owned?%22${way}%22) $(squirrel) ![p](https://evil.example/p.png) [w](https://evil.example/w) \u202E${way}`;
}

/** The same, where there is little room, or no place for spaces. */
export function short(way: string): string {
  return `[${linkLabel}](command:spanhopTest.owned?%22${way}%22)$(squirrel)`;
}

/** Registers the command. */
export async function arm(window: Workbench): Promise<void> {
  await window.host(({ vscode, memory }) => {
    const ran: unknown[] = [];
    memory.owned = ran;
    memory.ownedCommand = vscode.commands.registerCommand('spanhopTest.owned', (way: unknown) => ran.push(way));
    return true;
  });
}

/** The ways whose command ran. */
export function ran(window: Workbench): Promise<readonly unknown[]> {
  return window.host(({ memory }) => memory.owned as unknown[]);
}

/** All that came of an order in the window and its frames: links, icons, pictures, marks of direction. */
export async function obeyed(window: Workbench): Promise<readonly string[]> {
  const found: string[] = [];
  for (const frame of window.page.frames()) found.push(...(await obeyedIn(frame)));
  return found;
}

async function obeyedIn(frame: Frame): Promise<readonly string[]> {
  // A frame that goes away meanwhile shows nothing.
  const look = frame.evaluate(() => {
    const found: string[] = [];
    for (const link of document.querySelectorAll('a, img')) {
      const to = ['href', 'data-href', 'src'].map((name) => link.getAttribute(name) ?? '').join(' ');
      if (/spanhopTest|evil\.example/.test(to)) found.push(`${link.tagName} to ${to.trim()}`);
    }
    for (const icon of document.querySelectorAll('.codicon-squirrel'))
      found.push(`an icon in "${icon.parentElement?.textContent}"`);
    // Text of files is theirs, and so are their names; what a person types is the person's.
    const own = '.view-lines, .explorer-folders-view, input, textarea, .native-edit-context';
    const turns = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
    for (const element of document.querySelectorAll('*')) {
      if (element.closest(own) || element.tagName === 'SCRIPT' || element.tagName === 'STYLE') continue;
      const texts = [...element.childNodes]
        .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent ?? '');
      const read = ['title', 'aria-label'].map((name) => element.getAttribute(name) ?? '');
      for (const text of [...texts, ...read]) if (turns.test(text)) found.push(`${element.className} turns "${text}"`);
    }
    return found;
  });
  return look.catch(() => []);
}

/** Clicks in the middle of the label of what would be a link, if it is in sight there. */
export async function clickLabel(window: Workbench, where: Locator): Promise<void> {
  const at = await where.first().evaluate((element, label) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const from = node.textContent?.indexOf(label) ?? -1;
      if (from < 0) continue;
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, from + label.length);
      const [box] = range.getClientRects();
      return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    }
    return undefined;
  }, linkLabel);
  if (!at) throw new Error(`"${linkLabel}" is not shown.`);
  await window.page.mouse.click(at.x, at.y);
}
