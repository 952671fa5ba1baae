// What a service is called by its project.
import { describe, expect, it } from 'vitest';
import type { Language } from '../../../src/capture/languages';
import { manifestsOf } from '../../../src/capture/manifests';

const nameIn = (language: Language, text: string, file = 0): string | undefined => manifestsOf(language)[file].nameIn(text);

describe('the name in a manifest', () => {
  it.each<[Language, string, string | undefined]>([
    ['node', '{ "name": "@acme/checkout", "version": "1.0.0" }', '@acme/checkout'],
    ['node', '{ "name": 7 }', undefined],
    ['node', '{ "name": "half', undefined],
    ['node', 'null', undefined],
    [
      'python',
      '[build-system]\nname = "no"\n[project]\nversion = "1"\nname = "cart-api" # x\n[tool.x]\nname = "other"',
      'cart-api',
    ],
    ['python', "[tool.poetry]\nname = 'poet'\n", 'poet'],
    ['python', '[project]\nversion = "1"\n[tool.x]\nname = "other"', undefined],
    ['go', '// go\nmodule example.com/team/orders/v2\n\ngo 1.22\n', 'orders'],
    ['go', 'module "orders"', 'orders'],
    [
      'java',
      '<project><!-- <artifactId>no</artifactId> --><parent><artifactId>parent</artifactId></parent>\n<artifactId> billing </artifactId><dependencies><dependency><artifactId>dep</artifactId></dependency></dependencies></project>',
      'billing',
    ],
    ['java', '<project><artifactId>${x}</artifactId></project>', undefined],
    ['php', '{ "name": "acme/shop" }', 'shop'],
    ['native', '[package]\nname = "engine"\n[dependencies]\n', 'engine'],
  ])('of %s: %j', (language, text, expected) => expect(nameIn(language, text)).toBe(expected));

  it('of Gradle', () => expect(nameIn('java', "plugins {}\nrootProject.name = 'stock'\n", 1)).toBe('stock'));

  it('is found in no time in what is no manifest', () => {
    const before = performance.now();
    for (const text of [
      '<parent>'.repeat(30_000),
      '<!--'.repeat(60_000),
      '<artifactId>'.repeat(20_000),
      `module ${'/'.repeat(200_000)}`,
    ]) {
      for (const language of ['node', 'python', 'go', 'java', 'native'] as const) nameIn(language, text);
    }
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});
