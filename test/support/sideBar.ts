/** The side bar's views as a person sees them: rows, message, title buttons, menus. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Workbench } from '../vscode/workbench.mjs';

export class SideBarView {
  constructor(
    private readonly window: Workbench,
    readonly name: string,
  ) {}

  private get page(): Page {
    return this.window.page;
  }

  get pane(): Locator {
    return this.page.locator('.pane').filter({ has: this.page.locator('.pane-header', { hasText: this.name }) });
  }

  get rows(): Locator {
    return this.pane.locator('.monaco-list-row');
  }

  /** The message line above the rows. */
  get message(): Locator {
    return this.pane.locator('.message');
  }

  /** Rows whose label begins with a text. */
  row(label: string): Locator {
    const begins = new RegExp(`^${label.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
    return this.rows.filter({ has: this.page.locator('.label-name', { hasText: begins }) });
  }

  /** Label and description of each row, as `label | description`. */
  async texts(): Promise<string[]> {
    return this.rows.evaluateAll((rows) =>
      rows.map((row) => {
        const label = row.querySelector('.label-name')?.textContent ?? '';
        const description = row.querySelector('.label-description')?.textContent ?? '';
        return description === '' ? label : `${label} | ${description}`;
      }),
    );
  }

  /** Opens or closes the rows below a row. */
  async toggle(row: Locator): Promise<void> {
    await row.locator('.monaco-tl-twistie').click();
  }

  /** Presses a button of the view's title bar. */
  async press(title: string): Promise<void> {
    await this.pane.locator('.pane-header').hover();
    await this.pane.locator(`.pane-header .action-label[aria-label="${title}"]`).click();
  }

  /** Presses a button that a row shows while the pointer is over it. */
  async pressInline(row: Locator, title: string): Promise<void> {
    await row.hover();
    await row.locator(`.action-label[aria-label^="${title}"]`).click();
  }

  /** Drags a row into the middle of the editor area, as a hand does: in steps. */
  async dragToEditors(row: Locator): Promise<void> {
    const { mouse } = this.page;
    const target = await this.page.locator('.part.editor').boundingBox();
    if (!target) throw new Error('There is no editor area.');
    await row.locator('.label-name').hover();
    await mouse.down();
    await mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 12 });
    await mouse.up();
  }

  /** The entries of a row's context menu; the menu is closed again. */
  async menuOf(row: Locator): Promise<string[]> {
    await row.click({ button: 'right' });
    const entries = this.page.locator('.monaco-menu .action-label');
    await entries.first().waitFor();
    const texts = (await entries.allInnerTexts()).map((text) => text.trim()).filter((text) => text !== '');
    await this.page.keyboard.press('Escape');
    await entries.first().waitFor({ state: 'hidden' });
    return texts;
  }

  /** The hover of a row, once it holds a text. */
  async hoverOf(row: Locator, text: string): Promise<string> {
    const hover = this.page.locator('.monaco-hover:visible').filter({ hasText: text });
    // A row that is drawn again just then shows none until the pointer moves, as a person's does.
    for (let move = 0; move < 10 && !(await hover.first().isVisible()); move++) {
      await row.hover({ position: { x: 40 + move, y: 8 } });
      await hover
        .first()
        .waitFor({ timeout: 3000 })
        .catch(() => {});
    }
    return hover.first().innerText();
  }
}

/** The quick pick or input box that is open. */
export class QuickInput {
  constructor(private readonly page: Page) {}

  get widget(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  get title(): Locator {
    return this.widget.locator('.quick-input-title');
  }

  get input(): Locator {
    return this.widget.locator('input[type="text"], input[type="password"]').last();
  }

  entry(text: string | RegExp): Locator {
    return this.widget.locator('.quick-input-list .monaco-list-row').filter({ hasText: text });
  }

  /** Waits for the input of a title, chooses an entry. */
  async choose(title: string, text: string | RegExp): Promise<void> {
    await this.title.filter({ hasText: title }).waitFor();
    await this.entry(text).first().click();
  }

  /** Waits for the input of a title, types, and presses Enter. */
  async type(title: string, text: string): Promise<void> {
    await this.title.filter({ hasText: title }).waitFor();
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  /**
   * Chooses a file or folder in VS Code's own dialog, which takes an Enter for what was typed only when it has listed that, and for an entry of its list
   * before.
   */
  async choosePath(title: string, path: string): Promise<void> {
    const dialog = this.title.filter({ hasText: title });
    await dialog.first().waitFor();
    const isOpen = async (): Promise<boolean> => {
      if (!(await dialog.first().isVisible())) return false;
      if ((await this.input.inputValue({ timeout: 1_000 }).catch(() => '')) === path)
        await this.input.press('Enter', { timeout: 1_000 }).catch(() => {});
      else await this.input.fill(path, { timeout: 1_000 }).catch(() => {});
      return true;
    };
    await expect.poll(isOpen, { timeout: 20_000, interval: 1_500 }).toBe(false);
  }
}
