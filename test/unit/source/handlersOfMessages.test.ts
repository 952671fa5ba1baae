// A request that is built in steps; messages that a span is named after; overloads by what their caller gives; controllers whose routes an
// attribute of the program's own says.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

const ancestor = (name: string, path: string, language: string) => ({
  family: {
    ancestors: [{ name, service: '', kind: 1, language, attributes: { 'code.function.name': name, 'code.file.path': path } }],
    before: [],
    children: [],
  },
});
const called = (url: string, scope: string, language: string) => ({
  name: 'POST',
  kind: 3,
  scope,
  language,
  attributes: { 'http.request.method': 'POST', 'url.full': url },
});

it('is where a request is sent that is built in steps', async () => {
  const files = {
    'src/Mailer.java': `class Mailer {
    void send(String domain) {
        var requestBuilder = HttpRequest.newBuilder()
            .uri(URI.create(baseUrl + domain + "/letters"));
        if (isPlain) {
            requestBuilder.POST(plain(data));
        } else {
            requestBuilder.POST(parts.build());
        }
        client.send(requestBuilder.build(), discarding());
    }
}
`,
  };
  const asked = called('https://api.post.example/v3/ferry.example/letters', 'io.opentelemetry.java-http-client', 'java');
  expect(await placeOf(asked, files)).toBe('src/Mailer.java:10');
});

it('leads from a message that a span is named after to who handles it', async () => {
  const files = {
    'App/Tracing.cs':
      'class Tracing<TMessage>\n{\n    Task Handle(TMessage message)\n    {\n        using var span = source.StartActivity($"Mediator {typeof(TMessage).Name}");\n    }\n}\n',
    'App/CloseDeckCommandHandler.cs':
      'public class CloseDeckCommandHandler : ICommandHandler<CloseDeckCommand>\n{\n    public async Task Handle(CloseDeckCommand command)\n    {\n        await Task.Delay(1);\n    }\n}\n',
  };
  for (const name of ['Mediator CloseDeckCommand', 'CloseDeckCommand receive', 'CloseDeckCommand'])
    expect(await placeOf({ name, kind: 1, scope: 'Ferry', language: 'dotnet' }, files)).toBe('App/CloseDeckCommandHandler.cs:3');
});

it('is the overload whose parameters are called like what is given', async () => {
  const files = {
    'src/DeckController.java':
      'class DeckController {\n    Result delete(List<Long> ids) {\n        return decks.delete(ids);\n    }\n}\n',
    'src/Decks.java':
      'class Decks {\n    public void delete(Long id) {\n        repository.deleteById(id);\n    }\n    public void delete(List<Long> ids) {\n        repository.deleteAllById(ids);\n    }\n}\n',
  };
  const asked = {
    name: 'Decks.delete',
    kind: 1,
    language: 'java',
    attributes: { 'code.namespace': 'Decks', 'code.function': 'delete' },
  };
  expect(await placeOf({ ...asked, ...ancestor('DeckController.delete', '/app/src/DeckController.java', 'java') }, files)).toBe(
    'src/Decks.java:5',
  );
});

it('is the action of the controller that the route names, though its route stands nowhere', async () => {
  const files = {
    'App/ApiV1Attribute.cs':
      'public class ApiV1Attribute : RouteAttribute\n{\n    public ApiV1Attribute() : base("api/v1/" + name) { }\n}\n',
    'App/DecksController.cs':
      '[ApiV1]\n[ApiController]\npublic class DecksController : ControllerBase\n{\n    [HttpPost]\n    public async Task<int> Create(Deck deck)\n    {\n        return 1;\n    }\n}\n',
    'App/SettingsController.cs':
      '[ApiV1]\n[ApiController]\npublic class SettingsController : ControllerBase\n{\n    [HttpPost("Decks")]\n    public async Task<bool> DeckSettings(Settings settings)\n    {\n        return true;\n    }\n}\n',
  };
  const attributes = { 'http.request.method': 'POST', 'http.route': 'api/v1/Decks', 'url.path': '/api/v1/Decks' };
  const asked = { name: 'POST api/v1/Decks', kind: 2, scope: 'Microsoft.AspNetCore', language: 'dotnet', attributes };
  expect(await placeOf(asked, files)).toMatch(/^App\/DecksController\.cs:[56]$/);
});

it('is worked on by the function that a worker is given, wherever it is from', async () => {
  const files = {
    'workers/bills.js': `import { workerOf } from '@/workers/worker.js';
import { payBills } from '@/jobs/bills.js';

const billsWorker = workerOf(
  'pay-bills',
  payBills
);
`,
    'workers/worker.js': 'export const workerOf = (name, job) => new Worker(name, job, { connection });\n',
    'jobs/bills.js': "import { log } from '@/log.js';\n\nexport const payBills = async () => {\n};\n",
  };
  expect(
    await placeOf(
      { name: 'pay-bills x', kind: 5, language: 'nodejs', attributes: { 'messaging.destination.name': 'pay-bills' } },
      files,
    ),
  ).toBe('jobs/bills.js:3');
});
