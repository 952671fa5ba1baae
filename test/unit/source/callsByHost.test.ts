// Client spans that tell a host and a method only: the call of a client in what the caller leads to, or in the files of the host.
import { describe, expect, it } from 'vitest';
import { resolveSpan, type SourcePorts } from '../../../src/source';
import { hintsOf, shown } from './support/memory';
import { memorySearch } from './support/search';
import { memoryWorkspace } from './support/workspace';

const post = { 'http.request.method': 'POST', 'server.address': 'hooks.courier.com' };
const span = { name: 'POST', kind: 3, attributes: post };

describe('a host whose path nobody wrote', () => {
  it('leads to the only call of its method in the files that are called like it', async () => {
    const files = {
      'bills/courier.py':
        'import requests\n\ndef deliver(target, body):\n    requests.get(target.status)\n    requests.post(target.url, json=body)\n',
      'bills/mail.py': 'import requests\n\ndef deliver(target, body):\n    requests.post(target.url, json=body)\n# courier\n',
    };
    expect(shown(await hintsOf(span, files))[0]).toBe('bills/courier.py:5 0.48');
  });

  it('is nothing that is only got in them: an attribute, an element, a row', async () => {
    const get = { ...span, name: 'GET', attributes: { ...post, 'http.request.method': 'GET' } };
    const files = {
      'web/courier.js': "const mark = document.getElementsByTagName('script')[0].getAttribute('src');\n",
      'jobs/courier.py': 'row, made = Row.objects.get_or_create(name="x")\n',
    };
    expect(shown(await hintsOf(get, files))).toEqual([]);
  });

  it('is a guess where several fit', async () => {
    const files = {
      'courier.ts':
        'export async function a(url) {\n  await axios.post(url, { a: 1 });\n}\nexport async function b(url) {\n  await axios.post(url);\n}\n',
    };
    const { candidates } = await hintsOf(span, files);
    expect(candidates.length).toBeGreaterThan(0);
    expect(candidates[0].confidence).toBeLessThanOrEqual(0.4);
  });

  it('is no method that is defined there, and the call of the request method before one that sends', async () => {
    const text = `export class Courier {
  shouldSend(): boolean {
    return true;
  }
  async send(bill: Bill) {
    const target = \`https://hooks.courier.com/\${this.key}/\${bill.image ? 'pictures' : 'texts'}\`;
    await axios.post(target, this.send(bill));
  }
}
`;
    expect(shown(await hintsOf(span, { 'bills/agents/courier.ts': text }))).toEqual(['bills/agents/courier.ts:7 0.48']);
  });

  it('may be called by any name of the host', async () => {
    const attributes = { ...post, 'server.address': 'relay.courier.com' };
    const files = {
      'lib/relay.ts': "import { Client } from '@courier/relay';\nexport const relay = new Client();\n",
      'lib/hooks.ts': "import { relay } from './relay';\nexport const tell = (body) =>\n  relay.publish({ body });\n",
    };
    expect((await hintsOf({ ...span, attributes }, files)).candidates[0]?.file).toContain('hooks.ts');
  });

  it('is of the method that fetch is given', async () => {
    const files = {
      'courier.ts':
        "export async function status(url) {\n  return fetch(url);\n}\nexport async function deliver(url, body) {\n  return fetch(url, {\n    method: 'POST',\n    body,\n  });\n}\n",
    };
    expect(shown(await hintsOf(span, files))).toEqual(['courier.ts:5 0.48']);
  });

  it('is looked for in them as well where the caller leads nowhere', async () => {
    const files = {
      'file:///w/a.py':
        'def collect_bills(job):\n    if not job:\n        return HttpResponseBadRequest(job.post)\n    job.plugin.notify(job)\n',
      'file:///w/courier.py': 'import requests\n\ndef other(options):\n    requests.post(options.get("url"))\n',
    };
    const ports: SourcePorts = { workspace: memoryWorkspace(['file:///w'], files), search: memorySearch(files) };
    const parent = { name: 'run', service: 'bills', kind: 1, attributes: { 'code.function.name': 'collect_bills' } };
    const family = { ancestors: [parent], before: [], children: [] };
    const { candidates } = await resolveSpan({ ...span, service: 'bills', resource: {}, events: [], family }, ports, {
      pathMappings: {},
    });
    expect(candidates[0]?.file).toBe('file:///w/courier.py');
    expect(candidates[0]?.line).toBe(3);
  });

  it('is looked for in what the caller leads to first', async () => {
    const files = {
      'file:///w/a.py': 'from .delivery import deliver\n\ndef collect_bills(job):\n    deliver(job.url)\n',
      'file:///w/delivery.py': 'import requests\n\ndef deliver(url):\n    requests.post(url)\n',
      'file:///w/courier.py': 'import requests\n\ndef other(url):\n    requests.post(url)\n',
    };
    const ports: SourcePorts = { workspace: memoryWorkspace(['file:///w'], files), search: memorySearch(files) };
    const parent = { name: 'run', service: 'bills', kind: 1, attributes: { 'code.function.name': 'collect_bills' } };
    const family = { ancestors: [parent], before: [], children: [] };
    const { candidates } = await resolveSpan({ ...span, service: 'bills', resource: {}, events: [], family }, ports, {
      pathMappings: {},
    });
    expect(candidates[0]?.file).toBe('file:///w/delivery.py');
    expect(candidates[0]?.line).toBe(3);
  });
});

