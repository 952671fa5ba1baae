/** The webview's entry: styles, and the application on the window's port. */

import './styles/base.css';
import './styles/waterfall.css';
import './styles/details.css';
import './styles/list.css';
import { App } from './app';
import { vscodeApi, windowPort } from './host';

new App(document.body, windowPort(), vscodeApi);
