// Messages of a bus by their class: who handles them, who sends them; commands of a console by their name.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

const files = {
  'src/Message/PaintBoat.php':
    '<?php\nnamespace App\\Message;\n\nfinal class PaintBoat\n{\n    public function __construct(public int $id) {}\n}\n',
  'src/MessageHandler/PaintBoatHandler.php': `<?php
namespace App\\MessageHandler;

use App\\Message\\PaintBoat;
use Symfony\\Component\\Messenger\\Attribute\\AsMessageHandler;

#[AsMessageHandler]
final class PaintBoatHandler
{
    public function __construct(private Yard $yard) {}

    public function __invoke(PaintBoat $message): void
    {
        $this->paint($message);
    }

    private function paint(PaintBoat $message): void
    {
    }
}
`,
  'src/Fleet/Harbour.php': `<?php
namespace App\\Fleet;

class Harbour
{
    #[AsMessageHandler]
    public function onScrapped(
        ScrapBoat $event,
    ): void {
    }

    public function order(int $id): void
    {
        $this->bus->dispatch(new PaintBoat($id));
    }
}
`,
  'src/Command/SailCommand.php': `<?php
namespace App\\Command;

#[AsCommand(name: 'app:boats:sail', description: 'Sails.')]
class SailCommand extends Command
{
    protected function configure(): void
    {
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        return Command::SUCCESS;
    }
}
`,
};

describe('a message of a bus', () => {
  const place = (name: string, kind: number, attributes: Record<string, string>): Promise<string> =>
    placeOf({ name, kind, language: 'php', scope: 'io.opentelemetry.contrib.php.symfony_messenger', attributes }, files);

  it('is handled by who takes its class', async () => {
    const paint = { 'messaging.message': 'App\\Message\\PaintBoat', 'messaging.destination.name': 'async' };
    expect(await place('consume async', 5, paint)).toBe('src/MessageHandler/PaintBoatHandler.php:12');
    expect(await place('CONSUME App\\Message\\ScrapBoat', 5, { 'symfony.messenger.message': 'App\\Message\\ScrapBoat' })).toBe(
      'src/Fleet/Harbour.php:7',
    );
    const handler = { 'messaging.symfony.handler': 'App\\MessageHandler\\PaintBoatHandler' };
    expect(await place('process', 1, handler)).toBe('src/MessageHandler/PaintBoatHandler.php:12');
  });

  it('is sent by who makes one', async () => {
    const paint = { 'messaging.message': 'App\\Message\\PaintBoat' };
    expect(await place('create App\\Message\\PaintBoat', 4, paint)).toBe('src/Fleet/Harbour.php:14');
    expect(await place('DISPATCH App\\Message\\PaintBoat', 1, { 'symfony.messenger.message': 'App\\Message\\PaintBoat' })).toBe(
      'src/Fleet/Harbour.php:14',
    );
  });

  it('and a command runs', async () => {
    const scope = 'io.opentelemetry.contrib.php.symfony';
    expect(await placeOf({ name: 'app:boats:sail', language: 'php', kind: 1, scope, attributes: {} }, files)).toBe(
      'src/Command/SailCommand.php:11',
    );
  });
});

describe('a message that is known by its type', () => {
  const sea = {
    'Messages.cs':
      'public record PaintBoat(int Id);\npublic record ScrapBoatWorkItem(int Id);\npublic record BoatSold(int Id);\n',
    'PaintJob.cs':
      'public class PaintJob : QueueJobBase<PaintBoat>\n{\n    public PaintJob(IQueue<PaintBoat> queue) { }\n    protected override Task<JobResult> ProcessEntryAsync(Entry<PaintBoat> entry)\n    {\n    }\n}\n',
    'ScrapBoatWorkItemHandler.cs':
      'public class ScrapBoatWorkItemHandler : WorkItemHandlerBase\n{\n    public override Task HandleItemAsync(Context context)\n    {\n    }\n}\n',
    'Broker.cs':
      'public class Broker\n{\n    void Start() { bus.SubscribeAsync<BoatSold>(OnBoatSoldAsync); }\n    private Task OnBoatSoldAsync(BoatSold sold)\n    {\n    }\n}\n',
    'Sales.cs':
      'public class Sales\n{\n    public Task Sell(int id)\n    {\n        return queue.EnqueueAsync(new PaintBoat(id));\n    }\n}\n',
  };
  it.each([
    ['Queue: PaintBoat', {}, 'PaintJob.cs:4'],
    ['Work Item: Acme.Sea.ScrapBoatWorkItem, Acme.Sea', {}, 'ScrapBoatWorkItemHandler.cs:3'],
    ['harbour receive', { 'messaging.masstransit.message_types': 'urn:message:Acme.Sea:PaintBoat' }, 'PaintJob.cs:4'],
    ['process', { 'nservicebus.enclosed_message_types': 'Acme.Sea.BoatSold, Acme.Sea, Version=1.0' }, 'Broker.cs:4'],
    ['Message: BoatSold', {}, 'Broker.cs:4'],
  ])('is handled there: %s', async (name, attributes, place) => {
    expect(await placeOf({ name, kind: 5, language: 'dotnet', attributes }, sea)).toBe(place);
  });

  it('is sent where one is made', async () => {
    const attributes = { 'messaging.message.type': 'Acme.Sea.PaintBoat' };
    expect(await placeOf({ name: 'harbour send', kind: 4, language: 'dotnet', attributes }, sea)).toBe('Sales.cs:5');
  });

  it('is no word of any name', async () => {
    expect(await placeOf({ name: 'Event Pipeline', kind: 1, language: 'dotnet' }, sea)).toBe('');
  });
});
