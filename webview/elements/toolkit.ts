/**
 * The webview UI toolkit, all of it that is used: a script of its own (`dist/controls.js`), for it takes longer to parse than the rest of the page. The
 * toolkit is no longer developed, so whoever replaces it changes this file and `controls.ts`.
 */

import { provideVSCodeDesignSystem, vsCodeButton, vsCodeTextField } from '@vscode/webview-ui-toolkit';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeTextField());
