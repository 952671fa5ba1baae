// Lines that define a name in each language, and lines that only use it.
import { describe, expect, it } from 'vitest';
import type { SourceLanguage } from '../../../src/source/search/languages';
import { definitionMatcher } from '../../../src/source/symbols/definitions';
import { enclosing, statedPackage } from '../../../src/source/symbols/enclosing';
import { spent } from './support/hostile';

const definitions: Readonly<Partial<Record<SourceLanguage, readonly string[]>>> = {
  javascript: [
    'function total(order) {',
    'export async function total(order: Order): Promise<number> {',
    'export default function* total() {',
    'const total = (order: Order) => 1;',
    'export const total = async (order) => {',
    'const total: Handler = function (order) {',
    '  total(order: Order): number {',
    '  async total<T>(order: T): Promise<number> {',
    '  private static async *total(order) {',
    '  #total(order) {',
    '  get total() {',
    '  total = (order) => 1;',
    '  total: function (order) {',
    '  total: async (order) => {',
    'exports.total = function (order) {',
    'Cart.prototype.total = function (order) {',
    "app.get('/total', async function total(req, res) {",
    'class total {',
    'export interface total {',
    'const total = traced(async () => 1);',
  ],
  python: ['def total(order):', '    async def total(self, order):', 'class total(Base):', 'total = lambda order: 1'],
  java: [
    '    public double total(Order order) {',
    '    Map<String, List<Order>> total(@PathVariable long id) throws IOException {',
    '    @Override public final <T> T total(T a) {',
    '    void total();',
    'public class total {',
    'public record total(int a) {}',
    'static double[] total(',
  ],
  kotlin: [
    '    suspend fun total(order: Order): Double {',
    'fun <T> List<T>.total() = 1',
    'data class total(val a: Int)',
    'object total {',
  ],
  scala: ['  def total(order: Order): Double = {', 'case class total(a: Int)', '  lazy val total = 1'],
  go: [
    'func total(order Order) float64 {',
    'func (s *Store) total(ctx context.Context) error {',
    'func total[T any](a T) T {',
    'type total struct {',
    'var total = func() {',
    '\ttotal := func(a int) {',
  ],
  csharp: [
    '        public async Task<Dictionary<int, Order>> total(int id)',
    '        internal static string total<T>(T a) => "";',
    '        double IPricing.total(Order order)',
    '        public double total { get; }',
    '        public double total => 1;',
    '    public sealed record total(int A);',
    '        int total(int a);',
  ],
  ruby: [
    '  def total(order)',
    '  def self.total',
    '  def total?',
    'class total < Base',
    '  private def total',
    'total = Struct.new(:a)',
    '  define_method(:total) do',
  ],
  php: ['    public function total(Order $order): float', 'function &total() {', 'final class total extends Base'],
  rust: ['    pub async fn total(&self) -> f64 {', 'pub(crate) fn total<T>(a: T) {', 'pub struct total {', 'pub enum total {'],
  swift: ['    func total(of order: Order) -> Double {', 'actor total {'],
  elixir: ['  def total(order) do', '  defp total(order), do: 1', 'defmodule total do'],
  cpp: [
    'double Cart::total(const Order& order) const {',
    'static double total(int a) {',
    'class total : public Base {',
    '  std::vector<int> total(int a);',
  ],
  fsharp: ['let total (order: Order) = 1', '    member this.total(order) = 1', 'type total = int'],
};

const uses: Readonly<Partial<Record<SourceLanguage, readonly string[]>>> = {
  javascript: [
    '  total(order);',
    '  return total(order);',
    '  const net = total(order);',
    '  await pricing.total(order);',
    '// function total(order) {',
    '  * total(order) {',
    "  total('x', () => {",
    '  if (total(order)) {',
    '  subtotal(order) {',
    '  totals(order) {',
    "import { total } from './pricing';",
    '  return pricing.total(order).then((x) => {',
  ],
  python: ['    total(order)', '    return total(order)', '# def total(order):', 'def totals(order):', 'from shop import total'],
  java: [
    '        return total(order);',
    '        double net = total(order);',
    '        new total(order);',
    '        pricing.total(order);',
    '    // double total(Order order) {',
    '     * double total(Order order) {',
    '        throw total(x);',
    '    double subtotal(Order order) {',
  ],
  kotlin: ['    return total(order)', '    val x = total(order)', '    // fun total('],
  go: ['\ttotal(order)', '\treturn total(order)', '\tx := total(order)', '// func total()', '\ts.total(ctx)'],
  csharp: [
    '            return total(order);',
    '            var x = total(order);',
    '            await orders.total(1);',
    '            total(order);',
    '/// double total(Order order)',
    '            throw new total(order);',
  ],
  ruby: ['    total(order)', '    x = total', '# def total', '    order.total'],
  php: ['        return $this->total($order);', '        total($order);', '// function total()'],
  rust: ['        total(order)', '    let x = total(order);', '// fn total()', '    self.total()'],
  elixir: ['    total(order)', '# def total'],
};

