// Routes of which a span tells the name: a small program in each notation, and the line that a person would open.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';
import { type Files, places } from './support/places';

const controller = (name: string, methods: readonly string[]): string =>
  `<?php\nnamespace App\\Controller;\n\nclass ${name} extends AbstractController\n{\n${methods
    .map((method) => `    public function ${method}(Request $request): Response\n    {\n        return new Response();\n    }\n`)
    .join('\n')}}\n`;

describe('the name of a route', () => {
  const files: Files = {
    'src/Controller/TapeController.php': `<?php
namespace App\\Controller;

#[Route('/tapes', name: 'shop_tape_')]
class TapeController extends AbstractController
{
    #[Route('', name: 'index', methods: ['GET'])]
    #[Converts('tape', options: ['mapping' => ['slug' => 'slug']])]
    #[Cache(maxage: 10)]
    public function list(): Response
    {
    }

    #[Route(
        path: '/{id}/play',
        name: 'play',
        requirements: ['id' => '\\d+'],
        methods: ['POST'],
    )]
    public function play(int $id): Response
    {
    }
}
`,
    'src/Controller/ReelController.php': `<?php
namespace App\\Controller;

class ReelController
{
    /**
     * Shows one of them.
     *
     * @Route(
     *     "/reels/{id}",
     *     name="reel_show"
     * )
     * @IsGranted("VIEW")
     */
    public function showAction(int $id)
    {
    }

    #[Route('/reels/export')]
    public function exportAll(): Response
    {
    }
}
`,
    'src/Controller/HomeController.php': `<?php
namespace App\\Controller;

#[Route('/', name: 'home')]
final class HomeController
{
    public function __construct(private Twig $twig) {}

    public function __invoke(): Response
    {
    }
}
`,
    'src/Controller/DiscController.php': controller('DiscController', ['list', 'show']),
    'src/Controller/Admin/DiscController.php': controller('DiscController', ['list', 'show']),
    'src/Controller/FeedController.php': controller('FeedController', ['__invoke']),
    'src/Controller/HookController.php': controller('HookController', ['receive', 'ping']),
    'config/routes/discs.yaml': `admin_discs:
    path: /admin/discs
    controller: App\\Controller\\Admin\\DiscController::list
    methods: [GET]

disc_show:
    path: /discs/{id}
    defaults: { _controller: 'App\\Controller\\DiscController::show', page: 1 }

feed:
    path: /feed.xml
    controller: App\\Controller\\FeedController
`,
    'config/routes/hooks.xml': `<routes>
  <route id="hook_ping" path="/hooks/ping" methods="GET">
    <default key="_controller">App\\Controller\\HookController::ping</default>
  </route>
  <route id="hook_receive" path="/hooks" methods="POST" controller="App\\Controller\\HookController::receive"/>
</routes>
`,
    'config/routes.php': `<?php
return function (RoutingConfigurator $routes): void {
    $routes->add('disc_list', '/discs')
        ->controller([DiscController::class, 'list'])
        ->methods(['GET']);
};
`,
    'templates/base.html.twig':
      '<a href="{{ path(\'shop_tape_index\') }}">Tapes</a>\n<a href="{{ path(\'reel_show\', { id: 1 }) }}">Reel</a>\n',
  };

  it('stands in an attribute, an annotation, YAML, XML or PHP', () =>
    places('php', files, [
      ['GET shop_tape_index', 'src/Controller/TapeController.php:10'],
      ['POST shop_tape_play', 'src/Controller/TapeController.php:20'],
      ['GET reel_show', 'src/Controller/ReelController.php:15'],
      ['GET home', 'src/Controller/HomeController.php:9'],
      ['GET admin_discs', 'src/Controller/Admin/DiscController.php:6'],
      ['GET disc_show', 'src/Controller/DiscController.php:11'],
      ['GET feed', 'src/Controller/FeedController.php:6'],
      ['GET hook_ping', 'src/Controller/HookController.php:11'],
      ['POST hook_receive', 'src/Controller/HookController.php:6'],
      ['GET disc_list', 'src/Controller/DiscController.php:6'],
    ]));

  it('is made of class and method where none is stated', () =>
    places('php', files, [['GET app_reel_exportall', 'src/Controller/ReelController.php:20']]));

  it('is given behind the declaration', async () => {
    const behind: Files = {
      'lib/routes.php': `<?php
$app->get('/spools/{id:[0-9]+}', ['\\Loom\\Controller\\Spool', 'show'])->setName('spool.show');

$app->group('/spools', function (RouteCollectorProxy $group) {
    $group->put('/{id}/wind', ['\\Loom\\Controller\\Spool', 'wind'])
        ->add(new Guard($group->getContainer(), ['spool.modify']))
        ->setName('spool.wind');
});
Route::post('/spools', [Spool::class, 'store'])->name('spools.store');
`,
      'lib/Controller/Spool.php': controller('Spool', ['show', 'wind', 'store']).replace('App', 'Loom'),
    };
    await places('php', behind, [
      ['GET spool.show', 'lib/Controller/Spool.php:6'],
      ['PUT spool.wind', 'lib/Controller/Spool.php:11'],
      ['POST spools.store', 'lib/Controller/Spool.php:16'],
    ]);
    const span = { name: 'PUT spool.wind', language: 'php', kind: 2, scope: 'io.opentelemetry.contrib.php.slim' };
    const attributes = { 'http.method': 'PUT', 'http.url': 'https://loom.example.org/mill/spools/7/wind' };
    expect(await placeOf({ ...span, attributes }, behind)).toBe('lib/Controller/Spool.php:11');
    const invoked = { 'code.function': '__invoke', 'code.namespace': 'DI\\Bridge\\Slim\\ControllerInvoker' };
    expect(await placeOf({ ...span, name: 'Loom\\Controller\\Spool->store', kind: 1, attributes: invoked }, behind)).toBe(
      'lib/Controller/Spool.php:16',
    );
  });
});
