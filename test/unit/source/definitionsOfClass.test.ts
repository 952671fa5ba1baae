// What of a class a name means: constructors, overloads, what it has from bases and traits; and names that stand everywhere.
import { describe, expect, it } from 'vitest';
import type { ResolveResult, SourcePorts } from '../../../src/source';
import { advise } from '../../../src/source/advice';
import { definitionNeedles, isCommonName } from '../../../src/source/search/commonNames';
import { hintsOf, memoryPorts, placeOf, shown } from './support/memory';
import { resolveHints } from './support/resolveHints';

type Files = Record<string, string>;

const asked = (name: string, language: string) => ({ attributes: { 'code.function.name': name }, language });
const place = (name: string, language: string, files: Files): Promise<string> => placeOf(asked(name, language), files);

describe('a class that is written with what is around it', () => {
  const files: Files = {
    'app/jobs/fleet/boats/paint_job.rb': 'class Fleet::Boats::PaintJob < ApplicationJob\n  queue_as :paint\nend\n',
    'app/jobs/paint_job.rb': 'class PaintJob < ApplicationJob\n  def perform\n  end\nend\n',
    'app/jobs/application_job.rb': 'class ApplicationJob < ActiveJob::Base\n  def perform\n  end\nend\n',
  };
  it('is that class, and no other of its last name', async () => {
    expect(await place('Fleet::Boats::PaintJob', 'ruby', files)).toBe('app/jobs/fleet/boats/paint_job.rb:1');
    expect(await place('PaintJob', 'ruby', files)).toBe('app/jobs/paint_job.rb:1');
    const elixir: Files = { 'lib/paint.ex': 'defmodule Fleet.Boats.Paint do\n  use Oban.Worker\nend\n' };
    expect(await place('Fleet.Boats.Paint', 'elixir', elixir)).toBe('lib/paint.ex:1');
  });
});

describe('a constructor', () => {
  it.each<[string, string, string, Files]>([
    [
      'acme.Till.<init>',
      'java',
      'Till.java:6',
      {
        'Till.java':
          'package acme;\n\npublic class Till {\n  static final Till ONE = new Till(1);\n\n  protected Till(int id) {\n  }\n\n  static class Key {\n    Key(int id) {}\n  }\n}\n',
      },
    ],
    ['acme.Key.<init>', 'java', 'Key.java:3', { 'Key.java': 'package acme;\n\npublic record Key(int id) {\n}\n' }],
    [
      'Acme.Till..ctor(Int32 id)',
      'dotnet',
      'Till.cs:6',
      {
        'Till.cs':
          'namespace Acme;\n\npublic class Till : Base\n{\n    [Inject]\n    public Till(int id)\n        : base(id)\n    {\n    }\n}\n',
      },
    ],
    [
      'acme.Till.<init>',
      'java',
      'Till.kt:3',
      { 'Till.kt': 'package acme\n\nclass Till(val id: Int) {\n    constructor() : this(1)\n}\n' },
    ],
    [
      'acme.Till.<init>',
      'java',
      'Till.kt:4',
      { 'Till.kt': 'package acme\n\nclass Till {\n    constructor(id: Int) {\n    }\n}\n' },
    ],
    [
      'new Till',
      'nodejs',
      'till.ts:4',
      { 'till.ts': 'export class Till {\n  id = 1;\n  constructor(id: number);\n  constructor(id?: number) {\n  }\n}\n' },
    ],
    [
      'till.Till.__init__',
      'python',
      'till.py:4',
      { 'till.py': 'class Till(Base):\n    """A till."""\n\n    def __init__(self):\n        pass\n' },
    ],
    [
      'Shop::Till#initialize',
      'ruby',
      'till.rb:3',
      { 'till.rb': 'module Shop\n  class Till\n    def initialize(id)\n    end\n  end\nend\n' },
    ],
    [
      'Shop::Till.new',
      'ruby',
      'till.rb:3',
      { 'till.rb': 'module Shop\n  class Till\n    def initialize(id)\n    end\n  end\nend\n' },
    ],
    [
      'Acme\\Till::__construct',
      'php',
      'Till.php:6',
      {
        'Till.php':
          '<?php\nnamespace Acme;\n\nfinal class Till\n{\n    public function __construct(private int $id)\n    {\n    }\n}\n',
      },
    ],
  ])('leads to where the class has it: %s (%s)', async (name, language, expected, files) => {
    expect(await place(name, language, files)).toBe(expected);
  });
});

