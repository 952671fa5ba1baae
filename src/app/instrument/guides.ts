/** Offers that lead on where nothing can be done from here: pages of OpenTelemetry's documentation, and text to start from. */

import type { UserInterface } from '../ports/userInterface';
import type { Offer } from './instrumentation';

const DOCS = 'https://opentelemetry.io/docs/';

/** @param page below OpenTelemetry's documentation: `languages/go/getting-started/` */
export function documentation(ui: Pick<UserInterface, 'openAddress'>, page: string): Offer {
  return {
    title: 'Show Instructions',
    run: async () => {
      await ui.openAddress(`${DOCS}${page}`);
    },
  };
}

/** Types a command in a new terminal; the person runs it. */
export function command(
  ui: Pick<UserInterface, 'typeInTerminal'>,
  title: string,
  folder: string | undefined,
  text: string,
): Offer {
  return { title, run: async () => ui.typeInTerminal('OpenTelemetry', folder, text) };
}
