/** Names of symbols as their providers write them, each in its own way: `(*Server).charge`, `Cart.add`, `charge(String)`, `add : void`. */

/** The name itself, without what is around it and behind it. */
export function lastName(name: string): string {
  return namesIn(name).at(-1) ?? '';
}

/** What is around the name, outermost first, and the name itself. */
export function namesIn(name: string): string[] {
  const receiver = /^\(\*?([^()]*)\)\.?/.exec(name);
  const rest = receiver ? name.slice(receiver[0].length) : name;
  // Parameters, a type, type parameters.
  const bare = rest.replace(/(?:\(|<|\s*:\s).*$/s, '').trim();
  const names = bare.split(/::|\.|\\/).filter((each) => each !== '');
  return receiver ? [receiver[1], ...names] : names;
}
