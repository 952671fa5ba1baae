/** Which lines that hold a part of a route are likelier to declare it. */

import type { SourceLanguage } from '../search/languages';

/** Weights of needles: a whole route says more than one parameter. */
export function weightOf(needle: string, text: string): number {
  if (needle === text) return 5;
  if (/^["']\/["']$/.test(needle) || /^[:{<[(]/.test(needle)) return 1;
  return needle.includes('/') && needle.lastIndexOf('/') > 0 ? 4 : 2;
}

/** A request that is made: of clients that stand beside the server. */
const asksFor =
  /\b(?:[Rr]equest|[Hh]ttp[Rr]equest|Req)(?:::new)?\(|\b(?:reqwest|requests|httpx|Guzzle|HttpClient)\b|\b\w*[Cc]lient(?:\.|->)\w+\(/;

/** Of programs whose pages are written in the same language: what declares a route before what asks for one or leads to one. */
export function lineScore(text: string, language: SourceLanguage): number {
  if (language !== 'javascript') return asksFor.test(text) ? -4 : 0;
  if (
    /(?:\b(?:router?s?|app|server|fastify|api|controller)|Router|Routes|Route)\s*\.\s*(?:get|post|put|patch|delete|all|route|use)\b/.test(
      text,
    )
  )
    return 2;
  return /axios|fetch\w*\(|useSWR|useQuery|\$http|\bhref|\bto=|\.push\(|navigate|[Cc]lient\./.test(text) ? -4 : 0;
}
