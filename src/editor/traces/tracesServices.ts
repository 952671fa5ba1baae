import type { App } from '../../app/app';
import type { TraceViews } from '../../app/views/traceViews';

/** What the Traces view is made of. */
export type TracesServices = Pick<
  App,
  'traces' | 'facts' | 'backends' | 'settings' | 'engine' | 'capture' | 'memento' | 'problems'
> & {
  readonly views: TraceViews;
};
