/**
 * How SDKs of interfaces name what asks for a path: the resource, and what is done to it. `GET /v1/subscriptions` is `subscriptions().list(` and
 * `Stripe::Subscription.list`, `DELETE /v1/customers/cus_1` is `customers.del(`, `POST /api/usergroups.list` is `GetUserGroupsContext(`.
 */

import type { Call } from '../outline/calls';
import { nounKey } from '../queries/nouns';
import { isValue } from './address';
import { wordsOf } from './clients';

export interface Resource {
  /** In one word, of one thing: `subscription`, `usergroup`. */
  readonly name: string;
  /** What is done, in lower case. */
  readonly does: RegExp;
}

const acts =
  /^(?:cancel|capture|confirm|refund|send|search|verify|close|finalize|pay|void|attach|detach|approve|reject|invite|archive|restore|merge|publish|trigger|start|stop|list|info|create|update|delete|open|push|join|leave|upload|download)$/i;
const list = /^(?:list|all|search|index|query|find|get|fetch|page)$/;
const one = /^(?:retrieve|get|find|fetch|read|show|load|of|by)$/;
const make = /^(?:create|add|new|insert|post|send|register|make|generate|start)$/;
const change = /^(?:update|modify|edit|save|set|patch|put|replace)$/;
const drop = /^(?:delete|del|cancel|remove|destroy|detach|revoke|drop)$/;
/** What any of them does: a call that does another says that it is not this one. */
const any = new RegExp([list, one, make, change, drop].map((each) => each.source).join('|'));
const noResource = /^(?:api|v\d+(?:\.\d+)?|rest|beta|public|\d{4}-\d\d-\d\d)$/i;

/** @param segments undefined: a value */
export function resourceOf(segments: readonly (string | undefined)[], method: string | undefined): Resource | undefined {
  const plain = segments.map((segment) =>
    segment === undefined || isValue(segment) ? undefined : segment.replace(/\.(?:json|xml)$/, ''),
  );
  const words = plain.filter((segment): segment is string => segment !== undefined && !noResource.test(segment));
  const last = words[words.length - 1];
  if (last === undefined) return undefined;
  const rpc = /^([a-z][\w.]{2,60})\.([a-zA-Z]{3,40})$/.exec(last);
  if (rpc) {
    const [own] = wordsOf(rpc[2]);
    // `users.conversations` is asked for a list.
    const isList = own !== undefined && !acts.test(own) && !any.test(own);
    return { name: nounKey(rpc[isList ? 2 : 1]), does: isList ? list : doing(rpc[2]) };
  }
  const before = words[words.length - 2];
  if (acts.test(last) && before !== undefined) return { name: nounKey(before), does: doing(last) };
  const isOne = plain.length > 0 && plain[plain.length - 1] === undefined;
  const does =
    method === 'get' ? (isOne ? one : list) : method === 'delete' ? drop : method === 'post' && !isOne ? make : method && change;
  return does ? { name: nounKey(last), does } : undefined;
}

function doing(word: string): RegExp {
  const own = word.toLowerCase();
  if (own === 'info') return one;
  if (own === 'list') return list;
  return new RegExp(`^(?:${wordsOf(word)[0] ?? own}|${own})$`);
}

/** Words that SDKs put behind: `GetUserGroupsContext`, `listAsync`. */
const ends = /^(?:context|async|with|ctx|sync|request|command|pages?|paginator|all)$/;

/**
 * 1: the call does this to the resource; 0: it says nothing of it; -1: it does something else to it.
 * @param call with a receiver that has the chain before it
 */
export function fitOfSdk({ name, receiver }: Call, { name: resource, does }: Resource): number {
  const all = wordsOf(name).filter((word, i) => i === 0 || !ends.test(word));
  // `GetConversationsForUser`
  const cut = all.findIndex((word, i) => i > 0 && /^(?:for|by|with|of|in|from|to)$/.test(word));
  const said = cut < 0 ? all : all.slice(0, cut);
  const isName = (words: readonly string[]): boolean => [1, 2, 3].some((n) => nounKey(words.slice(-n).join('_')) === resource);
  // `client.subscriptions.list`, `Subscription.list`: of the receiver its last names count; `subscription.getId` is of one that is there.
  const on = receiver.split(/[.:>?!-]+/).filter((part) => part !== '');
  const last = on[on.length - 1] ?? '';
  const isOn = said.length === 1 && isName(wordsOf(last)) && (/^\p{Lu}|s$/u.test(last) || on.length > 2);
  if (!isOn && !(said.length > 1 && isName(said.slice(1)))) return 0;
  const verb = said.find((word) => does.test(word)) ?? said[0] ?? '';
  if (does.test(verb)) return 1;
  return any.test(said[0] ?? '') ? -1 : 0;
}
