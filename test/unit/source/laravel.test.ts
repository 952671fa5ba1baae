// Laravel as programs write it: groups without a path, translations that have every route's words, scopes before what asks, requests that are kept.
import { expect, it } from 'vitest';
import { hintsOf, placeOf, shown } from './support/memory';

const web = `<?php
use App\\Http\\Controllers\\Models\\BoatController;

Route::prefix('setup')->group(function () {
    Route::get('start', [SetupController::class, 'start']);
});

Route::group(['middleware' => ['auth']], function () {
    Route::resource('boats', BoatController::class)
        ->except(['index']);
    Route::post('boats/toggle/{boat}', [BoatController::class, 'toggle']);
});

Route::group(['prefix' => 'quay', 'middleware' => 'auth'], function () {
    Route::get('boats/{boat}', [BoatController::class, 'show']);
});
`;
const controller = `<?php
namespace App\\Http\\Controllers\\Models;

class BoatController extends Controller
{
    public function show(Boat $boat)
    {
        return view('boat', ['boat' => $boat]);
    }

    public function toggle(Boat $boat)
    {
        $request = Http::timeout(20);
        $response = $request->head($boat->url);
        return back();
    }

    public function destroy(string $model)
    {
        switch ($model) {
            case 'boats':
                $gone = Boat::onlyTrashed()
                    ->byHarbour()
                    ->get();
                break;
        }
        return back();
    }
}
`;
const texts = Object.fromEntries(
  Array.from({ length: 30 }, (_, i) => [
    `lang/l${i}/boats.php`,
    "<?php\nreturn [\n    'boats' => 'Boats',\n    'boats.delete' => ['boats' => 'x'],\n];\n",
  ]),
);
const files = { 'routes/web.php': web, 'app/Http/Controllers/Models/BoatController.php': controller, ...texts };
const route = (method: string, path: string) => ({
  name: `${method} /${path}`,
  kind: 2,
  language: 'php',
  attributes: { 'http.request.method': method, 'http.route': path },
});

const below = (parent: ReturnType<typeof route>) => ({
  service: 'shop',
  family: { ancestors: [{ ...parent, service: 'shop' }], before: [], children: [] },
});

it('is sure of a route in a group that has no path', async () => {
  const [first] = shown(await hintsOf(route('DELETE', 'boats/{boat}'), files));
  expect(first).toBe('app/Http/Controllers/Models/BoatController.php:18 0.85');
  const [second] = shown(await hintsOf(route('POST', 'boats/toggle/{boat}'), files));
  expect(second).toBe('app/Http/Controllers/Models/BoatController.php:11 0.85');
  const [third] = shown(await hintsOf(route('GET', 'quay/boats/{boat}'), files));
  expect(third).toBe('app/Http/Controllers/Models/BoatController.php:6 0.85');
});

it('leads to what asks behind scopes of the program itself', async () => {
  const attributes = {
    'laravel.eloquent.model': 'App\\Models\\Boat',
    'laravel.eloquent.table': 'boats',
    'laravel.eloquent.operation': 'get',
    'db.statement': 'select * from `boats` where `boats`.`deleted_at` is not null and `harbour_id` = ?',
  };
  const span = {
    name: 'App\\Models\\Boat::get',
    kind: 1,
    language: 'php',
    attributes,
    ...below(route('DELETE', 'boats/{boat}')),
  };
  expect(await placeOf(span, files)).toBe('app/Http/Controllers/Models/BoatController.php:22');
});

it('leads to what is asked of a request that is kept in a variable', async () => {
  const attributes = { 'http.request.method': 'HEAD', 'url.full': 'https://boats.example/reeds/7.html' };
  const span = { name: 'HEAD', kind: 3, language: 'php', attributes, ...below(route('POST', 'boats/toggle/{boat}')) };
  expect(await placeOf(span, files)).toBe('app/Http/Controllers/Models/BoatController.php:14');
});
