/** What the forms of backends are given. */

import type { App } from '../../app/app';

export type FormServices = Pick<App, 'backends' | 'backendEdits' | 'credentials' | 'problems'>;
