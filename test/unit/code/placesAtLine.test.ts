// From the line of the cursor to the places of the function around it.
import { describe, expect, it } from 'vitest';
import { placesAtLine, shortFunctionName } from '../../../src/code/placesAtLine';

const place = (number: number, line: number, name = ''): { place: number; line: number; name: string } => ({
  place: number,
  line,
  name,
});
const at = (line: number, functions: readonly [number, number][] = []): number[] =>
  placesAtLine(
    places,
    line,
    functions.map(([startLine, endLine]) => ({ startLine, endLine })),
  ).map((one) => one.place);

//  0 function outer      10 function other
//  2   callback 2..4     12   (a span begins)
//  6   helper 6..8
const places = [place(1, 1), place(2, 2), place(3, 12, 'other')];
const functions: [number, number][] = [
  [0, 9],
  [2, 4],
  [6, 8],
  [10, 14],
];

describe('the places at a line', () => {
  it('are those of the innermost function, wherever in it the cursor is', () => {
    expect(at(3, functions)).toEqual([2]);
    expect(at(14, functions)).toEqual([3]);
  });

  it('of an outer function are all in it, for the cursor in its own lines', () => {
    expect(at(9, functions)).toEqual([1, 2]);
  });

  it('of a function without any are those that the function around it has itself', () => {
    expect(at(7, functions)).toEqual([1]);
  });

  it('are none outside of functions, when functions are known around it', () => {
    expect(at(20, functions)).toEqual([]);
    expect(at(5, [[5, 6]])).toEqual([]);
  });

  it('without known functions are those of the line, with all of the same name', () => {
    const named = [...places, place(4, 13, 'other'), place(5, 12)];
    expect(placesAtLine(named, 12, []).map((one) => one.place)).toEqual([3, 4, 5]);
    expect(placesAtLine(named, 11, [])).toEqual([]);
    expect(placesAtLine(named, 1, []).map((one) => one.place)).toEqual([1]);
  });
});

it.each([
  ['com.example.pricing.PricingService.total', 'PricingService.total'],
  ['PaymentService.charge', 'PaymentService.charge'],
  ['charge', 'charge'],
  ['github.com/my/repo/pkg.(*Server).Add', '(*Server).Add'],
  ['github.com/my/repo/pkg.foo', 'pkg.foo'],
  ['GuzzleHttp\\Client::transfer', 'Client::transfer'],
  ['playground::my_module::my_cool_func', 'my_module::my_cool_func'],
  ['Cart#add', 'Cart#add'],
  ['GET /cart/:id', 'GET /cart/:id'],
  ['/cart/:id/total', '/cart/:id/total'],
])('%s is called %s', (name, short) => {
  expect(shortFunctionName(name)).toBe(short);
});
