// A task of Celery and a function of its name; a template below its package's own folder.
import { expect, it } from 'vitest';
import { hintsOf, shown } from './support/memory';

it('leads to the function that is marked as the task', async () => {
  const files = {
    'boats/export.py': 'def export_boats(user):\n    return zipped(user)\n',
    'boats/tasks.py':
      "from .export import export_boats as _export_boats\n\n\n@celery.task(name='export_boats', bind=True)\n@logged\ndef export_boats(user):\n    _export_boats(user)\n",
  };
  const span = { name: 'run/export_boats', kind: 5, language: 'python', attributes: { 'celery.task_name': 'export_boats' } };
  expect(shown(await hintsOf(span, files))).toEqual([expect.stringMatching(/^boats\/tasks\.py:6 0\.[5-9]/)]);
});

it('leads to a template that is asked for by its package', async () => {
  const files = {
    'harbour/modules/boats/templates/item.html': '<p>boat</p>\n',
    'harbour/modules/tides/templates/item.html': '<p>tide</p>\n',
  };
  const attributes = { 'jinja2.template_name': 'boats/item.html' };
  const [best] = shown(await hintsOf({ name: 'jinja2.render', kind: 1, language: 'python', attributes }, files));
  expect(best).toMatch(/^harbour\/modules\/boats\/templates\/item\.html:1 0\.[5-9]/);
});
