/** The webview's entry: styles, and the application on the window's port. */

import './styles/base.css';
import './styles/title.css';
import './styles/footer.css';
import './styles/problem.css';
import './styles/progress.css';
import './styles/minimap.css';
import './styles/rows.css';
import './styles/waterfall.css';
import './styles/hover.css';
import './styles/keys.css';
import './styles/legend.css';
import './styles/details.css';
import './styles/attributes.css';
import './styles/list.css';
import { pagePort } from '../src/protocol/pages';
import { joinedPort } from '../src/protocol/pieces';
import { loadControls } from './elements/controls';
import { vscodeApi, windowPort } from './host';
import { App } from './shell/app';

// Random, of this load alone: messages of the load before may still be under way in this frame.
const page = crypto.getRandomValues(new Uint32Array(4)).join('-');
const { currentScript } = document;
const own = currentScript instanceof HTMLScriptElement ? currentScript : null;
new App(document.body, joinedPort(pagePort(windowPort(), page)), vscodeApi, () => loadControls(own));
