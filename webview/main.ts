/** The webview's entry: styles, and the application on the window's port. */

import './styles/base.css';
import './styles/title.css';
import './styles/footer.css';
import './styles/problem.css';
import './styles/progress.css';
import './styles/minimap.css';
import './styles/rows.css';
import './styles/waterfall.css';
import './styles/keys.css';
import './styles/details.css';
import './styles/attributes.css';
import './styles/list.css';
import { App } from './shell/app';
import { vscodeApi, windowPort } from './shell/host';

new App(document.body, windowPort(), vscodeApi);