describe('an address that a user typed in for webhooks', () => {
  const sent = {
    name: 'POST',
    kind: 3,
    attributes: { 'http.request.method': 'POST', 'url.full': 'https://hooks.acme.example/tides/7f3' },
  };

  it('leads to the request of the file that is called after them, where it is sent', async () => {
    const files = {
      'models/webhook.go': `package models

func (w *Webhook) Test() error {
	resp, err := httpClient.Post("https://example.com/ping", "x", nil)
	return err
}

func (w *Webhook) deliver(payload []byte) error {
	req, err := http.NewRequest("POST", w.TargetURL, bytes.NewReader(payload))
	resp, err := httpClient.Do(req)
	return err
}
`,
      'mail/mail.go': 'package mail\n\nfunc Send(target string) {\n\thttp.Post(target, "x", nil)\n}\n',
    };
    expect(shown(await hintsOf({ ...sent, language: 'go' }, files))[0]).toBe('models/webhook.go:10 0.50');
  });

  it('leads to the class that is called after them, and to no page and no request to an address that is written', async () => {
    const files = {
      'events/publisher.py':
        'import requests\n\nclass WebhookPublisher:\n    def publish(self, event, urls):\n        for url in urls:\n            requests.post(url, json=event)\n\nclass Other:\n    def publish(self, url):\n        requests.post(url)\n',
      'web/webhooks.tsx': "export const save = () => api.post(target, { webhook: 'x' });\n",
      'jobs/webhook_status.py':
        'import requests\n\ndef send_webhook_status():\n    requests.post("https://status.example.org/up")\n',
    };
    expect(shown(await hintsOf({ ...sent, language: 'python' }, files))).toEqual(['events/publisher.py:6 0.50']);
  });
});

it('is no word that something else is given', async () => {
  const files = {
    'web/form.tsx':
      "export const Form = () => {\n  const formik = useFormik({\n    initialValues: { service: 'tides' },\n    onSubmit: async (values) => save(values),\n  });\n};\n",
    'web/tags.ts': "const tags = shuffle(['tides', 'boats']);\n",
  };
  const asked = { 'http.request.method': 'POST', 'url.full': 'https://pier.example.com/webhooks/tides' };
  expect(shown(await hintsOf({ name: 'POST', kind: 3, language: 'webjs', attributes: asked }, files))).toEqual([]);
});