describe('an overload', () => {
  const files: Files = {
    'Till.java': `package acme;

public class Till {
    public void put(Coin coin) { put(coin, 1); }

    @WithSpan
    public void take(Coin coin) {}

    public void take(Note note) {}

    public void put(Coin coin, int count) {
        count(1);
    }

    public void count(int a) {}

    public void count(int a, int b) {}
}
`,
    'caller.java': 'package acme;\n\nclass Caller {\n    void run() {\n        till.count(1, 2);\n    }\n}\n',
  };

  it('is one of several: none is opened by itself', async () => {
    expect(shown(await hintsOf(asked('acme.Till.put', 'java'), files))).toEqual(['Till.java:4 0.40', 'Till.java:11 0.40']);
  });

  it('is told by its parameters, by an annotation that makes spans, and by what the caller gives', async () => {
    expect(shown(await hintsOf(asked('acme.Till.put(Coin, int)', 'java'), files))[0]).toBe('Till.java:11 0.88');
    expect(shown(await hintsOf(asked('acme.Till.take(acme.Note)', 'java'), files))[0]).toBe('Till.java:9 0.88');
    expect(shown(await hintsOf(asked('acme.Till.take', 'java'), files))[0]).toBe('Till.java:7 0.75');
    const parent = {
      name: 'run',
      kind: 1,
      service: '',
      attributes: { 'code.function.name': 'acme.Caller.run' },
    };
    const family = { ancestors: [parent], before: [], children: [] };
    expect(shown(await hintsOf({ ...asked('acme.Till.count', 'java'), family }, files))[0]).toMatch(/^Till\.java:17 0\.[78]/);
  });

  it('is not one that does nothing, nor a constructor for what reads objects from somewhere', async () => {
    const cs = {
      'Till.cs':
        'namespace Acme;\n\nclass Till\n{\n    private Till()\n    {\n        _a = [];\n    }\n\n    public Till(int a)\n    {\n        _a = a;\n    }\n\n    public void Put() { }\n\n    public void Put(int a)\n    {\n        _a = a;\n    }\n}\n',
    };
    expect(shown(await hintsOf(asked('Acme.Till..ctor', 'dotnet'), cs))[0]).toBe('Till.cs:10 0.75');
    expect(shown(await hintsOf(asked('Acme.Till.Put', 'dotnet'), cs))[0]).toBe('Till.cs:17 0.75');
  });

  it('is not what sets beside what gets, nor a clause of the same function', async () => {
    const ts = { 'till.ts': 'export class Till {\n  get total() {\n    return 1;\n  }\n  set total(value) {\n  }\n}\n' };
    expect(shown(await hintsOf(asked('Till.total', 'nodejs'), ts))).toEqual(['till.ts:2 0.80']);
    const ex = {
      'lib/till.ex': 'defmodule Till do\n  def put(0, c), do: c\n\n  def put(n, c), do: n\n\n  def put(n), do: put(n, 1)\nend\n',
    };
    expect(await place('Till.put/2', 'elixir', ex)).toBe('lib/till.ex:2');
    expect(await place('Till.put/1', 'elixir', ex)).toBe('lib/till.ex:6');
  });
});

describe('a function that a class has from elsewhere', () => {
  it.each<[string, string, string, Files]>([
    [
      'Acme\\Till::write',
      'php',
      'Logs.php:5',
      {
        'Till.php': '<?php\nnamespace Acme;\nclass Till\n{\n    use Counts, Logs;\n}\n',
        'Logs.php': '<?php\nnamespace Acme;\ntrait Logs\n{\n    public function write() {}\n}\n',
        'Other.php': '<?php\nnamespace Acme;\nclass Other\n{\n    public function write() {}\n}\n',
      },
    ],
    [
      'Till#write',
      'ruby',
      'logs.rb:2',
      {
        'till.rb': 'class Till < Base\n  include Logs\nend\n',
        'logs.rb': 'module Logs\n  def write\n  end\nend\n',
        'x.rb': 'class X\n  def write\n  end\nend\n',
      },
    ],
    [
      'till.Till.refill',
      'python',
      'base.py:2',
      { 'till.py': 'class Till(Base):\n    pass\n', 'base.py': 'class Base:\n    def refill(self):\n        pass\n' },
    ],
  ])('is found there: %s', async (name, language, expected, files) => {
    expect(await place(name, language, files)).toBe(expected);
    const [best] = (await hintsOf(asked(name, language), files)).candidates;
    expect(best.confidence).toBeLessThan(0.8);
  });
});

describe('a name that stands everywhere', () => {
  const files: Files = { 'app/orders_controller.rb': 'class OrdersController\n  def create\n    head :ok\n  end\nend\n' };
  for (let i = 0; i < 40; i++)
    files[`app/models/m${i}.rb`] = Array.from({ length: 30 }, () => `  OrdersController.create(:a) if create :b`).join('\n');

  /** As the editor's search: so many lines of a text, and no more. */
  function searchCutAt(most: number): SourcePorts {
    const ports = memoryPorts(files);
    const search: SourcePorts['search'] = {
      find: async (text, _, reach) => {
        const { hits = [] } = (await ports.search?.find(text)) ?? {};
        const least = reach === 'further' ? hits.length : most;
        return { hits: least === 0 ? [] : hits.slice(-least), truncated: hits.length > least };
      },
    };
    return { ...ports, search };
  }

  const cut = (most: number, name: string, language: string): Promise<ResolveResult> =>
    resolveHints({ name: '', ...asked(name, language) }, searchCutAt(most), { pathMappings: {} });

  it('is looked for in the form of its definition', async () => {
    expect(isCommonName('create')).toBe(true);
    expect(isCommonName('find_all')).toBe(true);
    expect(isCommonName('settleInvoice')).toBe(false);
    expect(definitionNeedles('create')).toContain('def create');
    expect(shown(await cut(50, 'OrdersController#create', 'ruby'))).toEqual(['app/orders_controller.rb:2 0.80']);
  });

  it('is not said to be nowhere where the search was cut, which goes on when asked', async () => {
    const hints = { name: 'head :ok', attributes: {} };
    const ask = (searchFurther: boolean): Promise<ResolveResult> =>
      resolveHints(hints, searchCutAt(0), { pathMappings: {}, searchFurther });
    const first = await ask(false);
    expect(first.isCut).toBe(true);
    expect(advise(first, true).map(({ kind }) => kind)).toContain('searchFurther');
    expect(first.tried.map(({ outcome }) => outcome)).toContain(
      'stands in more lines than were looked at, and in no string of those',
    );
    const further = await ask(true);
    expect(further.isCut).toBeUndefined();
    expect(further.tried.map(({ outcome }) => outcome)).toContain('stands in no string of the source');
  });

  it('is found in the file that is called like its class, where a search for the class was cut', async () => {
    expect(shown(await cut(2, 'OrdersController#create', 'ruby'))[0]).toMatch(/^app\/orders_controller\.rb:2 0\.[68]0$/);
  });
});
