// Lines that are not those of the file: modules that webpack evaluates from text, inlined code of Kotlin.
import { expect, it } from 'vitest';
import { parseStack, resolveStack } from '../../../src/source';
import { memoryWorkspace } from './support/workspace';

const shop = 'file:///home/dev/shop';

async function resolve(frames: string, file: string, text: string): Promise<string> {
  const stack = parseStack(`Error: x\n${frames}`);
  if (!stack) return 'no frames';
  const ports = { workspace: memoryWorkspace([shop], { [`${shop}/${file}`]: text }) };
  const { candidates } = await resolveStack(stack, ports, { pathMappings: {} });
  return candidates
    .map((each) => `${each.line + 1} ${each.confidence} ${each.reason.split(', ').slice(3).join(', ')}`)
    .join('\n');
}

const cart = `import { price } from './price.js';\n\nexport class Cart {\n  total(lines) {\n    return price(lines);\n  }\n}\n`;

it('leads to the function of a module that webpack evaluated', async () => {
  const note = 'lines are those of what webpack made of it';
  const at = (path: string, name = 'Cart.total') => resolve(`    at ${name} (${path}:12:9)`, 'src/cart.js', cart);
  expect(await at('webpack-internal:///./src/cart.js')).toBe(`4 0.75 ${note}, total is defined there`);
  expect(await at('webpack-internal:///(rsc)/./src/cart.js')).toBe(`4 0.75 ${note}, total is defined there`);
  expect(await at('webpack://shop/./src/cart.js?')).toBe(`4 0.75 ${note}, total is defined there`);
  expect(await at('webpack:///./src/cart.js?4b2e')).toBe(`4 0.75 ${note}, total is defined there`);
  // Nothing tells more than the line, which is not far away.
  expect(await at('webpack-internal:///./src/cart.js', 'eval')).toBe(`7 0.5 ${note}`);
});

it('takes the lines of a source map as they are', async () => {
  expect(await resolve('    at Cart.total (webpack://shop/./src/cart.js:5:9)', 'src/cart.js', cart)).toMatch(/^5 0.9/);
});

it('leads to the function that Kotlin inlined code into', async () => {
  const kotlin =
    'package garden\n\nclass Bed(val plants: List<String>) {\n  val first by lazy { plants.first { it > "x" } }\n}\n\nfun <T> List<T>.water() = first { it != null }\n';
  const at = (frame: string) => resolve(`\tat ${frame}`, 'src/Beds.kt', kotlin);
  const note = 'the line is of an inlined function';
  expect(await at('garden.Bed.first_delegate$lambda$0(Beds.kt:49)')).toBe(`4 0.75 ${note}, first is defined there`);
  expect(await at('garden.BedsKt.water(Beds.kt:52)')).toBe(`7 0.75 ${note}, water is defined there`);
  expect(await at('garden.BedsKt.water(Beds.kt:7)')).toMatch(/^7 0.9/);
  // A file that has become shorter.
  expect(await at('garden.BedsKt.dig(Beds.kt:52)')).toMatch(/^52 0.45 .*the file has only 7 lines now/);
});