describe('a definition', () => {
  for (const [language, lines] of Object.entries(definitions)) {
    it.each(lines)(`of ${language}: %s`, (line) => {
      expect(definitionMatcher('total', language as SourceLanguage)(line)).toBeDefined();
    });
  }
  for (const [language, lines] of Object.entries(uses)) {
    it.each(lines)(`is none of ${language}: %s`, (line) => {
      expect(definitionMatcher('total', language as SourceLanguage)(line)).toBeUndefined();
    });
  }

  it('names the receiver or class that its line has', () => {
    expect(definitionMatcher('total', 'go')('func (s *Store) total() {')?.container).toBe('Store');
    expect(definitionMatcher('total', 'javascript')('Cart.prototype.total = function () {')?.container).toBe('Cart');
    expect(definitionMatcher('total', 'cpp')('double shop::Cart::total() {')?.container).toBe('Cart');
    expect(definitionMatcher('total', 'kotlin')('fun Cart.total() = 1')?.container).toBe('Cart');
  });

  it('is looked for in bounded time', () => {
    const read = (): void => {
      for (const language of Object.keys(definitions) as SourceLanguage[]) {
        const matcher = definitionMatcher('total', language);
        for (const line of [
          `${'a '.repeat(990)}total(`,
          `${'('.repeat(1_500)}total(`,
          `${'<'.repeat(900)} total(`,
          `${' '.repeat(1_900)}total(`,
          `${'a<b,'.repeat(400)} total(`,
        ])
          matcher(line);
      }
    };
    expect(spent(read)).toBeLessThan(1_000);
  });
});

describe('what is around a line', () => {
  const around = (language: SourceLanguage, text: string): string => {
    const lines = text.split('\n');
    const { containers, namespaces } = enclosing(
      lines,
      lines.findIndex((line) => line.includes('HERE')),
      language,
    );
    return [...(statedPackage(text, language) ?? []), ...namespaces, '|', ...containers].join(' ');
  };

  it('is read by indentation', () => {
    expect(
      around(
        'python',
        'class Cart:\n    class Line:\n        """Text.\n\n        Not class X:\n        """\n        def HERE(self):',
      ),
    ).toBe('| Cart Line');
    expect(around('python', 'class Cart:\n    pass\n\ndef HERE():')).toBe('|');
    expect(around('csharp', 'namespace A.B\n{\n    public class Cart : Base\n    {\n        void HERE()')).toBe('A.B | Cart');
    expect(around('csharp', 'namespace A.B;\n\npublic partial class Cart\n{\n    void HERE()')).toBe('A B | Cart');
    expect(
      around(
        'java',
        'package com.acme;\n\npublic class Cart\n    extends Base {\n\n    static class Line {\n        void HERE() {',
      ),
    ).toBe('com acme | Cart Line');
    expect(around('kotlin', 'package com.acme\n\nclass Tone {\n    companion object {\n        fun HERE() {')).toBe(
      'com acme | Tone',
    );
    expect(around('rust', 'impl<T: Clone> Find for Store<T> {\n    fn HERE(&self) {')).toBe('| Store');
    expect(around('rust', 'impl Store {\n    fn HERE(&self) {')).toBe('| Store');
    expect(around('ruby', 'module Shop\n  class Cart < Base\n    def HERE')).toBe('| Shop Cart');
    expect(
      around('javascript', 'export default class Cart extends Base {\n  constructor(\n    private a: A,\n  ) {}\n\n  HERE() {'),
    ).toBe('| Cart');
    expect(around('javascript', 'export const handlers = {\n  async HERE(req) {')).toBe('| handlers');
    expect(around('elixir', 'defmodule Shop.Cart do\n  def HERE do')).toBe('| Shop Cart');
    expect(around('php', '<?php\nnamespace App\\Shop;\n\nclass Cart\n{\n    function HERE()')).toBe('App Shop | Cart');
    expect(around('go', 'package store\n\nfunc HERE() {')).toBe('store |');
  });
});
