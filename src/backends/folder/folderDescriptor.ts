/** A folder of trace files as settings and forms have it. */

import type { BackendDescriptor } from '../common/descriptor';

export const folder: BackendDescriptor = {
  type: 'folder',
  label: 'Folder',
  exampleUrl: 'file:///var/log/otel',
  address: ({ path }) => `file:///${encodeURI(String(path).replace(/^[\\/]+/, ''))}`,
  fields: [
    {
      name: 'path',
      label: 'Folder',
      description:
        'A folder that trace files are in or are written to, by an OpenTelemetry Collector for one, with the folders in it. An absolute path, one from the home folder (~/traces), or in a workspace one from its folder (${workspaceFolder}/traces).',
      type: 'string',
      required: true,
      isAsked: true,
      isFolder: true,
      example: '~/traces',
      pattern: '[^\\0]*\\S[^\\0]*',
    },
  ],
  credentials: [],
  defaultWindowMs: 0,
  capabilities: { dependencies: false, tags: false, services: false },
  alsoKnownAs: ['trace files', 'OpenTelemetry Collector (file exporter)'],
  async create(context) {
    const { FolderBackend } = await import('./folder');
    return new FolderBackend(context);
  },
};
