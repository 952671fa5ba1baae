/** Input boxes. VS Code makes links of `[label](command:…)` in their prompt and in what they say of a wrong value. */

import { window } from 'vscode';
import { type DisplayText, textOf } from '../../core/text/plainText';

export interface InputOptions {
  readonly title: DisplayText;
  readonly prompt?: DisplayText;
  readonly placeholder?: DisplayText;
  readonly value?: string;
  readonly password?: boolean;
  readonly ignoreFocusOut?: boolean;
  /** What is wrong with a value; undefined: nothing. */
  readonly validate?: (value: string) => string | undefined | Promise<string | undefined>;
}

/** Asks for a text; undefined: given up. */
export async function askForText(options: InputOptions): Promise<string | undefined> {
  const { title, prompt, placeholder, value, password, ignoreFocusOut, validate } = options;
  return window.showInputBox({
    title: textOf(title),
    prompt: prompt && textOf(prompt),
    placeHolder: placeholder && textOf(placeholder),
    value,
    password,
    ignoreFocusOut,
    validateInput:
      validate &&
      (async (typed) => {
        const problem = await validate(typed);
        return problem === undefined ? undefined : textOf(problem);
      }),
  });
}
