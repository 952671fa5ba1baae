// Two things that a span says and that lead to the same function are worth more than one; a class is no function.
import { expect, it } from 'vitest';
import { hintsOf, placeOf, shown } from './support/memory';

it('leads to the function that has the name as a text, not to the class around it that is the beginning of the name', async () => {
  const files = {
    'Garden/ReedIndex.cs': `namespace Garden;

public sealed class ReedIndex(IReedStore store) : IReedIndex
{
    public async Task<Reed> FindByNameAsync(string name)
    {
        using (Telemetry.Activities.StartActivity("ReedIndex/GetReedByName"))
        {
            return await store.FindAsync(name);
        }
    }
}
`,
  };
  const span = { name: 'ReedIndex/GetReedByName', kind: 1, language: 'dotnet', attributes: {} };
  expect(shown(await hintsOf(span, files))[0]).toMatch(/^Garden\/ReedIndex\.cs:7 /);
});

it('prefers what a span tells to a copy of the library that made the span', async () => {
  const attributes = {
    'code.function.name': 'Illuminate\\Console\\Command::execute',
    'code.file.path': '/app/vendor/laravel/framework/src/Illuminate/Console/Command.php',
  };
  const files = {
    'app/PayBills.php': `<?php
class PayBills extends Command {
    protected $signature = 'bills:pay {--all}';
    public function handle(): int {
    }
}
`,
    'overrides/Illuminate/Console/Command.php': `<?php
namespace Illuminate\\Console;
class Command {
    protected function execute() {
    }
}
`,
  };
  const span = { name: 'Command bills:pay', scope: 'io.opentelemetry.contrib.php.laravel', language: 'php', kind: 1 };
  expect(await placeOf({ ...span, attributes }, files)).toBe('app/PayBills.php:4');
});

const twoShops = {
  'old/config/routes.rb': `Shop::Application.routes.draw do\n  namespace :admin do\n    resources :reeds\n  end\nend\n`,
  'old/app/controllers/admin/reeds_controller.rb': `module Admin\n  class ReedsController < BaseController\n    def index\n    end\n  end\nend\n`,
  'desk/app/controllers/desk_admin/reeds_controller.rb': `module DeskAdmin\n  class ReedsController < BaseController\n    def index\n    end\n  end\nend\n`,
  'pages/app/controllers/reeds_controller.rb': `class ReedsController < BaseController\n  def index\n  end\nend\n`,
};

async function shops(type: string, route: string): Promise<readonly string[]> {
  const attributes = { 'code.namespace': type, 'code.function': 'index', 'http.route': route, 'http.request.method': 'GET' };
  const span = { name: `GET ${route}`, kind: 2, language: 'ruby', service: 'desk', attributes };
  return shown(await hintsOf(span, twoShops));
}

it('believes the class that a span tells before one that is called alike and answers the same route', async () => {
  const [first, ...others] = await shops('DeskAdmin::ReedsController', '/admin/reeds');
  expect(first).toMatch(/^desk\/.*:3 /);
  for (const each of others) expect(Number(/ (0\.\d+)/.exec(each)?.[1] ?? 0)).toBeLessThan(0.5);
  expect((await shops('Admin::ReedsController', '/admin/reeds'))[0]).toMatch(/^old\/.*:3 /);
});

it('prefers the class of the whole name to one of which the end is, in the service’s own folder', async () => {
  expect((await shops('ReedsController', '/reeds'))[0]).toMatch(/^pages\/.*:2 /);
});
