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
