/** The JSON schema of the setting `spanhop.backends`, out of what the kinds' descriptors say. It stands in package.json; a test compares the two. */

import type { BackendDescriptor, BackendField } from '../../src/backends/common/descriptor';

const name = {
  type: 'string',
  minLength: 1,
  maxLength: 100,
  not: { enum: ['local'] },
  markdownDescription: 'How the backend is called in lists and links. Unique; `local` is taken.',
};

const url = {
  type: 'string',
  format: 'uri',
  pattern: '^https?://[^/@]*(?:/|$)',
  patternErrorMessage: 'An address that begins with http:// or https://, without user and password.',
  markdownDescription: 'Base address, with its base path where it has one: `http://localhost:16686/jaeger`.',
};

const headers = {
  type: 'object',
  additionalProperties: { type: 'string' },
  markdownDescription:
    'Headers to send with each request, such as a tenant. No secrets: settings are plain text, often shared. Use *Spanhop: Set Credential of Backend…* or `headersCommand`.',
};

const pathNote = 'An absolute path, or one from the home folder: `~/certificates/ca.pem`. In a workspace also from its folder.';
const file = (description: string) => ({ type: 'string', minLength: 1, markdownDescription: `${description} ${pathNote}` });

const tls = {
  type: 'object',
  additionalProperties: false,
  dependencies: { certFile: ['keyFile'], keyFile: ['certFile'] },
  properties: {
    caFile: file('PEM file of the certificates that are trusted for this backend, in the place of those of the system.'),
    certFile: file('PEM file of the client certificate that is shown to this backend.'),
    keyFile: file(
      'PEM file of the key of the client certificate. Its passphrase does not belong here: run *Spanhop: Set Credential of Backend…*.',
    ),
    serverName: {
      type: 'string',
      minLength: 1,
      description: "The host name that the server's certificate is of, where that is not the address's.",
    },
  },
  description: 'Certificates for this backend.',
};

const headersCommand = {
  type: 'array',
  minItems: 1,
  items: { type: 'string' },
  markdownDescription:
    'A program and its arguments, run without a shell. It prints headers to send to this backend: lines `Name: value`, or JSON `{"headers": {…}, "expiresInSeconds": 300}`, or what plug-ins of kubectl print. It is run again when they are refused or their time is over.',
};

export function backendsSchema(kinds: readonly BackendDescriptor[]): object {
  const types = kinds.map(({ type }) => type);
  return {
    type: 'array',
    items: {
      type: 'object',
      required: ['name', 'type'],
      properties: {
        name,
        type: { type: 'string', enum: types, enumDescriptions: kinds.map(describe), description: 'What the server is.' },
        ...{ url, headers, tls, headersCommand },
      },
      anyOf: kinds.map(schemaOf),
      defaultSnippets: kinds.map(snippetOf),
    },
  };
}

function describe({ label, alsoKnownAs = [] }: BackendDescriptor): string {
  return alsoKnownAs.length === 0 ? label : `${label}; also ${alsoKnownAs.join(', ')}`;
}

function schemaOf(kind: BackendDescriptor): object {
  const required = kind.fields.filter((field) => field.required).map((field) => field.name);
  return {
    required: ['name', 'type', ...(kind.address === 'asked' ? ['url'] : []), ...required],
    additionalProperties: false,
    properties: {
      // What all have is said above.
      name: true,
      type: { const: kind.type },
      url: true,
      ...Object.fromEntries(kind.fields.map((field) => [field.name, schemaOfField(field)])),
      ...{ headers: true, tls: true, headersCommand: true },
    },
  };
}

function schemaOfField({ type, description, choices, default: fallback, pattern, example }: BackendField): object {
  return {
    type,
    description,
    ...(choices ? { enum: choices } : {}),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(pattern === undefined ? {} : { pattern: `^(?:${pattern})$` }),
    ...(example === undefined ? {} : { examples: [example] }),
  };
}

function snippetOf(kind: BackendDescriptor): object {
  let stop = 1;
  const place = (text: string): string => `\${${stop++}:${text.replace(/[\\$}]/g, '\\$&')}}`;
  const where = kind.defaultPort === undefined ? kind.label : `${kind.label} local`;
  const asked = kind.fields.filter((field) => field.required);
  return {
    label: kind.label,
    description: describe(kind),
    body: {
      name: place(where),
      type: kind.type,
      ...(kind.address === 'asked' ? { url: place(kind.exampleUrl) } : {}),
      ...Object.fromEntries(asked.map((field) => [field.name, place(field.example ?? field.label)])),
    },
  };
}
