// What the function of a span asks itself, beside what else stands there and what it calls.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

const asked = (text: string, path: string, name: string, language: string) => ({
  name: 'SELECT cabins',
  scope: 'x',
  language,
  attributes: { 'db.query.text': text },
  family: {
    ancestors: [
      {
        name,
        service: '',
        kind: 1,
        language,
        attributes: { 'code.function.name': name, 'code.file.path': `/app/${path}` },
      },
    ],
    before: [],
    children: [],
  },
});
const byId = 'select * from `cabins` where `cabins`.`id` = ? limit 1';
const inRuby = 'SELECT "harbours".* FROM "harbours" WHERE "harbours"."id" = $1 LIMIT $2';

const php = (body: string): string => `<?php\nclass Cabins {\n    public function show($seat) {\n${body}\n    }\n}\n`;
const other =
  '<?php\nclass Keeper {\n    public static function keep($id) {\n        return Cabin::where("id", $id)->first();\n    }\n}\n';

describe('the query of the function itself', () => {
  it.each<[string, string, string, Record<string, string>]>([
    [
      'is nearer than one of a function that is called',
      byId,
      '5',
      {
        'src/Cabins.php': php('        Keeper::keep($seat);\n        $cabin = Cabin::findOrFail($seat);'),
        'src/Keeper.php': other,
      },
    ],
    [
      'is none where a field is read',
      byId,
      '4',
      {
        'src/Cabins.php': php('        $cabin = Cabin::findOrFail($seat);\n        return Bed::whereCabin($cabin->id)->first();'),
      },
    ],
    [
      'is not what takes whichever comes first',
      byId,
      '5',
      { 'src/Cabins.php': php('        $one = Cabin::first();\n        $cabin = Cabin::find($seat);') },
    ],
    [
      'is loaded and then changed',
      byId,
      '5',
      {
        'src/Cabins.php': php("        $all = Cabin::with('beds')->get();\n        Cabin::findOrFail($seat)->increment('seen');"),
      },
    ],
    [
      'is what a key of an array is given',
      byId,
      '6',
      {
        'src/Cabins.php': php(
          "        return (new Shown($id))\n            ->additional([\n                'cabin' => Cabin::find($seat),\n            ]);",
        ),
      },
    ],
    [
      'is beside what else a condition calls',
      'select * from `cabins` where `code` = ? limit 1',
      '4',
      {
        'src/Cabins.php': php("        if (Keeper::keep($seat) && $cabin = Cabin::where('code', $seat)->first()) {\n        }"),
        'src/Keeper.php':
          "<?php\nclass Keeper {\n    public static function keep($id) {\n        return Cabin::on($id)->where('code', $id)->first();\n    }\n}\n",
      },
    ],
    [
      'compares columns, whatever lists the model keeps of them',
      'select * from `cabins` where `code` = ? limit 1',
      '5',
      {
        'src/Cabins.php': php("        $cabin = Cabin::find($seat);\n        $cabin ??= Cabin::where('code', $seat)->first();"),
        'src/Cabin.php':
          "<?php\nclass Cabin extends Model {\n    protected $sortable = ['deck', 'code'];\n    public function seen() {\n        $beds = $this->beds()->whereNotNull('code')->get();\n    }\n}\n",
      },
    ],
  ])('%s', async (_, text, line, files) => {
    expect(await placeOf(asked(text, 'src/Cabins.php', 'show', 'php'), files)).toBe(`src/Cabins.php:${line}`);
  });

  it.each<[string, string]>([
    ['a variable', '    harbour = Harbour.find(harbour_params[:harbour_id])\n    authorize! :show, harbour'],
    ['what a block is given', '    Harbour.find(harbour_params[:harbour_id])\n    beds.each { |harbour| harbour }'],
  ])('is not led away from by %s that is called like a method elsewhere', async (_, body) => {
    const files = {
      'app/controllers/beds_controller.rb': `class BedsController < ApplicationController\n  def show\n${body}\n  end\nend\n`,
      'app/controllers/harbours_controller.rb':
        'class HarboursController < ApplicationController\n  private\n\n  def harbour\n    @harbour ||= Harbour.where(id: params[:id]).first\n  end\nend\n',
    };
    expect(await placeOf(asked(inRuby, 'app/controllers/beds_controller.rb', 'show', 'ruby'), files)).toBe(
      'app/controllers/beds_controller.rb:3',
    );
  });
});
