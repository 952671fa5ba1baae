// Routes of PHP as its many frameworks write them, and those that no line declares.
import { describe, it } from 'vitest';
import { places } from './support/places';

const type = (head: string, ...methods: readonly string[]): string =>
  `<?php\n${head}\n{\n${methods.map((name) => `    public function ${name}()\n    {\n    }\n`).join('')}}\n`;

describe('frameworks of PHP', () => {
  it('calls that name the path first, controllers in short, resources by their name alone', () =>
    places(
      'php',
      {
        'config/routes.php': `<?php
$builder->connect('/reeds/cut/*', 'Reeds::cut');
$builder->get('/sedge', ['controller' => 'Reeds', 'action' => 'sedge'], 'reeds.sedge');
$routes->resource('rushes');
$app->post('/mills', [Guard::class, App\\Handler\\MillHandler::class], 'mill.create');
Route::rule('tides/:id', 'api.Tides/read', 'GET');
$router->addPost('/tides', 'Tides::open');
$f3->route('GET|HEAD @bank: /banks/@id', 'BankController->show');
$group->delete('/fens/{no}', 'FenController:remove')->add(Guard::class);
register_rest_route('fen/v1', '/locks/(?P<id>\\d+)', [
    'methods' => WP_REST_Server::EDITABLE,
    'callback' => [$this, 'raise'],
]);
function raise($request)
{
}
`,
        'src/Controller/ReedsController.php': type('class ReedsController', 'cut', 'sedge'),
        'src/Controller/Admin/ReedsController.php': type('class ReedsController', 'cut'),
        'src/Controller/Rushes.php': type('class Rushes', 'index', 'update'),
        'src/App/Handler/MillHandler.php': type('class MillHandler', '__construct', 'handle'),
        'app/controller/api/Tides.php': type('class Tides', 'read'),
        'app/controllers/TidesController.php': type('class TidesController', 'openAction'),
        'app/BankController.php': type('class BankController', 'show'),
        'app/FenController.php': type('class FenController', 'remove'),
      },
      [
        ['GET /reeds/cut/*', 'src/Controller/ReedsController.php:4'],
        ['GET /sedge', 'src/Controller/ReedsController.php:7'],
        ['PUT /rushes/{id}', 'src/Controller/Rushes.php:7'],
        ['POST /mills', 'src/App/Handler/MillHandler.php:7'],
        ['GET /tides/:id', 'app/controller/api/Tides.php:4'],
        ['POST /tides', 'app/controllers/TidesController.php:4'],
        ['GET /banks/:id', 'app/BankController.php:4'],
        ['DELETE /fens/{no}', 'app/FenController.php:4'],
        ['PUT /fen/v1/locks/(?P<id>\\d+)', 'config/routes.php:14'],
      ],
    ));

  it('tables and settings that name a class and its method', () =>
    places(
      'php',
      {
        'config/routing.yml': `fen.reed:
  path: '/reeds/{reed}'
  defaults:
    _controller: '\\Drupal\\fen\\Controller\\ReedController::view'
fen.form:
  path: /reeds/settings
  defaults:
    _form: '\\Drupal\\fen\\Form\\ReedForm'
`,
        'etc/webapi.xml': `<routes>
    <route url="/V1/rushes/:id" method="GET">
        <service class="Acme\\Api\\RushRepositoryInterface" method="getById"/>
    </route>
</routes>
`,
        'config/routes.php': `<?php
$route['sedges/(:num)'] = 'sedges/detail/$1';
return [
    ['name' => 'fen_gate#do_open', 'url' => '/gates', 'verb' => 'POST'],
    'tide' => [
        'options' => [
            'route' => '/tides',
            'defaults' => [
                'controller' => Controller\\TideController::class,
                'action' => 'turn',
            ],
        ],
    ],
];
`,
        'src/Controller/ReedController.php': type('class ReedController', 'view'),
        'src/Form/ReedForm.php': type('class ReedForm', 'getFormId', 'buildForm'),
        'Model/RushRepository.php': type('class RushRepository implements \\Acme\\Api\\RushRepositoryInterface', 'getById'),
        'controllers/Sedges.php': type('class Sedges', 'detail'),
        'lib/Controller/FenGateController.php': type('class FenGateController', 'doOpen'),
        'src/Controller/TideController.php': type('class TideController', 'turnAction'),
      },
      [
        ['GET /reeds/{reed}', 'src/Controller/ReedController.php:4'],
        ['GET /reeds/settings', 'src/Form/ReedForm.php:7'],
        ['GET /V1/rushes/:id', 'Model/RushRepository.php:4'],
        ['GET /sedges/{num}', 'controllers/Sedges.php:4'],
        ['POST /gates', 'lib/Controller/FenGateController.php:4'],
        ['GET /tides', 'src/Controller/TideController.php:4'],
      ],
    ));

  it('paths that name a class and its method, or a file', () =>
    places(
      'php',
      {
        'controllers/ReedBedController.php': type('class ReedBedController', 'actionIndex', 'actionLateCut'),
        'modules/api/controllers/ReedBedController.php': type('class ReedBedController', 'actionLateCut'),
        'app/code/Fen/Controller/Gate/OpenGate.php': type('class OpenGate', 'execute'),
      },
      [
        ['GET reed-bed/late-cut', 'controllers/ReedBedController.php:7'],
        ['GET api/reed-bed/late-cut', 'modules/api/controllers/ReedBedController.php:4'],
        ['GET /reed-bed', 'controllers/ReedBedController.php:4'],
        ['POST /fen/gate/opengate', 'app/code/Fen/Controller/Gate/OpenGate.php:4'],
      ],
    ));
});
